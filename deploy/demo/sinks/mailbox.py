"""An SMTP server that keeps every mail."""

import asyncio
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.demo.sinks.shelf import ReceivedMessage, ReceivedStore, now

Answer = Callable[[str], str]
"""The answer to RCPT for an address. Tests replace it to refuse addresses."""


def take_all(_: str) -> str:
    """Accept every address."""
    return "250 OK"


class Mailbox:
    """The handler of aiosmtpd."""

    def __init__(self, store: ReceivedStore, answer: Answer = take_all) -> None:
        self._store, self._answer = store, answer

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's own name)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answer RCPT, and add the address if it was accepted."""
        answer = self._answer(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Store the mail for each of its addresses."""
        content = envelope.content or b""
        mail = message_from_bytes(content if isinstance(content, bytes) else content.encode(), policy=default)
        for address in envelope.rcpt_tos:
            self._store.put(_received(mail, address))
        return "250 kept"


async def listen(store: ReceivedStore, host: str, port: int, answer: Answer = take_all) -> asyncio.Server:
    """Start the server. It accepts mail until it is closed."""
    handler = Mailbox(store, answer)
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: SMTP(handler, enable_SMTPUTF8=True, loop=loop), host, port)


def _received(mail: EmailMessage, address: str) -> ReceivedMessage:
    return ReceivedMessage(
        channel="email",
        to=address,
        subject=str(mail["Subject"] or ""),
        text=_part(mail, "plain") or "",
        at=now(),
        html=_part(mail, "html"),
    )


def _part(mail: EmailMessage, kind: str) -> str | None:
    part: Any = mail.get_body((kind,))
    return part.get_content().replace("\r\n", "\n") if part is not None else None
