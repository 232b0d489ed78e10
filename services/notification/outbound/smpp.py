"""Texts through one SMPP bind: a window of submissions in flight, receipts as they come.

A refusal is an answer; a lost or frozen link is silence, and silence after a submission is unsure.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

import smpp34

from services.notification.domain.carrier_dialect import CarrierDialect
from services.notification.domain.channels.sms import SMS
from services.notification.domain.delivery_receipt import RawReceipt
from services.notification.domain.message import (
    Outcome,
    SendAccepted,
    SendAmbiguous,
    SendDeclined,
    SendDeferred,
)
from services.notification.domain.rendered_message import RenderedMessage
from services.notification.domain.segments import GSM7, encode_sms
from services.notification.outbound.outgoing_message import OutgoingMessage
from services.notification.outbound.receipt import receipt_of
from services.notification.outbound.tcp_nodelay import disable_nagle
from shared.observability.logs import get_logger

log = get_logger(__name__)
AWAY = SendDeferred("text_centre_away", refused=False)
DEFAULT_ALPHABET, UCS2_CODING = 0, 8
INTERNATIONAL, E164, ALPHANUMERIC = 1, 1, 5
LONGEST_SHORT_MESSAGE = 254
TLV_MESSAGE_PAYLOAD = 0x0424
ACKNOWLEDGED_AHEAD = 500
"""Receipts that the client library acknowledges before we take them; it refuses further ones until we do
(ESME_RMSGQFUL), and the centre sends those again.
"""
OVERTAKEN_SECONDS = 0.3
LAST_RECEIPTS_SECONDS = 2.0
"""How long to listen for receipts that came before the end of a link."""

OnReceipt = Callable[[RawReceipt], Awaitable[None]]
ReadDialect = Callable[[], CarrierDialect | None]


@dataclass(frozen=True, slots=True)
class SmscSettings:
    """Where texts are handed over, and as whom."""

    host: str
    port: int
    system_id: str
    password: str
    source: str = "MOTCUA"
    window: int = 10
    timeout_seconds: float = 15.0


class SmppCarrier:
    """One SMPP bind, renewed after a failure. Away until `dialect` says how this centre writes."""

    channel = SMS.name
    batch = 100

    def __init__(self, settings: SmscSettings, on_receipt: OnReceipt, dialect: ReadDialect) -> None:
        self._settings = settings
        self._on_receipt, self._dialect = on_receipt, dialect
        self._client: smpp34.Client | None = None
        self._smsc: smpp34.Smsc | None = None
        self._listener: asyncio.Task[None] | None = None

    async def ensure_connected(self) -> bool:
        """Bind if the connection is down; False while the text centre is away."""
        if self._dialect() is None:
            return False
        return self._smsc is not None or await self._bind()

    async def send(self, messages: Sequence[OutgoingMessage]) -> Sequence[Outcome]:
        """Each text and its answer: a window of phones at once, but one phone's texts in their order."""
        outcomes: dict[UUID, Outcome] = {}
        phones: dict[str, list[OutgoingMessage]] = {}
        for message in messages:
            phones.setdefault(message.content.to, []).append(message)

        queues = iter(phones.values())

        async def send_in_turn() -> None:
            for texts in queues:
                for text in texts:
                    outcomes[text.id] = await self._send(text)

        await asyncio.gather(*(send_in_turn() for _ in range(min(self._settings.window, len(phones)))))
        return [outcomes[message.id] for message in messages]

    async def close(self) -> None:
        """Unbind, hand on the receipts that came before the end, and close the connection."""
        smsc = self._smsc
        if smsc is not None:
            with suppress(Exception):
                async with asyncio.timeout(1):
                    await smsc.unbind()
        await self._drop()

    async def _send(self, message: OutgoingMessage) -> Outcome:
        smsc, dialect = self._smsc, self._dialect()
        if smsc is None or dialect is None:
            return AWAY
        try:
            async with asyncio.timeout(self._settings.timeout_seconds):
                response = await _submit(smsc, message.content, self._settings.source)
        except TimeoutError:
            await self._drop()
            return SendAmbiguous("sms_no_answer")
        except smpp34.SmppError:
            await self._drop()
            return SendAmbiguous("sms_link_lost")
        return _outcome(response, dialect)

    async def _bind(self) -> bool:
        settings = self._settings
        client = smpp34.Client(
            settings.host,
            settings.port,
            settings.system_id,
            settings.password,
            bind_type="TRX",
            window_size=settings.window,
            inbound_capacity=ACKNOWLEDGED_AHEAD,
            connect_timeout_ms=2000,
        )
        try:
            async with asyncio.timeout(settings.timeout_seconds):
                smsc = await client.connect()
        except (TimeoutError, smpp34.SmppError, OSError) as error:
            log.warning("carrier.away", channel=self.channel, error=type(error).__name__)
            return False
        disable_nagle(settings.port)
        self._client, self._smsc = client, smsc
        self._listener = asyncio.create_task(self._listen(smsc))
        return True

    async def _listen(self, smsc: smpp34.Smsc) -> None:
        """Hand on receipts until the link ends; the next batch binds anew."""
        while not isinstance(event := await asyncio.ensure_future(smsc.next()), smpp34.Disconnected):
            await self._take(event)
        if self._smsc is smsc:
            log.warning("carrier.link_lost", channel=self.channel)
            self._smsc = None
        await self._take_overtaken(smsc)

    async def _take_overtaken(self, smsc: smpp34.Smsc) -> None:
        """Hand on receipts that came before the end of the link: the library may tell of the end first."""
        with suppress(TimeoutError, smpp34.SmppError):
            async with asyncio.timeout(OVERTAKEN_SECONDS):
                while not isinstance(event := await asyncio.ensure_future(smsc.next()), smpp34.Disconnected):
                    await self._take(event)

    async def _take(self, event: smpp34.DeliverSmEvent) -> None:
        try:
            receipt = receipt_of(event)
        except Exception as error:  # no deliver_sm may end the listening
            log.warning("receipt.unreadable", channel=self.channel, error=type(error).__name__)
            return
        if receipt is not None:
            await self._on_receipt(receipt)

    async def _drop(self) -> None:
        """Close the connection. Receipts that the library has acknowledged are still handed on."""
        client, listener = self._client, self._listener
        self._client = self._smsc = self._listener = None
        if client is not None:
            with suppress(Exception):
                async with asyncio.timeout(1):
                    await client.stop()
        if listener is not None:
            await asyncio.wait([listener], timeout=LAST_RECEIPTS_SECONDS)
            listener.cancel()


async def _submit(smsc: smpp34.Smsc, content: RenderedMessage, source: str) -> smpp34.SubmitSmResp:
    encoding, octets = encode_sms(content.text)
    is_long = len(octets) > LONGEST_SHORT_MESSAGE
    return await smsc.submit_sm(
        content.to.removeprefix("+"),
        b"" if is_long else octets,
        source_addr=source,
        source_addr_ton=ALPHANUMERIC,
        dest_addr_ton=INTERNATIONAL,
        dest_addr_npi=E164,
        data_coding=DEFAULT_ALPHABET if encoding == GSM7 else UCS2_CODING,
        registered_delivery=1,
        tlvs=[smpp34.Tlv(TLV_MESSAGE_PAYLOAD, octets)] if is_long else [],
    )


def _outcome(response: smpp34.SubmitSmResp, dialect: CarrierDialect) -> Outcome:
    """What the centre answered. A refusal that the catalogue does not list is tried again, as a last
    resort eight times: the text was not taken.
    """
    if response.is_success:
        return SendAccepted(response.message_id)
    status = response.command_status
    refusal = dialect.refusal(status)
    if refusal == "permanent":
        return SendDeclined(f"smpp_{status:#x}")
    if refusal is None:
        log.warning("carrier.refusal_unknown", carrier=dialect.name, status=f"{status:#x}")
    return SendDeferred(f"smpp_{status:#x}")
