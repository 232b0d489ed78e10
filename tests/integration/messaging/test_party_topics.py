"""Parties' reply topics: read by the list of the catalogue, however topics come and go while we read."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from confluent_kafka.admin import AdminClient

from deploy.local.servers.topics import create_topics
from shared.events import topics
from shared.messaging.consume import supervisor
from shared.messaging.consume.broker import Broker
from tests.builders.readers import reading_broker
from tests.builders.wire import a_reply, until
from tests.integration.messaging.conftest import Wire

pytestmark = pytest.mark.integration
PARTIES = ("city-police", "tax", "water")
UNREAD = "agency.replies: water is not read, it has no topic"


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for topics five times a second instead of twice a minute."""
    monkeypatch.setattr(supervisor, "REFRESH_SECONDS", 0.2)


async def test_a_party_without_a_topic_is_named_and_read_once_it_has_one(wire: Wire) -> None:
    make(wire, "tax", "stranger")
    broker = await reading(wire)
    first, later = uuid4(), uuid4()
    await answer(wire, "tax", first)
    await answer(wire, "stranger", uuid4())
    await until(lambda: has_effect(wire, first))
    assert broker.unread_parties() == [UNREAD]
    assert broker.readiness_problems() == []

    make(wire, "water")
    await answer(wire, "water", later)
    await until(lambda: has_effect(wire, later))
    await until(lambda: has_unread(broker, []))
    assert await wire.effects() == ["tax", "water"]


async def test_a_deleted_topic_is_dropped_and_all_others_are_read_on(wire: Wire) -> None:
    """aiokafka loses all topics of a pattern after one question about the end of a deleted topic."""
    make(wire, "tax", "water")
    broker = await reading(wire)
    await answer_and_wait(wire, PARTIES)

    await delete(wire, "water")
    await until(lambda: has_unread(broker, [UNREAD]))
    for _ in range(3):
        await broker.lag()
        await answer_and_wait(wire, ("city-police", "tax"))

    make(wire, "water")
    await answer_and_wait(wire, PARTIES)
    await until(lambda: has_unread(broker, []))


async def test_a_topic_that_is_made_again_is_read_from_its_beginning(wire: Wire) -> None:
    """The same partition of both: the new one's first record has an offset that was read in the old one."""
    make(wire, "tax", "water")
    broker = await reading(wire)
    root = uuid4()
    await answer(wire, "water", root)
    await until(lambda: has_effects(wire, root, 1))

    await delete(wire, "water")
    await until(lambda: has_unread(broker, [UNREAD]))
    make(wire, "water")
    await answer(wire, "water", root)
    await until(lambda: has_effects(wire, root, 2))


async def test_a_topic_deleted_while_its_end_is_asked_for_stops_nobody(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two looks the deleted topic is still in the list, and the lag asks for its end each second."""
    make(wire, "tax", "water")
    broker = await reading(wire)
    await answer_and_wait(wire, PARTIES)
    monkeypatch.setattr(supervisor, "REFRESH_SECONDS", 3600.0)
    await asyncio.sleep(0.5)  # the look under way is the last one
    await delete(wire, "water")
    for _ in range(5):
        await broker.lag()
        await answer_and_wait(wire, ("city-police", "tax"))


async def reading(wire: Wire) -> Broker:
    """A broker that reads the replies of `PARTIES` alone."""
    broker = reading_broker(wire.routing, wire.kafka, wire.prefix, replies=wire.note_replies, parties=PARTIES)
    wire.consumers.append(broker)
    await broker.start()
    return broker


def make(wire: Wire, *parties: str) -> None:
    wanted = [topics.replies_topic(party) for party in parties]
    create_topics(wire.kafka, [replace(topic, name=wire.prefix + topic.name) for topic in wanted])


async def delete(wire: Wire, party: str) -> None:
    admin = AdminClient({"bootstrap.servers": wire.kafka, "log_level": 3})
    name = f"{wire.prefix}{topics.replies_topic(party).name}"
    admin.delete_topics([name], operation_timeout=30)[name].result()

    async def is_gone() -> bool:
        return name not in admin.list_topics(timeout=15).topics

    await until(is_gone)


async def answer(wire: Wire, party: str, root: UUID) -> None:
    await wire.reply(party, **a_reply(party, root, id=str(uuid4()), office=party))


async def answer_and_wait(wire: Wire, parties: Sequence[str]) -> None:
    """Each of these parties says something, and it takes effect."""
    said = {party: uuid4() for party in parties}
    for party, root in said.items():
        await answer(wire, party, root)
    for root in said.values():
        await until(lambda root=root: has_effect(wire, root))


async def has_effect(wire: Wire, root: UUID) -> bool:
    return bool(await wire.effects(root))


async def has_effects(wire: Wire, root: UUID, count: int) -> bool:
    return len(await wire.effects(root)) == count


async def has_unread(broker: Broker, parties: list[str]) -> bool:
    return broker.unread_parties() == parties
