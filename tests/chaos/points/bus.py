"""A stranger on the bus: hears every record, and answers every task as a party's own system would."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any, Self

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from deploy.demo.city_day.closing_check.delivered import QUEUED
from deploy.demo.city_day.closing_check.topics import Record, party
from shared.events import topics
from shared.events.agency import DONE

OURS = (topics.DOSSIER_EVENTS, topics.CASE_UPDATES, topics.CITIZEN_CONTACTS, topics.NOTIFICATION_RESULTS)


class Bus:
    """Every record of our topics and of some parties', in the order of each partition."""

    def __init__(self, bootstrap: str, parties: Sequence[str]) -> None:
        self.records: list[Record] = []
        wanted = [*OURS, *(topic for name in parties for topic in topics.party_topics(name))]
        self._places = [TopicPartition(t.name, n) for t in wanted for n in range(t.partitions)]
        self._ear = AIOKafkaConsumer(
            bootstrap_servers=bootstrap, fetch_max_wait_ms=100, isolation_level="read_committed"
        )
        self._mouth = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all")
        self._hearing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self._ear.start()
        await self._mouth.start()
        self._ear.assign(self._places)
        await self._ear.seek_to_beginning(*self._places)
        self._hearing = asyncio.create_task(self._hear())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._hearing is not None:
            self._hearing.cancel()
            await asyncio.gather(self._hearing, return_exceptions=True)
        await self._ear.stop()
        await self._mouth.stop()

    async def heard_all(self) -> bool:
        """Whether everything that stands on the topics now has been heard."""
        ends = await self._ear.end_offsets(self._places)
        heard = [await self._ear.position(place) for place in self._places]
        return all(at >= ends[place] for place, at in zip(self._places, heard, strict=True))

    async def _hear(self) -> None:
        while True:
            for found in (await self._ear.getmany(timeout_ms=200)).values():
                said = [_record(one) for one in found]
                self.records += said
                await asyncio.gather(*(self._answer(one) for one in said if one.type == QUEUED))

    async def _answer(self, task: Record) -> None:
        """Done, granted where it decides, and said twice. A task told twice gets the same id."""
        told = json.loads(task.value)
        data = {name: told[name] for name in ("dossier_id", "task_id", "office")}
        if told["outcomes"]:
            data["outcome"] = "granted"
        name = party(task.topic)
        said: dict[str, Any] = {
            "key": task.key,
            "value": json.dumps(data).encode(),
            "headers": _headers(name, data["task_id"], task.key),
        }
        for _ in range(2):
            await self._mouth.send(topics.replies_topic(name).name, **said)


def _headers(name: str, task_id: str, key: bytes) -> list[tuple[str, bytes]]:
    return [
        ("ce_specversion", b"1.0"),
        ("ce_id", f"{task_id}/done".encode()),
        ("ce_type", f"vn.motcua.{DONE}".encode()),
        ("ce_source", f"/party/{name}".encode()),
        ("ce_subject", key),
        ("ce_time", b"2026-03-06T09:30:00+07:00"),
    ]


def _record(raw: Any) -> Record:
    headers = {name: value or b"" for name, value in raw.headers}
    return Record(raw.topic, raw.partition, raw.offset, raw.key or b"", raw.value or b"", headers)
