"""Topics as `shared.events.topics` describes them, made and looked at through Kafka's admin client."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from confluent_kafka import KafkaError, KafkaException, TopicPartition
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
class Seen:
    """A topic as the broker has it."""

    topic: Topic
    exists: bool
    partitions: int


def wanted_topics(parties: Sequence[Party] | None = None) -> list[Topic]:
    """Our own, and three for every party that connects."""
    connected = [party for party in (read_parties() if parties is None else parties) if party.topics]
    return [*topics.OWN, *(topic for party in connected for topic in topics.party_topics(party.name))]


def create_topics(bootstrap: str, wanted: Sequence[Topic] | None = None, replicas: int = 1) -> int:
    """Make those that are not there; how many that were."""
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 3})
    before = look_at(bootstrap, wanted_topics() if wanted is None else wanted, admin)
    for seen in before:
        if seen.exists and seen.partitions != seen.topic.partitions:
            raise WrongTopicError(
                f"{seen.topic.name} has {seen.partitions} partitions, not {seen.topic.partitions}"
            )
    missing = [seen.topic for seen in before if not seen.exists]
    if missing:
        _make(admin, missing, replicas)
        _wait_seen(bootstrap, missing, admin)
    return len(missing)


def look_at(bootstrap: str, wanted: Sequence[Topic], admin: AdminClient | None = None) -> list[Seen]:
    """Each wanted topic beside what the broker has."""
    client = admin or AdminClient({"bootstrap.servers": bootstrap, "log_level": 3})
    known = client.list_topics(timeout=15).topics
    return [
        Seen(topic, topic.name in known, len(known[topic.name].partitions) if topic.name in known else 0)
        for topic in wanted
    ]


def _make(admin: AdminClient, missing: Sequence[Topic], replicas: int) -> None:
    asked = [NewTopic(t.name, t.partitions, replicas, config=_settings(t)) for t in missing]
    for answer in admin.create_topics(asked, operation_timeout=WAIT).values():
        try:
            answer.result()
        except KafkaException as failed:
            if failed.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise


def _settings(topic: Topic) -> dict[str, str]:
    kept = "-1" if topic.retention is None else str(int(topic.retention.total_seconds() * 1000))
    return {
        "cleanup.policy": "compact" if topic.compacted else "delete",
        "retention.ms": kept,
        # Records of a city whose clock stands in the past must not look old to the broker.
        "message.timestamp.type": "LogAppendTime",
        # We send snappy, which some clients read only with a library more: the broker unpacks it for parties.
        "compression.type": "uncompressed" if topic.name.startswith("agency.") else "producer",
    }


def _wait_seen(bootstrap: str, made: Sequence[Topic], admin: AdminClient) -> None:
    """A made topic needs a moment until every client sees it with its leaders."""
    until = time.monotonic() + WAIT
    while not all(seen.exists for seen in look_at(bootstrap, made, admin)):
        if time.monotonic() > until:
            raise TimeoutError("the topics were made but do not show")
        time.sleep(0.1)


def count_records(bootstrap: str, of: Sequence[Topic]) -> dict[str, int]:
    """How many records each topic holds now (a compacted one: at most)."""
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 3})
    partitions = [TopicPartition(topic.name, n) for topic in of for n in range(topic.partitions)]
    first, last = (_offsets(admin, partitions, spec) for spec in (OffsetSpec.earliest(), OffsetSpec.latest()))
    held: dict[str, int] = {}
    for partition, end in last.items():
        held[partition.topic] = held.get(partition.topic, 0) + end - first[partition]
    return held


def _offsets(
    admin: AdminClient, partitions: Sequence[TopicPartition], spec: OffsetSpec | None
) -> dict[TopicPartition, int]:
    if spec is None:
        raise TypeError("this client knows no such offset")
    asked = admin.list_offsets(dict.fromkeys(partitions, spec))
    return {partition: answer.result().offset for partition, answer in asked.items()}
