"""Parties with a system of their own: each task is answered at once over Kafka, sometimes twice."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, Message, Producer, TopicPartition

from deploy.demo.agencies import temper
from deploy.demo.agencies.kafka_log import read_task
from deploy.demo.agencies.work import (
    COMPLETED,
    DECLINED,
    KEPT,
    MEETINGS,
    NAMES,
    PROPOSED,
    STARTED,
    Task,
    granted,
)

STARTS, DECLINES, TWICE = 0.3, 0.02, 0.15
PAUSE_SECONDS = 0.1
FAR_AHEAD = timedelta(days=30)
"""However late an office is read, the time that it proposes is still to come."""


@dataclass(frozen=True)
class Reply:
    """One record for a party's replies topic."""

    task: Task
    type: str
    data: dict[str, str]

    @property
    def id(self) -> str:
        return str(uuid.uuid5(NAMES, f"{self.task.task_id} {self.type}"))

    def headers(self) -> list[tuple[str, str | bytes | None]]:
        """CloudEvents in binary mode, as the agency guide asks."""
        said = {
            "ce_specversion": "1.0",
            "ce_id": self.id,
            "ce_type": f"vn.motcua.{self.type}",
            "ce_source": f"/party/{self.task.party}",
            "ce_subject": self.task.root,
            "ce_time": self.task.queued_at.isoformat(),
            "content-type": "application/json",
        }
        return list(said.items())

    def value(self) -> bytes:
        data = {"task_id": self.task.task_id, "office": self.task.office} | self.data
        return json.dumps({"dossier_id": self.task.dossier_id} | data, ensure_ascii=False).encode()


@dataclass
class Offices:
    """All of them in one thread; `insisted` counts the replies that had to be written again."""

    bootstrap: str
    seed: int
    insisted: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _owed: dict[tuple[str, str], list[Reply]] = field(default_factory=dict)
    _declined: set[tuple[str, str]] = field(default_factory=set)
    _known: set[str] = field(default_factory=set)

    def work(self) -> None:
        """Read and answer, until told to stop; whatever Kafka does meanwhile."""
        common = {"bootstrap.servers": self.bootstrap, "log_level": 0, "reconnect.backoff.max.ms": 1000}
        alone = {"group.id": "offices", "enable.auto.commit": False, "isolation.level": "read_committed"}
        reader = Consumer(common | alone)
        writer = Producer(common | {"enable.idempotence": True, "message.timeout.ms": 20_000})
        topics = reader.list_topics(timeout=15).topics
        places = [(name, n) for name in topics if name.endswith(".tasks") for n in topics[name].partitions]
        reader.assign([TopicPartition(name, n, OFFSET_BEGINNING) for name, n in places])
        while not self._stop.is_set():
            for record in reader.consume(500, timeout=PAUSE_SECONDS):
                if not record.error():
                    self._note(record)
            self._write(writer)
        reader.close()

    def stop(self) -> None:
        """Go home."""
        self._stop.set()

    def _note(self, record: Message) -> None:
        task = read_task(record)
        if task is not None and task.task_id not in self._known:
            self._known.add(task.task_id)
            replies = list(self._answers(task))
            self._owed[task.root, task.task_id] = replies

    def _answers(self, task: Task) -> Iterator[Reply]:
        rolled = (self.seed, task.task_id)
        place = (task.root, task.step)
        if temper.roll("declines", *rolled) < DECLINES and place not in self._declined:
            self._declined.add(place)
            yield Reply(task, DECLINED, {"reason": "Chưa đúng thẩm quyền, đề nghị xem lại nơi nhận"})
            return
        if temper.roll("starts", *rolled) < STARTS:
            yield Reply(task, STARTED, {})
        if (task.procedure, task.step) in MEETINGS:
            yield Reply(task, PROPOSED, {"meet_at": (task.due_at + FAR_AHEAD).isoformat()})
            yield Reply(task, KEPT, {})
        copies = 2 if temper.roll("twice", *rolled) < TWICE else 1
        yield from [Reply(task, COMPLETED, granted(task))] * copies

    def _write(self, producer: Producer) -> None:
        """What is owed is written; what the broker did not confirm stays owed, and is written again."""
        failed: set[tuple[str, str]] = set()
        for owed, replies in self._owed.items():
            for reply in replies:
                self._produce(producer, reply, owed, failed)
        if producer.flush(30):
            producer.purge()
            producer.flush(1)
        self.insisted += len(failed)
        self._owed = {owed: replies for owed, replies in self._owed.items() if owed in failed}

    def _produce(
        self, producer: Producer, reply: Reply, owed: tuple[str, str], failed: set[tuple[str, str]]
    ) -> None:
        def confirmed(error: KafkaError | None, _: Message) -> None:
            if error is not None:
                failed.add(owed)

        producer.produce(
            f"agency.{reply.task.party}.replies",
            key=reply.task.root.encode(),
            value=reply.value(),
            headers=reply.headers(),
            on_delivery=confirmed,
        )
