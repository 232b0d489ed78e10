"""Email through one SMTP connection, many letters on it. What cannot be told from silence is unsure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import aiosmtplib

from services.notification.domain.message import (
    EMAIL,
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

    channel = EMAIL
    batch = 50

    def __init__(self, server: SmtpSettings) -> None:
        self._server = server
        self._smtp: aiosmtplib.SMTP | None = None

    async def ensure_connected(self) -> bool:
        """Connected, or connected now."""
        if self._smtp is not None and self._smtp.is_connected:
            return True
        return await self._connect()

    async def send(self, parcels: Sequence[OutgoingMessage]) -> Sequence[Outcome]:
        """Each letter and its answer."""
        return [await self._send(parcel) for parcel in parcels]

    async def close(self) -> None:
        """Say goodbye if anyone listens."""
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    async def _send(self, parcel: OutgoingMessage) -> Outcome:
        """Until DATA nothing can have arrived, so a dead connection is made again once and retried."""
        refusal = await self._address(parcel.words.to)
        if refusal is AWAY and await self._reconnect():
            refusal = await self._address(parcel.words.to)
        return refusal or await self._hand_over(parcel)

    async def _address(self, to: str) -> Outcome | None:
        smtp = self._smtp
        if smtp is None:
            return AWAY
        utf8 = [] if to.isascii() else ["SMTPUTF8"]
        try:
            await smtp.mail(self._server.sender, options=utf8, encoding="utf-8")
            await smtp.rcpt(to, encoding="utf-8")
        except aiosmtplib.SMTPResponseException as answer:
            await self._reset()
            return _by_code(answer.code)
        except (aiosmtplib.SMTPException, OSError):
            await self.close()
            return AWAY
        return None

    async def _hand_over(self, parcel: OutgoingMessage) -> Outcome:
        smtp = self._smtp
        if smtp is None:
            return AWAY
        try:
            await smtp.data(self._bytes(parcel.words, parcel))
        except aiosmtplib.SMTPResponseException as answer:
            await self._reset()
            return _by_code(answer.code)
        except (aiosmtplib.SMTPException, OSError) as lost:
            await self.close()
            return SendAmbiguous(f"mail_{type(lost).__name__}")
        return SendAccepted()

    def _bytes(self, words: RenderedMessage, parcel: OutgoingMessage) -> bytes:
        return build_email(parcel.id, words, self._server.sender).as_bytes()

    async def _connect(self) -> bool:
        server = self._server
        smtp = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            timeout=server.timeout_seconds,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            username=server.user or None,
            password=server.password or None,
        )
        try:
            await smtp.connect()
        except (aiosmtplib.SMTPException, OSError) as why:
            log.warning("carrier.away", channel=self.channel, error=type(why).__name__)
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


def _by_code(code: int) -> Outcome:
    """5xx is a no; 4xx (mailbox full, greylisting, closing down) is a not now."""
    return SendDeclined(f"smtp_{code}") if code >= 500 else SendDeferred(f"smtp_{code}")
