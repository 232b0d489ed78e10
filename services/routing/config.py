"""Routing's settings, from MOTCUA_* variables."""

from pathlib import Path

from pydantic import SecretStr, field_validator

from shared.web.settings import WebSettings


class RoutingSettings(WebSettings):
    """Addresses of database, Kafka and HTTP, and the catalogue's folder.

    `instance`: the lasting name of this process among those that share routing's work.
    """

    service: str = "routing"
    instance: str = "0"
    database_url: SecretStr
    kafka: str
    topic_prefix: str = ""
    http_host: str = "127.0.0.1"
    http_port: int = 8002
    catalogue_dir: Path = Path("deploy/catalogue")
    log: str = "auto"
    first_sweep_seconds: float = 60.0
    """How long the first deadlines wait, at most, for the backlog of the topics."""

    @field_validator("catalogue_dir")
    @classmethod
    def _is_a_folder(cls, path: Path) -> Path:
        if not path.is_dir():
            raise ValueError(f"{path} is no folder; it holds what `motcua catalogue check` reads")
        return path
