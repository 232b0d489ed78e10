"""The topics of parties, read from their beginning: a simulated agency keeps no other state."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    IsolationLevel,
    KafkaError,
    KafkaException,
    Message,
    Producer,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._listoffsets import EarliestSpec, LatestSpec, OffsetSpec

from deploy.demo.agencies.work import TYPE_PREFIX, Act, Task

_TOPIC = re.compile(r"agency\.([a-z0-9-]+)\.(tasks|replies)")
Offsets = dict[tuple[str, int], int]
MAX_TRIES = 50
Settings = dict[str, str | int | float | bool]


class PartiesLog:
    """Consumer of these parties' tasks and earlier replies, and producer of their replies."""

    def __init__(self, bootstrap: str, parties: Sequence[str]) -> None:
        self._parties = list(parties)
        settings: Settings = {"bootstrap.servers": bootstrap, "client.id": "pretend-agencies"}
        self._admin = AdminClient(settings)
        self._producer = Producer(settings | {"enable.idempotence": True, "linger.ms": 2})
        consumer_settings: Settings = {
            "group.id": "pretend-agencies",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "isolation.level": "read_committed",
            "fetch.wait.max.ms": 100,
        }
        self._consumer = Consumer(settings | consumer_settings)
        self._tasks = self._partitions("tasks")
        self._next_offsets: Offsets = {}

    @property
    def parties(self) -> list[str]:
        """The parties that have topics."""
        return sorted({_party(topic) for topic, _ in self._tasks})

    @property
    def read_so_far(self) -> int:
        """The sum of the positions on the tasks topics. It equals the sum of their ends once all is read."""
        return sum(place for place in self._next_offsets.values() if place > 0)

    def written_reply_ids(self) -> set[str]:
        """The ids of all replies written before this process started."""
        ids = {_header(record, "ce_id") for record in self._until_end(self._partitions("replies"))}
        self._next_offsets = {}
        return ids

    def new_records(self) -> list[Message]:
        """The records of the tasks topics that were not read yet, up to the current ends."""
        return list(self._until_end(self._tasks))

    def write(self, acts: list[Act]) -> None:
        """Write the replies and wait until the broker has them. Raises TimeoutError after 30 seconds."""
        for act in acts:
            for _ in range(act.copies):
                self._producer.produce(
                    f"agency.{act.task.party}.replies",
                    key=act.task.root.encode(),
                    value=act.value,
                    headers=list(_headers(act).items()),
                )
        if self._producer.flush(30):
            raise TimeoutError("the broker took no replies for 30 seconds")

    def _partitions(self, kind: str) -> list[tuple[str, int]]:
        topics = self._admin.list_topics(timeout=15).topics
        names = [f"agency.{party}.{kind}" for party in self._parties]
        existing = sorted(name for name in names if name in topics)
        return [(name, number) for name in existing for number in sorted(topics[name].partitions)]

    def _until_end(self, places: list[tuple[str, int]]) -> Iterator[Message]:
        self._assign_once(places)
        ends = self._offsets(places, LatestSpec())
        missing = sum(max(end - self._next_offsets.get(place, 0), 0) for place, end in ends.items())
        while missing > 0:
            record = self._consumer.poll(5)
            if record is None:
                continue
            error, place = record.error(), (record.topic() or "", record.partition() or 0)
            if error is None:
                self._next_offsets[place] = (record.offset() or 0) + 1
            elif error.code() == KafkaError._PARTITION_EOF:
                self._next_offsets[place] = record.offset() or 0  # beyond markers of transactions too
            missing = sum(max(end - self._next_offsets.get(key, 0), 0) for key, end in ends.items())
            if error is None:
                yield record

    def _assign_once(self, places: list[tuple[str, int]]) -> None:
        if self._next_offsets or not places:
            return
        self._next_offsets = self._offsets(places, EarliestSpec())
        self._consumer.assign([TopicPartition(t, p, OFFSET_BEGINNING) for t, p in places])

    def _offsets(self, places: list[tuple[str, int]], spec: OffsetSpec) -> Offsets:
        specs = {TopicPartition(topic, number): spec for topic, number in places}
        for _ in range(MAX_TRIES - 1):
            with suppress(KafkaException):  # a new topic has no leader at first
                return self._list_offsets(specs)
            time.sleep(0.1)
        return self._list_offsets(specs)

    def _list_offsets(self, specs: dict[TopicPartition, OffsetSpec]) -> Offsets:
        futures = self._admin.list_offsets(specs, isolation_level=IsolationLevel.READ_COMMITTED)
        return {
            (partition.topic, partition.partition): future.result().offset
            for partition, future in futures.items()
        }


def read_task(record: Message) -> Task | None:
    """The task of a `task.queued.v1` record or of a question; None for other records."""
    if _type(record) not in {"task.queued.v1", "subquery.asked.v1"}:
        return None
    data = _data(record)
    return Task(
        party=_party(record.topic() or ""),
        root=_header(record, "ce_subject"),
        dossier_id=data["dossier_id"],
        task_id=data["task_id"],
        step=data["step"],
        office=data["office"],
        procedure=data["procedure"]["code"],
        due_at=datetime.fromisoformat(data["due_at"]),
        queued_at=datetime.fromisoformat(_header(record, "ce_time")),
        outcomes=tuple(data.get("outcomes") or ()),
    )


def closed_task(record: Message) -> str | None:
    """The id of the task that this record closes; None for other records."""
    if _type(record) != "task.closed.v1":
        return None
    return _data(record)["task_id"]


def _type(record: Message) -> str:
    return _header(record, "ce_type").removeprefix(TYPE_PREFIX)


def _data(record: Message) -> dict[str, Any]:
    """The fields of the event. In records of before those of the type stood in a field `data`."""
    value: dict[str, Any] = json.loads(record.value() or b"{}")
    return value.pop("data", {}) | value


def _headers(act: Act) -> dict[str, str]:
    return {
        "ce_specversion": "1.0",
        "ce_id": act.id,
        "ce_type": TYPE_PREFIX + act.type,
        "ce_source": f"/party/{act.task.party}",
        "ce_subject": act.task.root,
        "ce_time": act.at.isoformat(),
        "content-type": "application/json",
    }


def _header(record: Message, name: str) -> str:
    for key, value in record.headers() or []:
        if key == name and value is not None:
            with suppress(UnicodeDecodeError):
                return value.decode() if isinstance(value, bytes) else value
    return ""


def _party(topic: str) -> str:
    match = _TOPIC.fullmatch(topic)
    return match[1] if match else ""
