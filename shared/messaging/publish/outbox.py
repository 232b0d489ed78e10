"""The outbox: events are rows written in the same transaction as the state they announce."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from shared.db.array_rows import ArrayRows
from shared.db.transaction import Tx, after_commit
from shared.events import registry, topics
from shared.events.envelope import NewEvent
from shared.events.wire.attributes import SEQUENCE, SEQUENCE_DIGITS, sequence_text
from shared.messaging.publish import wakeup
from shared.messaging.record.murmur2 import shard_of
from shared.messaging.record.records import pack_headers
from shared.messaging.words import refuse
from shared.observability.correlation import traceparent_for

MAX_EVENT_BYTES = 900_000
"""Kafka refuses records of a megabyte, and a refused batch breaks the partition's producer."""


class _PairRow(NamedTuple):
    """A topic and key, and how many sequence numbers its events take."""

    topic: str
    key: str
    seq: int


class _EventRow(NamedTuple):
    """An event. `pair`: the number of its topic and key, from 1; `following`: how many of them follow it."""

    id: UUID
    shard: int
    topic: str
    key: str
    head: bytes
    tail: bytes
    value: bytes
    pair: int
    following: int


_PAIRS = ArrayRows(_PairRow, name="new")
_EVENTS = ArrayRows(_EventRow, first=len(_PairRow._fields) + 1, types={"pair": "int"})
_APPEND = f"""
WITH given AS (
    INSERT INTO sequence_given AS given ({_PAIRS.columns})
    SELECT {_PAIRS.columns} FROM {_PAIRS.sql}
     ORDER BY topic, key
        ON CONFLICT (topic, key) DO UPDATE SET seq = given.seq + EXCLUDED.seq
    RETURNING topic, key, seq),
last AS MATERIALIZED (
    SELECT array_agg(seq ORDER BY topic COLLATE "C", key COLLATE "C") AS seq FROM given)
INSERT INTO outbox (id, shard, topic, key, headers, value)
SELECT id, shard, topic, key,
       head || convert_to(lpad(digits, greatest(length(digits), {SEQUENCE_DIGITS}), '0'), 'UTF8') || tail,
       value
  FROM last, unnest({_EVENTS.arrays}) WITH ORDINALITY AS new ({_EVENTS.columns}, nth),
       LATERAL (SELECT (last.seq[pair] - following)::text AS digits) AS number
 ORDER BY nth"""  # noqa: S608  (our own columns)
"""No row gets its position before all keys are locked, since the INSERT reads `last`. So of one key the
greater sequence number has the greater position. `lpad` would cut a number that is longer than its width."""

_NUMBER = f'"{SEQUENCE}","'.encode()
"""The bytes before the sequence number in packed headers; they cannot occur within a header's text."""
_NO_NUMBER = sequence_text(0).encode()


async def append_events(tx: Tx, events: Sequence[NewEvent]) -> None:
    """Append events to the outbox, in this order per key, in one statement.

    Call it after the root row is locked. Raises Refused for an event too large for Kafka.
    """
    if not events:
        return
    numbers = _count_numbers(events)
    rows = [
        _event_row(event, pair, following)
        for event, pair, following in zip(events, numbers.pair, numbers.following, strict=True)
    ]
    await tx.execute(_APPEND, *_PAIRS.parameters(numbers.pairs), *_EVENTS.parameters(rows))
    after_commit(wakeup.notify_relay)


def event_source(topic: str) -> str:
    """The `ce_source` of a topic: its owner, and routing for parties' topics."""
    return registry.OWNERS.get(topic) or topics.SOURCES["routing"]


def _event_row(event: NewEvent, pair: int, following: int) -> _EventRow:
    head, tail = _split_headers(event)
    return _EventRow(
        id=event.id,
        shard=shard_of(event.key.encode()),
        topic=event.topic,
        key=event.key,
        head=head,
        tail=tail,
        value=_checked_value(event),
        pair=pair,
        following=following,
    )


def _checked_value(event: NewEvent) -> bytes:
    value = event.body()
    if len(value) > MAX_EVENT_BYTES:
        raise refuse("event_too_large", type=event.type, bytes=len(value), limit=MAX_EVENT_BYTES)
    return value


class _Numbers(NamedTuple):
    """The number of events per (topic, key), sorted; and for each event the index of its pair (from 1) and
    how many events of that pair come after it.
    """

    pairs: list[_PairRow]
    pair: list[int]
    following: list[int]


def _count_numbers(events: Sequence[NewEvent]) -> _Numbers:
    counts = Counter((event.topic, event.key) for event in events)
    pairs = [_PairRow(topic=topic, key=key, seq=count) for (topic, key), count in sorted(counts.items())]
    pair_number = {(pair.topic, pair.key): number for number, pair in enumerate(pairs, start=1)}
    following: list[int] = []
    for event in events:
        counts[event.topic, event.key] -= 1
        following.append(counts[event.topic, event.key])
    return _Numbers(pairs, [pair_number[event.topic, event.key] for event in events], following)


def _split_headers(event: NewEvent) -> tuple[bytes, bytes]:
    """The packed headers before and after the sequence number, which PostgreSQL assigns."""
    headers = event.headers(
        source=event_source(event.topic), sequence=0, traceparent=traceparent_for(event.causation_id)
    )
    before, mark, after = pack_headers(tuple(headers)).partition(_NUMBER)
    return before + mark, after.removeprefix(_NO_NUMBER)
