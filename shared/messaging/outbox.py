"""The one way out: events are rows of the same transaction as the state they tell of."""

from collections import Counter
from collections.abc import Sequence

from shared.db.transaction import Tx, after_commit
from shared.errors import Kind, Refused
from shared.events import envelope, registry, topics
from shared.events.envelope import NewEvent
from shared.messaging import wake
from shared.messaging.murmur2 import shard_of
from shared.messaging.records import pack_headers
from shared.observability.correlation import traceparent_for

MAX_EVENT_BYTES = 900_000
"""Kafka refuses a megabyte, and one refused batch breaks its partition's producer."""

_GIVE = """
INSERT INTO sequence_given AS given (topic, key, seq)
SELECT topic, key, n FROM unnest($1::text[], $2::text[], $3::bigint[]) AS new (topic, key, n)
 ORDER BY topic, key
    ON CONFLICT (topic, key) DO UPDATE SET seq = given.seq + EXCLUDED.seq
RETURNING topic, key, seq"""

_INSERT = """
INSERT INTO outbox (id, shard, topic, key, headers, value)
SELECT * FROM unnest($1::uuid[], $2::smallint[], $3::text[], $4::text[], $5::bytea[], $6::bytea[])"""


async def append(tx: Tx, events: Sequence[NewEvent]) -> None:
    """Publish these with this transaction, in this order a key. Two statements, for one event or 500.

    Call it after the root row is locked. Refuses an event too large for the wire before writing anything.
    """
    if not events:
        return
    values = [_checked(event) for event in events]
    numbers = await _give_numbers(tx, events)
    heads = [_headers(event, seq) for event, seq in zip(events, numbers, strict=True)]
    await tx.execute(
        _INSERT,
        [event.id for event in events],
        [shard_of(event.key.encode()) for event in events],
        [event.topic for event in events],
        [event.key for event in events],
        heads,
        values,
    )
    after_commit(wake.ring)


def source_of(topic: str) -> str:
    """Who writes a topic, as its `ce_source`: the owner, and routing on a party's topics."""
    return registry.OWNERS.get(topic) or topics.SOURCES["routing"]


def _checked(event: NewEvent) -> bytes:
    value = event.body()
    if len(value) > MAX_EVENT_BYTES:
        raise Refused(
            code="event_too_large",
            vi=f"Nội dung quá lớn: {len(value)} byte, tối đa {MAX_EVENT_BYTES} byte.",
            en=f"Too large: {event.type} has {len(value)} bytes, the limit is {MAX_EVENT_BYTES} bytes.",
            kind=Kind.TOO_LARGE,
        )
    return value


async def _give_numbers(tx: Tx, events: Sequence[NewEvent]) -> list[int]:
    """The next numbers of each key, in the order of the events; the rows stay locked until the commit."""
    counts = Counter((event.topic, event.key) for event in events)
    pairs = list(counts)
    rows = await tx.fetch(
        _GIVE, [topic for topic, _ in pairs], [key for _, key in pairs], [counts[pair] for pair in pairs]
    )
    given = {(row["topic"], row["key"]): row["seq"] for row in rows}
    following = {pair: last - counts[pair] for pair, last in given.items()}
    numbers: list[int] = []
    for event in events:
        following[event.topic, event.key] += 1
        numbers.append(following[event.topic, event.key])
    return numbers


def _headers(event: NewEvent, seq: int) -> bytes:
    return pack_headers(
        tuple(
            envelope.headers(
                id=event.id,
                type=event.type,
                source=source_of(event.topic),
                subject=event.key,
                time=event.time,
                seq=seq,
                traceparent=event.traceparent or traceparent_for(event.causation_id),
            )
        )
    )
