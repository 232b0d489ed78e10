"""Intake's settings, from MOTCUA_* variables."""

import base64

from pydantic import Field, SecretStr

from shared.web.settings import MasterKey, WebSettings


class IntakeSettings(WebSettings):
    """Addresses of databases and Kafka, the master key, and the address to serve."""

    service: str = "intake"
    database_url: SecretStr
    keyring_url: SecretStr
    master_key: MasterKey
    kafka: str
    topic_prefix: str = ""
    http_host: str = "127.0.0.1"
    http_port: int = 8001
    log: str = "auto"
    public_name: str = Field(default="hcc.example.vn", max_length=14)

    @property
    def master_key_bytes(self) -> bytes:
        """The decoded master key."""
        return base64.b64decode(self.master_key.get_secret_value())
