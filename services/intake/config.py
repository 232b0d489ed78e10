"""Intake's settings, from MOTCUA_* variables."""

import base64

from pydantic import Field, SecretStr, field_validator

from shared.web.settings import WebSettings

KEY_BYTES = 32


class Settings(WebSettings):
    """Where the databases and Kafka are, the key that seals, and where to answer."""

    service: str = "intake"
    database_url: SecretStr
    keyring_url: SecretStr
    master_key: SecretStr
    kafka: str
    topic_prefix: str = ""
    http_host: str = "127.0.0.1"
    http_port: int = 8001
    log: str = "auto"
    public_name: str = Field(default="hcc.example.vn", max_length=14)

    @field_validator("master_key")
    @classmethod
    def _is_a_key(cls, value: SecretStr) -> SecretStr:
        if len(base64.b64decode(value.get_secret_value(), validate=True)) != KEY_BYTES:
            raise ValueError("MOTCUA_MASTER_KEY must be 32 bytes in base64")
        return value

    @property
    def master_key_bytes(self) -> bytes:
        """The key itself."""
        return base64.b64decode(self.master_key.get_secret_value())
