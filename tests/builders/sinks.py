"""Carriers as the tests need them: real sinks on free ports, willing or not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from deploy.demo.sinks import mailbox
from deploy.demo.sinks.mailbox import Answer as MailAnswer
from deploy.demo.sinks.mailbox import take_all
from deploy.demo.sinks.phones import Behave, Phones, deliver_all
from deploy.demo.sinks.shelf import ReceivedStore
from deploy.local.ports import free_port
from services.notification.domain.carrier_dialect import CarrierDialect, decode_dialect
from services.notification.domain.delivery_receipt import RawReceipt
from services.notification.outbound.smpp import OnReceipt, SmppCarrier, SmscSettings
from services.notification.outbound.smtp import SmtpCarrier, SmtpSettings
from tests.builders.catalogue import items

HOST = "127.0.0.1"


def dialect(name: str) -> CarrierDialect:
    """A carrier of the catalogue."""
    found = decode_dialect(items()["carriers"], name)
    assert found is not None
    return found


STANDARD = dialect("standard")


def taking(receipts: list[RawReceipt]) -> OnReceipt:
    """Put receipts into this list."""

    async def take(receipt: RawReceipt) -> None:
        receipts.append(receipt)

    return take


@dataclass
class TextLine:
    """A text centre, what it got, our bind to it, and the receipts that came back."""

    shelf: ReceivedStore
    phones: Phones
    carrier: SmppCarrier
    receipts: list[RawReceipt]
    port: int


@asynccontextmanager
async def text_line(behave: Behave = deliver_all, *, seconds: float = 5.0) -> AsyncIterator[TextLine]:
    """A real SMPP server with a carrier of ours for it."""
    shelf, port, receipts = ReceivedStore(), free_port(), list[RawReceipt]()
    phones = Phones(shelf, HOST, port, behave)
    await phones.start()
    centre = SmscSettings(HOST, port, "motcua", "secret", timeout_seconds=seconds)
    carrier = SmppCarrier(centre, taking(receipts), lambda: STANDARD)
    try:
        yield TextLine(shelf, phones, carrier, receipts, port)
    finally:
        await carrier.close()
        await phones.stop()


@dataclass
class MailLine:
    """A mail server, what it got, and our carrier for it."""

    shelf: ReceivedStore
    server: asyncio.Server
    carrier: SmtpCarrier
    port: int


@asynccontextmanager
async def mail_line(answer: MailAnswer = take_all, *, seconds: float = 5.0) -> AsyncIterator[MailLine]:
    """A real SMTP server with a carrier of ours for it."""
    shelf, port = ReceivedStore(), free_port()
    server = await mailbox.listen(shelf, HOST, port, answer)
    sender = SmtpSettings(HOST, port, "khong-tra-loi@hcc.example.vn", timeout_seconds=seconds)
    carrier = SmtpCarrier(sender)
    try:
        yield MailLine(shelf, server, carrier, port)
    finally:
        await carrier.close()
        server.close()
