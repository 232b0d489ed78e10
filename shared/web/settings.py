"""The settings every service's HTTP side shares, read from MOTCUA_* variables."""

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

OPERATOR_OFFICE = "PASC"


class WebSettings(BaseSettings):
    """Where the pages live, who lets officers in, and the words of the footer."""

    model_config = SettingsConfigDict(env_prefix="MOTCUA_", extra="ignore", frozen=True)

    service: str
    intake_url: str = "http://127.0.0.1:8001"
    routing_url: str = "http://127.0.0.1:8002"
    notification_url: str = "http://127.0.0.1:8003"
    sinks_url: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = "motcua"
    oidc_client_secret: SecretStr = SecretStr("local")
    officers: Path | None = None
    credentials: Path | None = None
    hotline: str = "19001009"
    public_name: str = "hcc.example.vn"
    queue_places: int = 2000
    """About what a service takes in two seconds; each place costs its request's body."""
    queue_seconds: float = 3.0

    @property
    def own_url(self) -> str:
        """This service's address as a browser sees it."""
        return {
            "intake": self.intake_url,
            "routing": self.routing_url,
            "notification": self.notification_url,
        }[self.service].rstrip("/")

    @property
    def secure(self) -> bool:
        """Cookies are marked Secure wherever pages are served over TLS."""
        return self.own_url.startswith("https://")

    @property
    def issuer_origin(self) -> str:
        """Scheme and host of the issuer: the one foreign origin a form may post to."""
        parts = urlsplit(self.oidc_issuer)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
