"""Routing's settings, from MOTCUA_* variables."""

from pathlib import Path

from pydantic import field_validator

from shared.service.settings import ServiceSettings


class RoutingSettings(ServiceSettings):
    """Settings of every service, and those of routing."""

    service: str = "routing"
    http_port: int = 8002
    catalogue_dir: Path = Path("deploy/catalogue")
    first_sweep_seconds: float = 60.0
    """The longest time that the first deadlines wait for the backlog of the topics to be read."""

    @field_validator("catalogue_dir")
    @classmethod
    def _is_a_folder(cls, path: Path) -> Path:
        if not path.is_dir():
            raise ValueError(f"{path} is no folder; it holds what `motcua catalogue check` reads")
        return path
