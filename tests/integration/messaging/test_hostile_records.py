"""Each hostile record at the head of a partition, healthy neighbours behind it, on a topic of our own.

One row a record: what is wrong with it, and what is done with it. Parties' replies have their own table in
`tests/integration/routing/test_hostile_replies.py`.
"""

import ctypes
import gc
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import cycle
from uuid import UUID, uuid4

import psutil
import pytest

from shared.events import dossier, topics
from shared.events.wire.attributes import wire_type
from shared.messaging.deadletter import held_store
from shared.messaging.deadletter.held_records import HeldRecord, drop_held, list_held
from shared.messaging.record.records import Record
from shared.messaging.record.routes import DecodedRecord, Route
from shared.messaging.recovery.replay import replay
from tests import used_again
from tests.builders.hostile import (
    COMMON,
    SentRecord,
    Spoil,
    Writer,
    healthy_record,
    in_old_form,
    topics_with_records,
)
from tests.builders.wire import OPERATOR, until
from tests.integration.messaging.conftest import Wire, wired

pytestmark = pytest.mark.integration
TOPIC = topics.DOSSIER_EVENTS

OWN: dict[str, Spoil] = {
    "healthy": lambda sent: sent,
    "JSON of another shape": lambda sent: sent.data(refused_at="never"),
    "no type": lambda sent: sent.head(ce_type=None),
    "another event's type": lambda sent: sent.head(ce_type=wire_type(dossier.ACCEPTED).encode()),
    "id that is no UUID": lambda sent: sent.head(ce_id=b"1"),
    "key that names no dossier": lambda sent: SentRecord(
        b"tax", sent.value, sent.head(ce_subject=b"tax").headers
    ),
    "the form before": in_old_form,
    "today's type, the value before": lambda sent: sent.data(data={}),
    "the type before, today's value": lambda sent: sent.head(ce_type=dossier.REFUSED.encode()),
    "no seq": lambda sent: sent.head(ce_sequence=None),
    "seq below nothing": lambda sent: sent.head(ce_sequence=b"-1"),
    "seq in other digits": lambda sent: sent.head(ce_sequence="١".encode()),
    "seq longer than any count": lambda sent: sent.head(ce_sequence=b"9" * 5_000),
    "seq of another record": lambda sent: sent.head(ce_sequence=b"1"),
    "seq from the future": lambda sent: sent.head(ce_sequence=b"9"),
    "text no table can keep": lambda sent: sent.data(reason_code="hostile\x00"),
    "a year 10000 inside": lambda sent: sent.data(refused_at="10000-01-01T00:00:00+07:00"),
    "1 MB that can be read": lambda sent: sent.holding(b'"' + b"y" * 1_000_000 + b'"'),
}

ANSWERS = {
    "healthy": "applied",
    "reply_to": "applied",
    "the form before": "applied",
    "today's type, the value before": "held: mixed_form at data",
    "the type before, today's value": "held: bad_field at data",
    "1 MB that can be read": "applied",
    "seq of another record": "held: sequence_conflict",
    "not JSON": "held: not_json at value",
    "no bytes at all": "held: not_json at value",
    "JSON that is a list": "held: not_an_object at value",
    "JSON of another shape": "held: bad_field at refused_at",
    "null value": "held: null_value at value",
    "no key": "held: no_key at key",
    "key that is not its subject": "held: wrong_key at key",
    "key not UTF-8": "held: key_not_utf8 at key",
    "key that names no dossier": "held: ValueError",
    "unknown type": "held: unknown_type at ce_type",
    "unknown version": "held: unknown_type at ce_type",
    "no type": "held: unknown_type at ce_type",
    "another event's type": "held: bad_field at accepted_at",
    "somebody else's source": "held: wrong_source at ce_source",
    "id that is no UUID": "held: bad_header at ce_id",
    "header not UTF-8": "held: header_not_utf8 at x-odd",
    "header's name not UTF-8": "held: header_not_utf8 at headers",
    "header given twice": "held: header_twice at ce_id",
    "no seq": "held: bad_header at ce_sequence",
    "seq below nothing": "held: bad_header at ce_sequence",
    "seq in other digits": "held: bad_header at ce_sequence",
    "seq longer than any count": "held: bad_header at ce_sequence",
    "seq from the future": "held: sequence_gap",
    "text no table can keep": "held: CharacterNotInRepertoireError",
    "nesting 10,000 deep": "held: not_json at value",
    "a lone surrogate": "held: not_json at value",
    "a number of 5,000 digits": "held: not_json at value",
    "a year 10000": "held: bad_header at ce_time",
    "a year 10000 inside": "held: bad_field at refused_at",
    "a time before there was time": "held: bad_header at ce_time",
    "a time without its offset": "held: bad_header at ce_time",
    "1 MB that is not ours": "held: bad_field at actor",
}


ROWS = OWN | COMMON
PROMISED_SECONDS = 2.0
WORST = ("nesting 10,000 deep", "a number of 5,000 digits", "header's name not UTF-8")
MARGIN_BYTES = 64 * 2**20
"""For 200 records of 22 MB together: what batches of megabytes leave in the allocator, found to level off."""


@dataclass
class Attack:
    """What was sent, what became of it, and how long the neighbours behind it waited (seconds)."""

    wire: Wire
    writer: Writer
    answers: dict[str, str] = field(default_factory=dict)
    followers: dict[str, list[str]] = field(default_factory=dict)
    waited: dict[str, float] = field(default_factory=dict)
    sent: int = 0
    last_root: UUID | None = None

    async def run(self, name: str, spoil: Spoil, partition: int) -> None:
        """One hostile record (number 2 of its root), two neighbours, then number 3 of its root."""
        root, near, far = uuid4(), uuid4(), uuid4()
        self.last_root, hostile = root, spoil(healthy_record(root, "hostile", 2))
        began = time.monotonic()
        await self.send(
            partition,
            healthy_record(root, "before"),
            hostile,
            healthy_record(near, "neighbour"),
            healthy_record(far, "neighbour"),
        )
        await self._until_through(near, far)
        self.waited[name] = time.monotonic() - began
        self.answers[name] = await self._answer(root, hostile)
        last = uuid4()
        await self.send(partition, healthy_record(root, "after", 3), healthy_record(last, "neighbour"))
        await self._until_through(last)
        self.followers[name] = await self.wire.effects(root)

    async def send(self, partition: int, *records: SentRecord) -> None:
        """Write these, in this order."""
        self.writer.write(self.wire.prefix + TOPIC.name, partition, records)
        self.sent += len(records)

    async def _until_through(self, *roots: UUID) -> None:
        async def through() -> bool:
            return all([await self.wire.effects(root) for root in roots])

        await until(through)

    async def _answer(self, root: UUID, hostile: SentRecord) -> str:
        held = await self.find_held(hostile)
        if held is not None:
            assert held.reason in ("unreadable", "poison", "gap", "conflict"), held
            at = f" at {held.detail.split(':')[0].split(' at ')[1]}" if held.reason == "unreadable" else ""
            return f"held: {held.code}{at}"
        return "applied" if "hostile" in await self.wire.effects(root) else "dropped"

    async def find_held(self, sent: SentRecord) -> HeldRecord | None:
        """The hostile record among those held."""
        key = (sent.key or b"").decode("utf-8", "replace")
        rows = [one for one in await list_held(self.wire.routing) if one.key == key]
        return rows[-1] if rows else None


@asynccontextmanager
async def attacking(wire: Wire) -> AsyncIterator[Attack]:
    """Routing reads, somebody writes."""
    writer = Writer(wire.kafka)
    try:
        await wire.consumer()
        yield Attack(wire, writer)
    finally:
        writer.close()


@pytest.fixture(scope="module")
async def attacked(postgres_url: str, kafka: str) -> AsyncIterator[Attack]:
    """All rows of the table, one after the other, each on the next partition."""
    database = await used_again.take(postgres_url)
    async with wired(database, kafka, f"t{uuid4().hex[:10]}.") as wire, attacking(wire) as attack:
        for partition, (name, spoil) in zip(cycle(range(TOPIC.partitions)), ROWS.items(), strict=False):
            await attack.run(name, spoil, partition)
        yield attack
    await used_again.give_back(database)


async def test_each_gets_the_answer_of_its_row(attacked: Attack) -> None:
    assert attacked.answers == ANSWERS


async def test_nothing_of_its_root_overtakes_one_that_is_held(attacked: Attack) -> None:
    through = {name: said for name, said in attacked.followers.items() if said != ["before"]}
    assert through == {
        name: ["before", "hostile", "after"] for name, answer in ANSWERS.items() if answer == "applied"
    }


async def test_neighbours_wait_no_longer_behind_a_hostile_record_than_two_seconds(attacked: Attack) -> None:
    healthy = attacked.waited["healthy"]
    slowest = max(attacked.waited, key=lambda name: attacked.waited[name])
    assert attacked.waited[slowest] < healthy + PROMISED_SECONDS, (slowest, attacked.waited)


async def test_nothing_is_published_anywhere_by_reading(attacked: Attack) -> None:
    holding_records = topics_with_records(attacked.wire.kafka, attacked.wire.prefix, "somewhere.else")
    assert holding_records == {TOPIC.name: attacked.sent}


async def test_a_gap_that_is_filled_lets_everything_through_in_order(wire: Wire) -> None:
    async with attacking(wire) as attack:
        root = uuid4()
        first, *late = [healthy_record(root, f"{seq}", seq) for seq in (1, 3, 4, 2)]
        await attack.send(0, first, *late)
        await wire.quiet()
        held = await list_held(wire.routing)
        assert [(one.seq, one.reason) for one in reversed(held)] == [(3, "gap"), (4, "behind"), (2, "behind")]
        outcomes = await replay(wire.consumers[-1], [held[0].id], actor=OPERATOR)
        assert [one.outcome for one in outcomes] == ["replayed"] * 3
        assert await wire.effects(root) == ["1", "2", "3", "4"]


async def test_a_record_nobody_can_read_is_given_up_and_its_followers_go_on(wire: Wire) -> None:
    async with attacking(wire) as attack:
        root = uuid4()
        await attack.send(
            0,
            healthy_record(root, "1", 1),
            COMMON["not JSON"](healthy_record(root, "2", 2)),
            healthy_record(root, "3", 3),
        )
        await wire.quiet()
        follower, rubbish = await list_held(wire.routing)
        await drop_held(wire.routing, [rubbish.id], reason="cannot be read", actor=OPERATOR)
        await replay(wire.consumers[-1], [follower.id], actor=OPERATOR)
        assert await wire.effects(root) == ["1", "3"]


async def test_two_hundred_of_the_worst_leave_memory_flat(wire: Wire) -> None:
    assert await _growth_by_two_hundred(wire, warm=2) < MARGIN_BYTES
    assert await wire.routing.fetchval("SELECT count(*) FROM held") == 400


async def _growth_by_two_hundred(wire: Wire, warm: int) -> int:
    """Bytes that reading 200 of the worst adds to a reader that has met `warm` hundreds of them before."""
    ten = [COMMON[name] for name in WORST * 3] + [COMMON["1 MB that is not ours"]]
    async with attacking(wire) as attack:
        stands: list[int] = []
        for _ in range(warm + 2):
            await wire.consumers[-1].stop()
            for _ in range(10):
                await attack.send(0, *(spoil(healthy_record(uuid4(), "hostile")) for spoil in ten))
            stands.append(_resident())  # what writing them took is not the reader's
            await wire.consumers[-1].start()
            await wire.quiet()
        return _resident() - stands[warm]


# The table can fail: each of its columns catches a fault planted in the product.


async def test_a_reader_that_skips_what_it_cannot_read_is_caught(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Route.read

    def skips(self: Route, record: Record) -> DecodedRecord:
        return replace(whole(self, record), problem=None)

    monkeypatch.setattr(Route, "read", skips)
    async with attacking(wire) as attack:
        await attack.run("not JSON", COMMON["not JSON"], 0)
    assert attack.answers["not JSON"] != ANSWERS["not JSON"]


async def test_a_key_that_is_not_parked_is_caught(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    async def forgets(*_: object) -> None:
        return

    monkeypatch.setattr(held_store, "park_keys", forgets)
    async with attacking(wire) as attack:
        await attack.run("not JSON", COMMON["not JSON"], 0)
        root = attack.last_root or uuid4()
        await attack.send(0, healthy_record(root, "the number that was lost", 2))
        await wire.quiet()
    assert await wire.effects(root) != ["before"]


async def test_a_consumer_that_obeys_reply_to_is_caught(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Route.read

    def obeys(self: Route, record: Record) -> DecodedRecord:
        if record.header("reply_to"):
            attack.writer.write(
                f"{wire.prefix}agency.city-police.replies", 0, [healthy_record(uuid4(), "answer")]
            )
        return whole(self, record)

    monkeypatch.setattr(Route, "read", obeys)
    async with attacking(wire) as attack:
        await attack.run("reply_to", COMMON["reply_to"], 0)
        assert topics_with_records(wire.kafka, wire.prefix) != {TOPIC.name: attack.sent}


async def test_a_consumer_that_keeps_what_it_read_is_caught(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, kept = Route.read, list[bytes]()

    def keeps(self: Route, record: Record) -> DecodedRecord:
        kept.append((record.value or b"") * 9)
        return whole(self, record)

    monkeypatch.setattr(Route, "read", keeps)
    assert await _growth_by_two_hundred(wire, warm=0) > MARGIN_BYTES


def _resident() -> int:
    """Bytes of this process that are in use: what is free goes back to the system first."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    return psutil.Process().memory_info().rss
