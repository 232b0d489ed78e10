"""A relay notes how far its topics are its own; a number on Kafka it never gave is seen at the next start."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.local.servers.topics import create_topics
from shared.events import topics
from shared.messaging.publish import published_positions
from shared.messaging.recovery import restore_guard
from shared.messaging.recovery.topic_audit import TopicAudit
from tests.builders.wire import refused
from tests.integration.messaging.conftest import Wire

pytestmark = pytest.mark.integration


async def ends(wire: Wire) -> dict[tuple[str, int], int]:
    """Where each partition with records ends."""
    consumer = AIOKafkaConsumer(bootstrap_servers=wire.kafka, isolation_level="read_committed")
    await consumer.start()
    topic = topics.DOSSIER_EVENTS
    places = [TopicPartition(wire.prefix + topic.name, n) for n in range(topic.partitions)]
    consumer.assign(places)
    found = await consumer.end_offsets(places)
    await consumer.stop()
    return {(topic.name, place.partition): end for place, end in found.items() if end}


async def test_positions_are_those_of_kafka(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published_positions, "EVERY_SECONDS", 0.0)
    await wire.consumer()
    wire.relay()
    for _ in range(3):
        await wire.publish([refused(uuid4()) for _ in range(50)])
        await wire.quiet()

    assert await published_positions.read(wire.intake) == await ends(wire)


async def test_a_number_that_was_never_given_here_is_seen(wire: Wire) -> None:
    await wire.consumer()
    wire.relay()
    root = uuid4()
    await wire.publish([refused(root)])
    await wire.quiet()
    own = TopicAudit(wire.intake, wire.kafka, "intake", wire.prefix)
    assert not await restore_guard.is_behind(own)

    await wire.publish([refused(root)])
    await wire.quiet()
    await wire.intake.execute("UPDATE sequence_given SET seq = 1")

    assert await restore_guard.is_behind(own)
    await wire.intake.execute("UPDATE sequence_given SET seq = 2")
    assert not await restore_guard.is_behind(own)


async def test_a_topic_that_only_looks_like_a_partys_stops_nobody(wire: Wire) -> None:
    """Whoever may create topics could make one, with whatever partitions."""
    stranger = replace(topics.tasks_topic("evil"), name=f"{wire.prefix}agency.evil.tasks", partitions=1)
    own_party = [replace(topic, name=wire.prefix + topic.name) for topic in topics.party_topics("tax")]
    create_topics(wire.kafka, [stranger, *own_party])
    audit = TopicAudit(wire.routing, wire.kafka, "routing", wire.prefix, parties=["tax", "not-connected-yet"])
    guard = restore_guard.RestoreGuard(audit)
    async with asyncio.timeout(30):  # it asks again while a new topic has no leader yet
        await guard.reconcile()
    read = {topic for topic, _ in await published_positions.read(wire.routing)}
    assert read == {"agency.tax.tasks", "agency.tax.problems"}
