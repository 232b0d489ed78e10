"""Creation and description of topics through Kafka's admin client, as `shared.events.topics` defines them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from confluent_kafka import KafkaError, KafkaException, TopicCollection, TopicPartition
from confluent_kafka.admin import (
    AdminClient,
    OffsetSpec,  # pyright: ignore[reportPrivateImportUsage]  # exported, but not listed
)
from confluent_kafka.cimpl import NewTopic

from deploy.local.parties import Party, read_parties
from shared.events import topics
from shared.events.topics import Topic

WAIT = 30.0


class WrongTopicError(RuntimeError):
    """A topic exists with another number of partitions; that number never changes."""


@dataclass(frozen=True)
class BrokerTopic:
    """A topic in the broker."""

    topic: Topic
    exists: bool
    partitions: int


def wanted_topics(parties: Sequence[Party] | None = None) -> list[Topic]:
    """Our own topics, and three for every party with topics."""
    connected = [party for party in (read_parties() if parties is None else parties) if party.topics]
    return [
        *topics.SERVICE_TOPICS,
        *(topic for party in connected for topic in topics.party_topics(party.name)),
    ]


def create_topics(bootstrap: str, topic_specs: Sequence[Topic] | None = None, replicas: int = 1) -> int:
    """Create missing topics. Returns their number."""
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 3})
    described = describe_topics(bootstrap, wanted_topics() if topic_specs is None else topic_specs, admin)
    for existing in described:
        spec = existing.topic
        if existing.exists and existing.partitions != spec.partitions:
            raise WrongTopicError(f"{spec.name} has {existing.partitions} partitions, not {spec.partitions}")
    missing = [existing.topic for existing in described if not existing.exists]
    if missing:
        _create(admin, missing, replicas)
        _wait_visible(bootstrap, missing, admin)
    return len(missing)


def describe_topics(
    bootstrap: str, topic_specs: Sequence[Topic], admin: AdminClient | None = None
) -> list[BrokerTopic]:
    """Each wanted topic with the broker's, or None.

    Asks about these topics alone: a broker that serves many tests has thousands of others.
    """
    client = admin or AdminClient({"bootstrap.servers": bootstrap, "log_level": 3})
    counts = {topic.name: 0 for topic in topic_specs}
    futures = client.describe_topics(TopicCollection([*counts]), request_timeout=15) if counts else {}
    for name, future in futures.items():
        error = future.exception()
        if error is None:
            counts[name] = len(future.result().partitions)
        elif error.args[0].code() != KafkaError.UNKNOWN_TOPIC_OR_PART:
            raise error
    return [BrokerTopic(topic, counts[topic.name] > 0, counts[topic.name]) for topic in topic_specs]


def _create(admin: AdminClient, missing: Sequence[Topic], replicas: int) -> None:
    new_topics = [
        NewTopic(topic.name, topic.partitions, replicas, config=_settings(topic)) for topic in missing
    ]
    for future in admin.create_topics(new_topics, operation_timeout=WAIT).values():
        try:
            future.result()
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise


def _settings(topic: Topic) -> dict[str, str]:
    retention = "-1" if topic.retention is None else str(int(topic.retention.total_seconds() * 1000))
    return {
        "cleanup.policy": "compact" if topic.compacted else "delete",
        "retention.ms": retention,
        # Records of a city whose clock is in the past must not look old to the broker.
        "message.timestamp.type": "LogAppendTime",
        # We send snappy, which some clients read only with a library more: the broker unpacks it for parties.
        "compression.type": "uncompressed" if topic.name.startswith("agency.") else "producer",
    }


def _wait_visible(bootstrap: str, created: Sequence[Topic], admin: AdminClient) -> None:
    """Wait until every client sees the new topics with their leaders."""
    deadline = time.monotonic() + WAIT
    while not all(described_topic.exists for described_topic in describe_topics(bootstrap, created, admin)):
        if time.monotonic() > deadline:
            raise TimeoutError("the topics were made but do not show")
        time.sleep(0.1)


def count_records(bootstrap: str, topic_specs: Sequence[Topic]) -> dict[str, int]:
    """How many records each topic holds now (a compacted one: at most)."""
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 3})
    partitions = [TopicPartition(topic.name, n) for topic in topic_specs for n in range(topic.partitions)]
    first, last = (_offsets(admin, partitions, spec) for spec in (OffsetSpec.earliest(), OffsetSpec.latest()))
    counts: dict[str, int] = {}
    for partition, end in last.items():
        counts[partition.topic] = counts.get(partition.topic, 0) + end - first[partition]
    return counts


def _offsets(
    admin: AdminClient, partitions: Sequence[TopicPartition], spec: OffsetSpec | None
) -> dict[TopicPartition, int]:
    if spec is None:
        raise TypeError("this client knows no such offset")
    futures = admin.list_offsets(dict.fromkeys(partitions, spec))
    return {partition: future.result().offset for partition, future in futures.items()}
