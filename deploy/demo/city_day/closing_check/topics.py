"""All records of all topics, read with a plain Kafka client."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, Message, TopicPartition

PARTY_TOPIC = re.compile(r"agency\.([a-z0-9-]+)\.(tasks|replies|problems)")


@dataclass(frozen=True)
class Record:
    """A record with raw bytes."""

    topic: str
    partition: int
    offset: int
    key: bytes
    value: bytes
    headers: dict[str, bytes]

    @property
    def type(self) -> str:
        """The name of the type, without the prefix that names have on the wire."""
        return self.headers.get("ce_type", b"").decode(errors="replace").removeprefix("vn.motcua.")

    @property
    def data(self) -> dict[str, Any]:
        """The fields of the event. In records of before they stood in a field `data`."""
        value = json.loads(self.value)
        return value["data"] if isinstance(value.get("data"), dict) else value

    @property
    def id(self) -> str:
        return self.headers.get("ce_id", b"").decode(errors="replace")

    def everything(self) -> bytes:
        """Key, value and headers in one, to search them."""
        return b"\n".join((self.key, self.value, *(n.encode() + b"=" + v for n, v in self.headers.items())))


def party(topic: str) -> str:
    """The party of an `agency.<party>.…` topic; for other topics the topic's name."""
    match = PARTY_TOPIC.fullmatch(topic)
    return match[1] if match else topic


def read_all(bootstrap: str, topic: str | None = None) -> list[Record]:
    """The records of one topic, or of all except the broker's internal ones, up to the current ends."""
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": "closing-check",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "isolation.level": "read_committed",
        }
    )
    try:
        return list(_until_end(consumer, topic))
    finally:
        consumer.close()


def _until_end(consumer: Consumer, only: str | None) -> Iterator[Record]:
    metadata = consumer.list_topics(only, timeout=15) if only else consumer.list_topics(timeout=15)
    places = [
        (name, partition)
        for name, topic_metadata in metadata.topics.items()
        if not name.startswith("__")
        for partition in topic_metadata.partitions
    ]
    remaining = set(places)
    consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for topic, number in places])
    while remaining:
        for message in consumer.consume(500, timeout=1):
            error = message.error()
            if error is None:
                yield _record(message)
            elif error.code() == KafkaError._PARTITION_EOF:
                remaining.discard((message.topic() or "", message.partition() or 0))
            else:
                raise RuntimeError(str(error))


def _record(message: Message) -> Record:
    headers = {name: _bytes(value) for name, value in message.headers() or []}
    return Record(
        topic=message.topic() or "",
        partition=message.partition() or 0,
        offset=message.offset() or 0,
        key=_bytes(message.key()),
        value=_bytes(message.value()),
        headers=headers,
    )


def _bytes(value: str | bytes | None) -> bytes:
    return value.encode() if isinstance(value, str) else value or b""
