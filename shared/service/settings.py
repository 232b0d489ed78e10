"""Settings that every service reads, from MOTCUA_* variables. A service's `config.py` adds its own."""

import base64

from pydantic import Field, SecretStr

from shared.web.settings import MasterKey, WebSettings


class ServiceSettings(WebSettings):
    """Addresses of database, Kafka and HTTP. A service gives `service` and `http_port` their values.

    `instance`: the permanent name of this process among those of one service. `schemas_url`: the address that
    `ce_dataschema` names to readers; empty: this service's own.
    """

    instance: str = "0"
    database_url: SecretStr
    kafka: str
    topic_prefix: str = ""
    schemas_url: str = ""
    http_host: str = "127.0.0.1"
    http_port: int
    log: str = "auto"
    blocked_seconds: float = Field(default=30.0, ge=0)
    """The process ends when its event loop did nothing for so many seconds; 0: never, for a debugger."""

    @property
    def schemas_address(self) -> str:
        """The address below which this service's schemas are served."""
        return self.schemas_url.rstrip("/") or f"{self.own_url}/schemas"


class KeyringSettings(ServiceSettings):
    """Settings of a service that encrypts personal data: the keyring's database and its master key."""

    keyring_url: SecretStr
    master_key: MasterKey

    @property
    def master_key_bytes(self) -> bytes:
        """The decoded master key."""
        return base64.b64decode(self.master_key.get_secret_value())
