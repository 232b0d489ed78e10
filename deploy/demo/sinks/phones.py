"""An SMS centre (SMSC) with SMPP that keeps every text and sends delivery receipts."""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import smpp34

from deploy.demo.sinks.shelf import ReceivedMessage, ReceivedStore, now
from services.notification.domain.segments import GSM7, UCS2, decode_gsm7, measure_sms
from services.notification.outbound.tcp_nodelay import disable_nagle

TLV_RECEIPTED_MESSAGE_ID, TLV_MESSAGE_STATE, TLV_MESSAGE_PAYLOAD = 0x001E, 0x0427, 0x0424
UCS2_CODING, RECEIPT = 8, 4
STATES = {"DELIVRD": 2, "EXPIRED": 3, "UNDELIV": 5, "ACCEPTD": 6, "REJECTD": 8}


@dataclass(frozen=True, slots=True)
class Answer:
    """What to do with a text: refuse it with an SMPP status, hold it without an answer, or accept it.

    `receipt`: the state in the delivery receipt of an accepted text; None: no receipt.
    """

    refuse: int | None = None
    receipt: str | None = "DELIVRD"
    hold: bool = False


Behave = Callable[[str], Answer]


def deliver_all(_: str) -> Answer:
    """Accept and deliver every text."""
    return Answer()


class Phones:
    """The SMPP server for all phones. `behave`: the answer for a phone number."""

    def __init__(self, store: ReceivedStore, host: str, port: int, behave: Behave = deliver_all) -> None:
        self._store, self._behave = store, behave
        self._server, self._port = smpp34.Server(host=host, port=port, system_id="SINK"), port
        self._sessions: dict[str, smpp34.Esme] = {}
        self._unanswered: list[smpp34.SubmitSmEvent] = []
        self._sending: set[asyncio.Task[None]] = set()
        self._loop: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start to accept binds and texts."""
        await self._server.start()
        self._loop = asyncio.create_task(self._serve())

    async def stop(self) -> None:
        """Stop the server, and unbind its clients."""
        for session in list(self._sessions.values()):
            with suppress(Exception):
                async with asyncio.timeout(1):
                    await session.unbind()
        for task in (self._loop, *self._sending):
            if task is not None:
                task.cancel()
        await self._server.stop()

    async def _serve(self) -> None:
        while True:
            event = await asyncio.ensure_future(self._server.next())
            if isinstance(event, smpp34.Esme):
                self._sessions[event.session_id] = event
                disable_nagle(self._port)
            elif isinstance(event, smpp34.SubmitSmEvent):
                self._handle_submit(event)
            else:
                self._sessions.pop(event.session_id, None)

    def _handle_submit(self, event: smpp34.SubmitSmEvent) -> None:
        to = _number(event)
        answer = self._behave(to)
        if answer.refuse is not None:
            event.reject(answer.refuse)
            return
        if answer.hold:
            self._unanswered.append(event)
            return
        ref = secrets.token_hex(8)
        event.accept(ref)
        self._store.put(_received(event, to))
        if answer.receipt and event.registered_delivery & 1:
            task = asyncio.create_task(self._send_receipt(event, ref, answer))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def _send_receipt(self, event: smpp34.SubmitSmEvent, ref: str, answer: Answer) -> None:
        session = self._sessions.get(event.session_id)
        status = answer.receipt or ""
        with suppress(smpp34.SmppError):
            if session is not None:
                await session.deliver_sm(
                    event.source_addr,
                    f"id:{ref} sub:001 dlvrd:001 stat:{status} err:000".encode(),
                    source_addr=event.destination_addr,
                    esm_class=RECEIPT,
                    tlvs=[
                        smpp34.Tlv(TLV_RECEIPTED_MESSAGE_ID, ref.encode() + b"\0"),
                        smpp34.Tlv(TLV_MESSAGE_STATE, bytes([STATES.get(status, 7)])),
                    ],
                )


def _number(event: smpp34.SubmitSmEvent) -> str:
    return f"+{event.destination_addr}" if event.dest_addr_ton == 1 else event.destination_addr


def _received(event: smpp34.SubmitSmEvent, to: str) -> ReceivedMessage:
    payload = next((tlv.value for tlv in event.tlvs if tlv.tag == TLV_MESSAGE_PAYLOAD), None)
    octets = payload if payload is not None else event.short_message
    is_ucs2 = event.data_coding == UCS2_CODING
    text = octets.decode("utf-16-be", "replace") if is_ucs2 else decode_gsm7(octets)
    return ReceivedMessage(
        channel="sms",
        to=to,
        subject=None,
        text=text,
        at=now(),
        encoding=UCS2 if is_ucs2 else GSM7,
        segments=measure_sms(text).segments,
    )
