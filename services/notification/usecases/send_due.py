"""Sending: take a batch and commit, speak to the carrier, write down what it said. Never twice in silence.

A batch marked `sending` is on record before the first byte leaves. If this process dies in between, its lease
(an advisory lock) falls free, and whoever comes next marks those messages ambiguous for a person to look at.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from typing import Protocol, TypeAlias, TypeVar
from uuid import UUID

import asyncpg

from services.notification.domain import message as rules
from services.notification.domain.expiry import suppression_reason
from services.notification.domain.message import MessageState, MessageStatus, Outcome
from services.notification.domain.rendered_message import RenderedMessage
from services.notification.outbound.outgoing_message import OutgoingMessage
from services.notification.store import messages
from services.notification.store.messages import Message
from services.notification.usecases.message_encryption import decrypt_message
from services.notification.usecases.publish_transitions import MessageTransition, publish_transitions
from services.notification.usecases.record_receipts import Receipt
from shared.db.transaction import Tx, city_now, transaction
from shared.messaging.faults import is_transient, retry_delays
from shared.observability.logs import get_logger
from shared.security.keyring import Keyring
from shared.security.seal import DecryptionFailed

log = get_logger(__name__)
T = TypeVar("T")
CRASHED = "the_sender_stopped_before_the_answer"
BROKEN_SEAL = "the_words_do_not_open"


Came: TypeAlias = Callable[[Collection[str]], Sequence[Receipt]]
"""The receipts of these references that came in already; whoever asks has them to tell."""


def no_receipts(_: Collection[str]) -> Sequence[Receipt]:
    """This carrier gives no receipts."""
    return ()


class Carrier(Protocol):
    """A machine that carries our words."""

    @property
    def channel(self) -> str:
        """`sms` or `email`."""
        ...

    @property
    def batch(self) -> int:
        """How many messages to take at once."""
        ...

    async def ensure_connected(self) -> bool:
        """Connected, or just connected; False while it is away. Nothing is taken for sending until it is."""
        ...

    async def send(self, parcels: Sequence[OutgoingMessage]) -> Sequence[Outcome]:
        """Send each, answer each; never raises for a single message."""
        ...


async def send_due(
    pool: asyncpg.Pool, keyring: Keyring, carrier: Carrier, lease: int, came: Came = no_receipts
) -> int:
    """One batch of what is due on this carrier's channel; how many were taken."""
    if not await _any_due(pool, carrier.channel) or not await carrier.ensure_connected():
        return 0
    taken, at = await _take(pool, carrier, lease)
    if not taken:
        return 0
    standings = _with_receipts(await _send(keyring, carrier, taken, at), came)
    await _surely(lambda: record_attempts(pool, taken, standings))
    return len(taken)


async def _take(pool: asyncpg.Pool, carrier: Carrier, lease: int) -> tuple[list[Message], datetime]:
    """Mark a batch `sending`, and the city's time of that.

    A commit may fail and yet have happened: then the batch is put back, unsent.
    """
    taken: list[Message] = []
    try:
        async with transaction(pool) as tx:
            taken = await messages.claim_due(tx, carrier.channel, lease, carrier.batch)
            at = await city_now(tx)
    except Exception:
        if taken:
            await _surely(lambda: _put_back(pool, taken, lease))
        raise
    return taken, at


async def _put_back(pool: asyncpg.Pool, taken: Sequence[Message], lease: int) -> None:
    async with transaction(pool) as tx:
        await messages.release_unsent(tx, [message.id for message in taken], lease)


async def _surely(act: Callable[[], Awaitable[T]]) -> T:
    """What became of a batch is known to this process alone: insist, however long the database is away."""
    for pause in retry_delays():
        try:
            return await act()
        except Exception as why:
            if not is_transient(why):
                raise
            log.warning("message.result_waits", error=type(why).__name__)
        await asyncio.sleep(pause)
    raise AssertionError("pauses never end")


async def record_attempts(
    pool: asyncpg.Pool, taken: Sequence[Message], standings: dict[UUID, MessageStatus]
) -> None:
    """What the carrier said, in one transaction: rows, audit lines and events for all of them at once."""
    async with transaction(pool) as tx:
        await save_statuses(tx, taken, standings)
    _say(taken, standings)


async def mark_abandoned_ambiguous(pool: asyncpg.Pool, lock_class: int, *, limit: int = 500) -> int:
    """Mark what a dead sender left in the air as ambiguous; it may have arrived."""
    async with transaction(pool) as tx:
        left = await messages.mark_abandoned(tx, lock_class, limit)
        if left:
            await save_statuses(
                tx, left, {m.id: MessageStatus(MessageState.AMBIGUOUS, CRASHED) for m in left}
            )
    if left:
        log.warning("message.abandoned", count=len(left))
    return len(left)


async def save_statuses(tx: Tx, taken: Sequence[Message], standings: dict[UUID, MessageStatus]) -> None:
    """Rows, audit lines and events of these messages: a constant number of statements."""
    at = await city_now(tx)
    held = await messages.record_attempts(tx, [(m.id, standings[m.id]) for m in taken], at)
    await publish_transitions(
        tx, [step for m in taken if m.id in held for step in _steps(m, standings[m.id])], at
    )


def _steps(message: Message, standing: MessageStatus) -> list[MessageTransition]:
    """What there is to tell: that it was sent, and how it ended."""
    sent = [MessageTransition(message, MessageState.SENT)] if standing.was_sent else []
    over = standing.state not in {MessageState.PLANNED, MessageState.SENT}
    return [*sent, MessageTransition(message, standing.state, standing.reason)] if over else sent


async def _send(
    keyring: Keyring, carrier: Carrier, taken: Sequence[Message], at: datetime
) -> dict[UUID, MessageStatus]:
    subjects = [message.subject_ref for message in taken]
    keys = await _surely(lambda: keyring.find_keys(subjects))
    standings: dict[UUID, MessageStatus] = {}
    parcels: list[tuple[Message, OutgoingMessage]] = []
    for message in taken:
        opened = _open(message, keys.get(message.subject_ref), at)
        if isinstance(opened, MessageStatus):
            standings[message.id] = opened
        else:
            parcels.append((message, OutgoingMessage(message.id, opened)))
    outcomes = await carrier.send([parcel for _, parcel in parcels])
    for (message, _), outcome in zip(parcels, outcomes, strict=True):
        standings[message.id] = rules.status_after_attempt(outcome, message.refusals)
    return standings


def _with_receipts(standings: dict[UUID, MessageStatus], came: Came) -> dict[UUID, MessageStatus]:
    """Receipts that were quicker than the rest of the batch are written down with it."""
    told = came({standing.carrier_ref for standing in standings.values() if standing.carrier_ref})
    final = {ref: said for ref, status in told if (said := rules.final_receipt_state(status))}
    return {
        id: rules.status_after_receipt(one, final.get(one.carrier_ref or "")) for id, one in standings.items()
    }


def _open(message: Message, key: bytes | None, at: datetime) -> RenderedMessage | MessageStatus:
    needless = suppression_reason(message.useful_until, message.waits_on, at)
    if needless:
        return MessageStatus(MessageState.SUPPRESSED, needless, refusals=message.refusals)
    if key is None:
        return MessageStatus(MessageState.SUPPRESSED, rules.ERASED, refusals=message.refusals)
    try:
        return decrypt_message(key, message.id, message.sealed)
    except DecryptionFailed:
        return MessageStatus(MessageState.FAILED, BROKEN_SEAL, refusals=message.refusals)


def _say(taken: Sequence[Message], standings: dict[UUID, MessageStatus]) -> None:
    """One line for all that were sent, and one for each that was not: those an operator looks for."""
    sent = sum(standing.was_sent for standing in standings.values())
    if sent:
        log.info("message.sent", count=sent, channel=taken[0].channel)
    for message in taken:
        told = standings[message.id]
        if not told.was_sent:
            log.info(
                "message.not_sent",
                message=str(message.id),
                code=message.code,
                template=message.template,
                channel=message.channel,
                state=str(told.state),
                reason=told.reason,
                trace=message.traceparent[3:35] if message.traceparent else None,
            )


async def _any_due(pool: asyncpg.Pool, channel: str) -> bool:
    return bool(
        await pool.fetchval(
            """SELECT EXISTS (SELECT FROM messages WHERE state = 'planned' AND channel = $1
                                 AND retry_at <= clock_timestamp())""",
            channel,
        )
    )
