"""Settings of the sinks."""

from pathlib import Path

from pydantic import AliasChoices, Field
from pydantic_settings import SettingsConfigDict

from shared.web.settings import WebSettings


class SinkSettings(WebSettings):
    """Settings from MOTCUA_* variables, with those of the services' web pages."""

    model_config = SettingsConfigDict(
        env_prefix="MOTCUA_", extra="ignore", frozen=True, populate_by_name=True
    )

    service: str = "sinks"
    http_host: str = "127.0.0.1"
    http_port: int = Field(
        default=8004, validation_alias=AliasChoices("MOTCUA_SINKS_HTTP_PORT", "MOTCUA_HTTP_PORT")
    )
    smtp_port: int = 8025
    smpp_port: int = 2775
    home: Path = Path(".motcua")
    log: str = "auto"

    @property
    def own_url(self) -> str:
        """The URL of the sinks' page for browsers."""
        return self.sinks_url.rstrip("/") or f"http://{self.http_host}:{self.http_port}"

    @property
    def file(self) -> Path:
        """The file with one received message per line, kept over a restart."""
        return self.home / "private" / "sinks.jsonl"
