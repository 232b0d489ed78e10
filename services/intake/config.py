"""Intake's settings, from MOTCUA_* variables."""

from pydantic import Field

from shared.service.settings import KeyringSettings


class IntakeSettings(KeyringSettings):
    """Settings of every service that seals; and a public name that fits a text."""

    service: str = "intake"
    http_port: int = 8001
    public_name: str = Field(default="hcc.example.vn", max_length=14)
