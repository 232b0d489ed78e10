"""Intake's settings, from MOTCUA_* variables."""

from pydantic import Field

from shared.service.settings import KeyringSettings


class IntakeSettings(KeyringSettings):
    """Settings of a service that encrypts; its public name must fit a text message."""

    service: str = "intake"
    http_port: int = 8001
    foreign_phones: bool = False
    """Whether citizens may give phone numbers of other countries, to which texts are dear."""
    public_name: str = Field(default="hcc.example.vn", max_length=14)
