"""Texts through one SMPP bind: a window of submissions in flight, receipts as they come.

A refusal is an answer; a lost or frozen link is silence, and silence after a submission is unsure.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

import smpp34

from services.notification.domain.channels.sms import SMS
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
from services.notification.outbound.receipt import parse_receipt
from services.notification.outbound.tcp_nodelay import disable_nagle
from shared.observability.logs import get_logger

log = get_logger(__name__)
AWAY = SendDeferred("text_centre_away", refused=False)
DEFAULT_ALPHABET, UCS2_CODING = 0, 8
INTERNATIONAL, E164, ALPHANUMERIC = 1, 1, 5
LONGEST_SHORT_MESSAGE = 254
TLV_MESSAGE_PAYLOAD = 0x0424
SYSTEM_ERROR, QUEUE_FULL, THROTTLED = 0x08, 0x14, 0x58
BUSY = frozenset({SYSTEM_ERROR, QUEUE_FULL, THROTTLED})

OnReceipt = Callable[[str, str], None]


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
    """One SMPP bind, renewed after a failure."""

    channel = SMS.name
    batch = 100

    def __init__(self, settings: SmscSettings, on_receipt: OnReceipt) -> None:
        self._settings = settings
        self._on_receipt = on_receipt
        self._client: smpp34.Client | None = None
        self._smsc: smpp34.Smsc | None = None
        self._listener: asyncio.Task[None] | None = None

    async def ensure_connected(self) -> bool:
        """Bind if the connection is down; False while the text centre is away."""
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
        """Unbind and close the connection."""
        smsc = self._smsc
        if smsc is not None:
            with suppress(Exception):
                async with asyncio.timeout(1):
                    await smsc.unbind()
        await self._drop()

    async def _send(self, message: OutgoingMessage) -> Outcome:
        smsc = self._smsc
        if smsc is None:
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
        return _outcome(response)

    async def _bind(self) -> bool:
        settings = self._settings
        client = smpp34.Client(
            settings.host,
            settings.port,
            settings.system_id,
            settings.password,
            bind_type="TRX",
            window_size=settings.window,
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
        while True:
            event = await asyncio.ensure_future(smsc.next())
            if isinstance(event, smpp34.Disconnected):
                break
            receipt = parse_receipt(event)
            if receipt is not None:
                self._on_receipt(*receipt)
        if self._smsc is smsc:
            log.warning("carrier.link_lost", channel=self.channel)
            self._smsc = None

    async def _drop(self) -> None:
        client, listener = self._client, self._listener
        self._client = self._smsc = self._listener = None
        if listener is not None:
            listener.cancel()
        if client is not None:
            with suppress(Exception):
                async with asyncio.timeout(1):
                    await client.stop()


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


def _outcome(response: smpp34.SubmitSmResp) -> Outcome:
    if response.is_success:
        return SendAccepted(response.message_id)
    if response.command_status in BUSY:
        return SendDeferred(f"smpp_{response.command_status:#x}")
    return SendDeclined(f"smpp_{response.command_status:#x}")
