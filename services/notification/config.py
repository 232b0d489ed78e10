"""Settings of notification, all from MOTCUA_* variables."""

from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode

from services.notification.domain.channels.registry import ALWAYS_ON, CHANNELS
from services.notification.domain.templates import SenderIdentity
from shared.service.settings import KeyringSettings

LONGEST_PUBLIC_NAME = 14
"""A text with a longer one would need a second segment."""


class NotificationSettings(KeyringSettings):
    """Settings of every service that seals; the channels, and the servers behind them."""

    service: str = "notification"
    http_port: int = 8003

    channels: Annotated[tuple[str, ...], NoDecode] = ALWAYS_ON
    """The channels that are switched on, written `sms,email`."""

    smtp_host: str = "127.0.0.1"
    smtp_port: int = 8025
    smtp_security: Literal["none", "starttls", "tls"] = "none"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_timeout_seconds: float = 15.0
    mail_from: str = ""

    smpp_host: str = "127.0.0.1"
    smpp_port: int = 2775
    smpp_system_id: str = "motcua"
    smpp_password: SecretStr = SecretStr("secret")
    smpp_carrier: str = "standard"
    """Which of the catalogue's `carriers` the text centre is."""
    smpp_source: str = Field(default="MOTCUA", max_length=11)
    smpp_window: int = Field(default=10, ge=1, le=100)
    smpp_timeout_seconds: float = 15.0

    @field_validator("channels", mode="before")
    @classmethod
    def _split_channels(cls, names: str | tuple[str, ...]) -> tuple[str, ...]:
        if isinstance(names, tuple):
            return names
        return tuple(name.strip() for name in names.split(",") if name.strip())

    @field_validator("channels")
    @classmethod
    def _check_channels(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if not names or not set(names) <= set(CHANNELS) or len(set(names)) < len(names):
            channels = ", ".join(CHANNELS)
            raise ValueError(f"MOTCUA_CHANNELS takes {channels}, each once at most, with commas")
        return names

    @model_validator(mode="after")
    def _keep_trials_local(self) -> Self:
        for name in self.channels:
            if CHANNELS[name].local_only and self.secure:
                raise ValueError(
                    f"MOTCUA_CHANNELS: {name} shows what citizens read to whoever reads the log; "
                    "leave it out where pages are served over https"
                )
        return self

    @field_validator("public_name")
    @classmethod
    def _short_enough(cls, name: str) -> str:
        if len(name) > LONGEST_PUBLIC_NAME:
            raise ValueError(
                f"MOTCUA_PUBLIC_NAME has {len(name)} characters, at most {LONGEST_PUBLIC_NAME} fit a text"
            )
        return name

    @property
    def sender(self) -> SenderIdentity:
        """What is the same in every text."""
        return SenderIdentity(self.public_name, self.hotline)

    @property
    def mail_sender(self) -> str:
        """The address letters come from; nobody reads what is sent there."""
        return self.mail_from or f"khong-tra-loi@{self.public_name}"
