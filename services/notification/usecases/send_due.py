"""Send due messages: claim a batch and commit, call the carrier, store the outcomes.

A batch is stored as `sending` before the first byte is sent. If this process dies in between, its lease (an
advisory lock) is released, and the next sender marks those messages ambiguous for a person to look at: no
message is silently sent twice.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

import asyncpg

from services.notification.domain import message as rules
from services.notification.domain.carrier_dialect import CarrierDialect
from services.notification.domain.expiry import suppression_reason
from services.notification.domain.message import MessageState, MessageStatus, Outcome, SendAccepted
from services.notification.domain.rendered_message import RenderedMessage
from services.notification.outbound.outgoing_message import OutgoingMessage
from services.notification.store import messages
from services.notification.store.messages import Message
from services.notification.usecases.message_encryption import decrypt_message
from services.notification.usecases.publish_transitions import MessageTransition, publish_transitions
from services.notification.usecases.record_receipts import take_early
from shared.db.transaction import Tx, city_now, transaction
from shared.messaging.faults import is_transient, retry_delays
from shared.observability.logs import get_logger
from shared.security.keyring import Keyring
from shared.security.seal import DecryptionFailed

log = get_logger(__name__)
T = TypeVar("T")
SENDER_CRASHED = "the_sender_stopped_before_the_answer"
DECRYPTION_FAILED = "the_words_do_not_open"


class Carrier(Protocol):
    """A client of a text centre or mail server."""

    @property
    def channel(self) -> str:
        """The name of its channel."""
        ...

    @property
    def batch(self) -> int:
        """The maximum size of a batch."""
        ...

    async def ensure_connected(self) -> bool:
        """Connect if necessary. False if that fails; then no message is claimed."""
        ...

    async def close(self) -> None:
        """Close the connection, once everything it has received is handed on."""
        ...

    async def send(self, messages: Sequence[OutgoingMessage]) -> Sequence[Outcome]:
        """Send each message and return an outcome for each, in order. Does not raise for a single message."""
        ...


async def send_due(
    pool: asyncpg.Pool,
    keyring: Keyring,
    carrier: Carrier,
    lease: int,
    dialect: CarrierDialect | None = None,
) -> int:
    """Send one batch of due messages on this carrier's channel. Returns its size.

    `dialect`: how a carrier that sends receipts writes its references; None for the others.
    """
    if not await _any_due(pool, carrier.channel) or not await carrier.ensure_connected():
        return 0
    batch, at = await _claim(pool, carrier, lease)
    if not batch:
        return 0
    statuses = await _send(keyring, carrier, batch, at=at, dialect=dialect)
    await _retry_until_done(lambda: record_attempts(pool, batch, statuses, dialect))
    return len(batch)


async def _claim(pool: asyncpg.Pool, carrier: Carrier, lease: int) -> tuple[list[Message], datetime]:
    """Mark a batch `sending`. Returns it with the city's time.

    If the commit fails it may have happened all the same: then the batch is released unsent.
    """
    batch: list[Message] = []
    try:
        async with transaction(pool) as tx:
            batch = await messages.claim_due(tx, carrier.channel, lease, carrier.batch)
            at = await city_now(tx)
    except Exception:
        if batch:
            await _retry_until_done(lambda: _release(pool, batch, lease))
        raise
    return batch, at


async def _release(pool: asyncpg.Pool, batch: Sequence[Message], lease: int) -> None:
    async with transaction(pool) as tx:
        await messages.release_unsent(tx, [message.id for message in batch], lease)


async def _retry_until_done(step: Callable[[], Awaitable[T]]) -> T:
    """Retry until it succeeds: only this process knows the outcomes of the batch."""
    for pause in retry_delays():
        try:
            return await step()
        except Exception as error:
            if not is_transient(error):
                raise
            log.warning("message.result_delayed", error=type(error).__name__)
        await asyncio.sleep(pause)
    raise AssertionError("pauses never end")


async def record_attempts(
    pool: asyncpg.Pool,
    batch: Sequence[Message],
    statuses: dict[UUID, MessageStatus],
    dialect: CarrierDialect | None = None,
) -> None:
    """Store the outcomes of a batch in one transaction: rows, audit lines and events.

    A receipt that was quicker than the rest of the batch is recorded with them.
    """
    async with transaction(pool) as tx:
        final = statuses if dialect is None else await _with_early_receipts(tx, dialect, statuses)
        await save_statuses(tx, batch, final)
    _log_results(batch, final)


async def mark_abandoned_ambiguous(pool: asyncpg.Pool, lock_class: int, *, limit: int = 500) -> int:
    """Mark messages ambiguous that a crashed sender was sending. Returns their number."""
    async with transaction(pool) as tx:
        abandoned = await messages.mark_abandoned(tx, lock_class, limit)
        if abandoned:
            ambiguous = MessageStatus(MessageState.AMBIGUOUS, SENDER_CRASHED)
            await save_statuses(tx, abandoned, {message.id: ambiguous for message in abandoned})
    if abandoned:
        log.warning("message.abandoned", count=len(abandoned))
    return len(abandoned)


async def save_statuses(tx: Tx, batch: Sequence[Message], statuses: dict[UUID, MessageStatus]) -> None:
    """Write rows, audit lines and events in a constant number of statements."""
    at = await city_now(tx)
    saved = await messages.record_attempts(tx, [(message.id, statuses[message.id]) for message in batch], at)
    transitions: list[MessageTransition] = []
    for message in batch:
        if message.id in saved:
            transitions += _transitions(message, statuses[message.id])
    await publish_transitions(tx, transitions, at)


def _transitions(message: Message, status: MessageStatus) -> list[MessageTransition]:
    """The transitions to publish: that the message was sent, and its final state."""
    transitions: list[MessageTransition] = []
    if status.was_sent:
        transitions.append(MessageTransition(message, MessageState.SENT))
    if status.state not in {MessageState.PLANNED, MessageState.SENT}:
        transitions.append(MessageTransition(message, status.state, status.reason))
    return transitions


async def _send(
    keyring: Keyring,
    carrier: Carrier,
    batch: Sequence[Message],
    *,
    at: datetime,
    dialect: CarrierDialect | None,
) -> dict[UUID, MessageStatus]:
    subjects = [message.subject_ref for message in batch]
    keys = await _retry_until_done(lambda: keyring.find_keys(subjects))
    statuses: dict[UUID, MessageStatus] = {}
    outgoing: list[tuple[Message, OutgoingMessage]] = []
    for message in batch:
        content = _decrypt_or_suppress(message, keys.get(message.subject_ref), at)
        if isinstance(content, MessageStatus):
            statuses[message.id] = content
        else:
            outgoing.append((message, OutgoingMessage(message.id, content)))
    outcomes = await carrier.send([outgoing_message for _, outgoing_message in outgoing])
    for (message, _), outcome in zip(outgoing, outcomes, strict=True):
        readable = outcome if dialect is None else _with_readable_ref(outcome, dialect)
        statuses[message.id] = rules.status_after_attempt(readable, message.refusals)
    return statuses


def _with_readable_ref(outcome: Outcome, dialect: CarrierDialect) -> Outcome:
    """The reference as receipts will be read; without one that cannot be read no receipt finds the text."""
    if not isinstance(outcome, SendAccepted):
        return outcome
    ref = dialect.response_ref(outcome.carrier_ref)
    if ref is None:
        log.warning("carrier.reference_unreadable", carrier=dialect.name)
    return replace(outcome, carrier_ref=ref)


async def _with_early_receipts(
    tx: Tx, dialect: CarrierDialect, statuses: dict[UUID, MessageStatus]
) -> dict[UUID, MessageStatus]:
    """The statuses after receipts that came in before the rest of the batch was answered."""
    refs = {status.carrier_ref for status in statuses.values() if status.carrier_ref}
    early = await take_early(tx, dialect, refs)
    return {
        id: rules.status_after_receipt(status, early.get(status.carrier_ref or ""))
        for id, status in statuses.items()
    }


def _decrypt_or_suppress(
    message: Message, key: bytes | None, at: datetime
) -> RenderedMessage | MessageStatus:
    reason = suppression_reason(message.useful_until, message.waits_on, at)
    if reason:
        return MessageStatus(MessageState.SUPPRESSED, reason, refusals=message.refusals)
    if key is None:
        return MessageStatus(MessageState.SUPPRESSED, rules.ERASED, refusals=message.refusals)
    try:
        return decrypt_message(key, message.id, message.sealed)
    except DecryptionFailed:
        return MessageStatus(MessageState.FAILED, DECRYPTION_FAILED, refusals=message.refusals)


def _log_results(batch: Sequence[Message], statuses: dict[UUID, MessageStatus]) -> None:
    """Log one line for all sent messages, and one for each that was not sent."""
    sent = sum(status.was_sent for status in statuses.values())
    if sent:
        log.info("message.sent", count=sent, channel=batch[0].channel)
    for message in batch:
        status = statuses[message.id]
        if status.was_sent:
            continue
        trace = message.traceparent[3:35] if message.traceparent else None
        log.info(
            "message.not_sent",
            message=str(message.id),
            code=message.code,
            template=message.template,
            channel=message.channel,
            state=str(status.state),
            reason=status.reason,
            trace=trace,
        )


async def _any_due(pool: asyncpg.Pool, channel: str) -> bool:
    is_any_due: bool = await pool.fetchval(
        """SELECT EXISTS (SELECT FROM messages WHERE state = 'planned' AND channel = $1
                             AND retry_at <= clock_timestamp())""",
        channel,
    )
    return is_any_due
