"""The carrier of each channel, made from the settings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from services.notification.config import NotificationSettings
from services.notification.domain.channels.console import CONSOLE
from services.notification.domain.channels.email import EMAIL
from services.notification.domain.channels.sms import SMS
from services.notification.outbound.console import ConsoleCarrier
from services.notification.outbound.smpp import OnReceipt, ReadDialect, SmppCarrier, SmscSettings
from services.notification.outbound.smtp import SmtpCarrier, SmtpSettings

AnyCarrier: TypeAlias = SmppCarrier | SmtpCarrier | ConsoleCarrier


@dataclass(frozen=True, slots=True)
class CarrierParts:
    """What carriers are made from: the settings, who takes receipts, and how the text centre writes."""

    settings: NotificationSettings
    on_receipt: OnReceipt
    dialect: ReadDialect


Build: TypeAlias = Callable[[CarrierParts], AnyCarrier]


def build_carriers(parts: CarrierParts) -> Sequence[AnyCarrier]:
    """One carrier for each channel that is switched on, not connected yet."""
    return [CARRIERS[name](parts) for name in parts.settings.channels]


def _smpp(parts: CarrierParts) -> SmppCarrier:
    settings = parts.settings
    centre = SmscSettings(
        host=settings.smpp_host,
        port=settings.smpp_port,
        system_id=settings.smpp_system_id,
        password=settings.smpp_password.get_secret_value(),
        source=settings.smpp_source,
        window=settings.smpp_window,
        timeout_seconds=settings.smpp_timeout_seconds,
    )
    return SmppCarrier(centre, parts.on_receipt, parts.dialect)


def _smtp(parts: CarrierParts) -> SmtpCarrier:
    settings = parts.settings
    server = SmtpSettings(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.mail_sender,
        security=settings.smtp_security,
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value(),
        timeout_seconds=settings.smtp_timeout_seconds,
    )
    return SmtpCarrier(server)


def _console(_: CarrierParts) -> ConsoleCarrier:
    return ConsoleCarrier()


CARRIERS: Mapping[str, Build] = {SMS.name: _smpp, EMAIL.name: _smtp, CONSOLE.name: _console}
