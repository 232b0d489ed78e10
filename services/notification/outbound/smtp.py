"""Email through one SMTP connection, many letters on it. What cannot be told from silence is unsure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import aiosmtplib

from services.notification.domain.channels.email import EMAIL
from services.notification.domain.message import (
    Outcome,
    SendAccepted,
    SendAmbiguous,
    SendDeclined,
    SendDeferred,
)
from services.notification.domain.rendered_message import RenderedMessage
from services.notification.outbound.mail import build_email
from services.notification.outbound.outgoing_message import OutgoingMessage
from shared.observability.logs import get_logger

log = get_logger(__name__)
AWAY = SendDeferred("mail_server_away", refused=False)


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """Where letters are handed over, and as whom."""

    host: str
    port: int
    sender: str
    security: Literal["none", "starttls", "tls"] = "none"
    user: str = ""
    password: str = ""
    timeout_seconds: float = 15.0


class SmtpCarrier:
    """Letters one after another on a connection that is kept and made again when it broke."""

    channel = EMAIL.name
    batch = 50

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._smtp: aiosmtplib.SMTP | None = None

    async def ensure_connected(self) -> bool:
        """Connect if the connection is down; False while the mail server is away."""
        if self._smtp is not None and self._smtp.is_connected:
            return True
        return await self._connect()

    async def send(self, messages: Sequence[OutgoingMessage]) -> Sequence[Outcome]:
        """Each letter and its answer."""
        return [await self._send(message) for message in messages]

    async def close(self) -> None:
        """Close the connection."""
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    async def _send(self, message: OutgoingMessage) -> Outcome:
        """Until DATA nothing can have arrived, so a dead connection is made again once and retried."""
        refusal = await self._address(message.content.to)
        if refusal is AWAY and await self._reconnect():
            refusal = await self._address(message.content.to)
        return refusal or await self._hand_over(message)

    async def _address(self, to: str) -> Outcome | None:
        smtp = self._smtp
        if smtp is None:
            return AWAY
        options = [] if to.isascii() else ["SMTPUTF8"]
        try:
            await smtp.mail(self._settings.sender, options=options, encoding="utf-8")
            await smtp.rcpt(to, encoding="utf-8")
        except aiosmtplib.SMTPResponseException as response:
            await self._reset()
            return _outcome_of_code(response.code)
        except (aiosmtplib.SMTPException, OSError):
            await self.close()
            return AWAY
        return None

    async def _hand_over(self, message: OutgoingMessage) -> Outcome:
        smtp = self._smtp
        if smtp is None:
            return AWAY
        try:
            await smtp.data(self._bytes(message.content, message))
        except aiosmtplib.SMTPResponseException as response:
            await self._reset()
            return _outcome_of_code(response.code)
        except (aiosmtplib.SMTPException, OSError) as error:
            await self.close()
            return SendAmbiguous(f"mail_{type(error).__name__}")
        return SendAccepted()

    def _bytes(self, content: RenderedMessage, message: OutgoingMessage) -> bytes:
        return build_email(message.id, content, self._settings.sender).as_bytes()

    async def _connect(self) -> bool:
        settings = self._settings
        smtp = aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            timeout=settings.timeout_seconds,
            use_tls=settings.security == "tls",
            start_tls=settings.security == "starttls",
            username=settings.user or None,
            password=settings.password or None,
        )
        try:
            await smtp.connect()
        except (aiosmtplib.SMTPException, OSError) as error:
            log.warning("carrier.away", channel=self.channel, error=type(error).__name__)
            return False
        self._smtp = smtp
        return True

    async def _reconnect(self) -> bool:
        await self.close()
        return await self._connect()

    async def _reset(self) -> None:
        """After a refusal the next letter starts clean; a connection that cannot is thrown away."""
        try:
            if self._smtp is not None:
                await self._smtp.rset()
        except (aiosmtplib.SMTPException, OSError):
            await self.close()


def _outcome_of_code(code: int) -> Outcome:
    """5xx is a no; 4xx (mailbox full, greylisting, closing down) is a not now."""
    return SendDeclined(f"smtp_{code}") if code >= 500 else SendDeferred(f"smtp_{code}")
