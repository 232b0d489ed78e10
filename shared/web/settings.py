"""Settings of the HTTP side that all services share, from MOTCUA_* variables."""

import base64
import sys
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.security.api_keys import ApiKeys, InvalidCredential

WRONG_USAGE = 2
KEY_BYTES = 32


def _is_a_key(value: SecretStr) -> SecretStr:
    try:
        size = len(base64.b64decode(value.get_secret_value(), validate=True))
    except ValueError:
        size = 0
    if size != KEY_BYTES:
        raise ValueError("must be 32 bytes in base64; `openssl rand -base64 32` makes some")
    return value


MasterKey = Annotated[SecretStr, AfterValidator(_is_a_key)]


class WebSettings(BaseSettings):
    """Addresses of the services, the issuer of logins, the footer's texts, and limits of load."""

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
    """About as many requests as a service serves in two seconds. Each place costs the memory of a body."""
    queue_seconds: float = 3.0
    head_seconds: float = Field(default=10.0, gt=0)
    """How long the request line and the headers of a request may take to arrive."""
    body_seconds: float = Field(default=20.0, gt=0)
    """How long the body of a usual route may take to arrive; some routes allow several times as long."""
    trusted_proxies: str = ""
    """Addresses and networks of our own proxies, by comma: only their `X-Forwarded-For` names the caller."""
    stuck_seconds: float = 10.0
    """How long a subscription may make no progress before readiness and the board report it."""

    @field_validator("credentials")
    @classmethod
    def _holds_keys(cls, path: Path | None) -> Path | None:
        try:
            if path is not None:
                ApiKeys.load(path)
        except OSError as error:
            raise ValueError(f"{path} cannot be read: {error.strerror}") from None
        except InvalidCredential as error:
            raise ValueError(f"{path}: {error}") from None
        except (ValueError, TypeError, KeyError):
            raise ValueError(f"{path} is no list of credentials; `motcua up` writes one") from None
        return path

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        for name in split_names(value):
            try:
                ip_network(name)
            except ValueError:
                raise ValueError(
                    f"{name!r} is no address or network; write them as 10.0.0.7,10.1.0.0/16"
                ) from None
        return value

    @property
    def trusted_proxy_names(self) -> list[str]:
        """The addresses and networks of `trusted_proxies`."""
        return split_names(self.trusted_proxies)

    @property
    def own_url(self) -> str:
        """This service's address as a browser sees it: the setting `<service>_url`."""
        url: str = getattr(self, f"{self.service}_url")
        return url.rstrip("/")

    @property
    def secure(self) -> bool:
        """Cookies are marked Secure wherever pages are served over TLS."""
        return self.own_url.startswith("https://")

    @property
    def issuer_origin(self) -> str:
        """Scheme and host of the issuer: the only other origin to which a form may post."""
        parts = urlsplit(self.oidc_issuer)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def split_names(value: str) -> list[str]:
    """The names in a list with commas."""
    return [name.strip() for name in value.split(",") if name.strip()]


S = TypeVar("S", bound=BaseSettings)


def from_environment(kind: type[S]) -> S:
    """A service's settings. Exits with status 2 and one line per invalid variable, without its value."""
    try:
        return kind()
    except ValidationError as error:
        lines = [_line(error["loc"], error["type"], error["msg"]) for error in error.errors()]
        sys.stderr.write("".join(f"{line}\n" for line in lines))
        raise SystemExit(WRONG_USAGE) from None


def _line(place: tuple[int | str, ...], kind: str, message: str) -> str:
    """`MOTCUA_X: remedy`; a message about several settings together (no place) names them itself."""
    message = message.removeprefix("Value error, ")
    if not place:
        return message
    name = "_".join(["MOTCUA", *(str(part) for part in place)]).upper()
    if kind == "missing":
        message = "is not set; docs/running.md says what it means"
    return f"{name}: {message.removeprefix(f'{name} ')}"
