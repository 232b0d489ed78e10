"""Replies count once their transaction is committed: never those of an aborted one, nor of one still open."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from deploy.demo.agencies.kafka_log import PartiesLog
from deploy.demo.city_day.closing_check.topics import read_all
from deploy.local.servers.topics import create_topics
from shared.events import topics
from shared.messaging.consume.broker import Broker
from shared.messaging.consume.stall_detector import StallThresholds
from shared.messaging.consume.status import status
from shared.messaging.recovery import restore_guard, topic_audit
from shared.messaging.recovery.topic_audit import OpenTransactionError, TopicAudit
from tests.builders.readers import reading_broker
from tests.builders.transactions import transaction_of
from tests.builders.wire import a_reply, refused, until
from tests.integration.messaging.conftest import Wire

pytestmark = pytest.mark.integration
PARTY = "city-police"
STALLS = StallThresholds(look=0.2, complain=2.0, restart=60.0)
REPLIES = topics.replies_topic(PARTY).name


async def reading(wire: Wire) -> Broker:
    """A started broker that complains after two seconds."""
    broker = reading_broker(
        wire.routing, wire.kafka, wire.prefix, facts=wire.note, replies=wire.note_replies, thresholds=STALLS
    )
    wire.consumers.append(broker)
    await broker.start()
    return broker


def replies_about(roots: Sequence[UUID], office: str) -> list[dict[str, Any]]:
    return [a_reply(PARTY, root, office=office) for root in roots]


async def test_replies_of_an_aborted_transaction_have_no_effect(wire: Wire) -> None:
    broker, roots = await reading(wire), [uuid4() for _ in range(9)]
    with transaction_of(wire.kafka, wire.prefix + REPLIES, *replies_about(roots, "gone"), end="abort"):
        await wire.reply(PARTY, **a_reply(PARTY, roots[0], office="kept"))
    await until(lambda: has_effects(wire, 1))
    await wire.quiet()
    assert await wire.effects() == ["kept"]
    assert await broker.lag() == {"dossier.events": 0, REPLIES: 0}


async def test_committed_replies_count_and_leave_no_lag_behind(wire: Wire) -> None:
    """The marker that ends a transaction is an offset too; nothing may wait for a record there."""
    broker, roots = await reading(wire), [uuid4() for _ in range(9)]
    with transaction_of(wire.kafka, wire.prefix + REPLIES, *replies_about(roots, "kept"), end="commit"):
        await until(lambda: has_effects(wire, 9))
    await wire.quiet()
    assert await broker.drain_backlog(5)
    assert broker.readiness_problems() == []
    await broker.stop()
    again = await reading(wire)
    assert await again.drain_backlog(5)
    assert await wire.effects() == ["kept"] * 9


async def test_a_topic_that_holds_nothing_but_an_aborted_transaction_is_read_to_its_end(wire: Wire) -> None:
    roots = [uuid4() for _ in range(9)]
    with transaction_of(wire.kafka, wire.prefix + REPLIES, *replies_about(roots, "gone"), end="abort"):
        broker = await reading(wire)
        assert await broker.drain_backlog(20)
    assert await wire.effects() == []


async def test_an_open_transaction_holds_back_its_party_and_names_it(wire: Wire) -> None:
    broker, root = await reading(wire), uuid4()
    left_open = replies_about([root], "open")
    with transaction_of(wire.kafka, wire.prefix + REPLIES, *left_open, end="leave open"):
        await wire.reply(PARTY, **a_reply(PARTY, root, office="behind"))
        await until(lambda: is_named(broker))
        assert await wire.effects() == []
        assert broker.readiness_problems() == []  # all other parties can work
        [complaint] = (await status(wire.routing, broker)).complaints
        assert complaint.startswith("agency.replies: city-police is not read further, it left a transaction")
    await until(lambda: has_effects(wire, 2))
    assert await wire.effects() == ["open", "behind"]
    await until(lambda: is_named(broker, False))


async def test_a_reader_that_starts_behind_an_open_transaction_loses_nothing(wire: Wire) -> None:
    """What was read before transactions were respected lies beyond the stable end: no recreated topic."""
    broker, root = await reading(wire), uuid4()
    await wire.reply(PARTY, **a_reply(PARTY, root, id="one"))
    await until(lambda: has_effects(wire, 1))
    await broker.stop()
    with transaction_of(wire.kafka, wire.prefix + REPLIES, *replies_about([root], "open"), end="leave open"):
        await wire.routing.execute("UPDATE consumed SET next_offset = 2 WHERE topic = $1", REPLIES)
        await reading(wire)
        kept = await wire.routing.fetchval("SELECT max(next_offset) FROM consumed WHERE topic = $1", REPLIES)
        assert kept == 2


async def test_the_check_before_the_start_waits_for_what_lies_behind_an_open_transaction(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topic_audit, "STILL_SECONDS", 1.0)
    await wire.consumer()
    wire.relay()
    root = uuid4()
    await wire.publish([refused(root)])
    await wire.quiet()
    audit = TopicAudit(wire.intake, wire.kafka, "intake", wire.prefix)
    stranger = {"key": str(root).encode(), "value": b"{}"}
    name = wire.prefix + topics.DOSSIER_EVENTS.name
    open_one = transaction_of(wire.kafka, name, stranger, end="leave open")
    with open_one, pytest.raises(OpenTransactionError, match=topics.DOSSIER_EVENTS.name):
        await restore_guard.is_behind(audit)
    assert not await restore_guard.is_behind(audit)


async def test_the_pretend_agencies_and_the_closing_check_read_past_transactions(wire: Wire) -> None:
    party = f"t{uuid4().hex[:8]}"
    wanted = topics.party_topics(party)
    create_topics(wire.kafka, [replace(topic) for topic in wanted])
    replies = [a_reply(party, uuid4(), id=id) for id in ("one", "two")]
    name = topics.replies_topic(party).name
    with transaction_of(wire.kafka, name, replies[0], end="commit"):
        pass
    with transaction_of(wire.kafka, name, replies[1], end="abort"):
        pass
    assert PartiesLog(wire.kafka, [party]).written_reply_ids() == {"one"}
    assert [record.id for record in read_all(wire.kafka, name)] == ["one"]


async def has_effects(wire: Wire, count: int) -> bool:
    return len(await wire.effects()) == count


async def is_named(broker: Broker, expected: bool = True) -> bool:
    named = [problem for problem in broker.unread_parties() if PARTY in problem and "transaction" in problem]
    return bool(named) == expected
