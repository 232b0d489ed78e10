"""A party's own system: confluent-kafka, six headers, a small body, and none of our code."""

import json
import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from confluent_kafka import OFFSET_BEGINNING, Consumer, Message, Producer, TopicPartition


@dataclass(frozen=True)
class Received:
    """A record as a stranger reads it."""

    type: str
    subject: str
    data: dict[str, Any]


class ForeignAgency:
    """Reads its `.tasks` and `.problems`, writes its `.replies`."""

    def __init__(self, bootstrap: str, party: str, prefix: str = "") -> None:
        self.party, self._prefix = party, prefix
        self._producer = Producer({"bootstrap.servers": bootstrap})
        self._readers = {kind: self._reader(bootstrap, kind) for kind in ("tasks", "problems")}

    def next(self, kind: str = "tasks", patience: float = 20.0) -> Received:
        """The next record of a topic of ours."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            record = self._readers[kind].poll(0.1)
            if record is not None and record.error() is None:
                return _read(record)
        raise TimeoutError(f"nothing came on {kind} of {self.party}")

    def nothing_more(self, kind: str = "tasks", patience: float = 0.5) -> bool:
        """Whether nothing else comes."""
        try:
            self.next(kind, patience)
        except TimeoutError:
            return True
        return False

    def reply(self, task: Received, type: str = "task.completed.v1", *, id: str = "", **data: object) -> None:
        """Answer a task. One that decides is granted."""
        about = {name: task.data[name] for name in ("dossier_id", "task_id", "office")}
        if type == "task.completed.v1" and task.data["outcomes"]:
            about["outcome"] = "granted"
        body = json.dumps({**about, **data}).encode()
        self.send(body, subject=task.subject, type=type, id=id or str(uuid4()))

    def send(self, body: bytes, *, subject: str, type: str, id: str) -> None:
        """Whatever somebody may send."""
        head = {
            "ce_specversion": "1.0",
            "ce_id": id,
            "ce_type": f"vn.motcua.{type}",
            "ce_source": f"/party/{self.party}",
            "ce_subject": subject,
            "ce_time": "2026-03-06T09:00:00+07:00",
        }
        topic = f"{self._prefix}agency.{self.party}.replies"
        self._producer.produce(topic, body, subject, headers=list(head.items()))
        self._producer.flush(10)

    def close(self) -> None:
        """Leave."""
        for reader in self._readers.values():
            reader.close()

    def _reader(self, bootstrap: str, kind: str) -> Consumer:
        """Of all partitions, from the beginning. It joins no group: when that changes while it leaves, the
        library may wait for ever, holding the interpreter, and the whole run with it.
        """
        topic = f"{self._prefix}agency.{self.party}.{kind}"
        alone = {"group.id": f"{self.party}.{uuid4().hex[:8]}", "enable.auto.commit": False}
        committed = {"isolation.level": "read_committed"}
        reader = Consumer({"bootstrap.servers": bootstrap, **alone, **committed})
        partitions = reader.list_topics(topic, timeout=10).topics[topic].partitions
        reader.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in partitions])
        return reader


def _read(record: Message) -> Received:
    headers: Any = record.headers() or []  # the library's types allow more than a record can hold
    head: dict[str, str] = {name: value.decode() for name, value in headers}
    key = (record.key() or b"").decode()
    assert key == head["ce_subject"]
    return Received(head["ce_type"].removeprefix("vn.motcua."), key, json.loads(record.value() or b""))
