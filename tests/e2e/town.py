"""Who acts in a story, and how: citizens and officers by HTTP, parties by a Kafka client not ours."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar
from uuid import uuid4

import httpx
from kafka import KafkaConsumer, KafkaProducer
from kafka.structs import TopicPartition

from deploy.local.stack import Stack
from tests.builders.counters import office_of

STARTED, COMPLETED, DECLINED = "task.started.v1", "task.completed.v1", "task.declined.v1"
PATIENCE_SECONDS = 20
_people = count(1)
T = TypeVar("T")


@dataclass(frozen=True)
class Slip:
    """What the citizen holds after filing, and how to reach them."""

    dossier_id: str
    code: str
    secret: str
    state: str
    phone: str
    email: str


@dataclass(frozen=True)
class Task:
    """A `task.queued.v1` as the party reads it. `outcomes`: the words of which one ends it."""

    id: str
    step: str
    office: str
    dossier_id: str
    root: str
    outcomes: tuple[str, ...] = ()


class Town:
    """All doors of one stack."""

    def __init__(self, stack: Stack, http: httpx.AsyncClient) -> None:
        self.stack, self._http = stack, http
        self._writer = KafkaProducer(bootstrap_servers=stack.kafka, acks="all")

    @staticmethod
    @asynccontextmanager
    async def open(stack: Stack) -> AsyncIterator[Town]:
        """Connect, and hang up in the end."""
        async with httpx.AsyncClient(timeout=20, trust_env=False) as http:
            town = Town(stack, http)
            try:
                yield town
            finally:
                town._writer.close()

    # citizens

    async def files(
        self, procedure: str, *, place: dict[str, str], channel: str = "online", by: str = "", **body: Any
    ) -> Slip:
        """Someone hands a dossier in, and gets a slip; `by`: the party that files for them."""
        number = next(_people)
        phone, email = f"+84900200{number:03}", f"vidu2{number:03}@example.vn"
        sent = {
            "procedure": procedure,
            "channel": channel,
            "place": place,
            "applicant": {
                "name": "Nguyễn Ví Dụ Yến",
                "sex": "nữ",
                "born": "1991-10-04",
                "id_number": f"099191{number:06}",
            },
            "contact": {"phone": phone, "email": email, "language": "vi", "text": "plain"},
            "filed_by": "self",
            "facts": {},
            "papers": [{"type": "TOKHAI", "file": "tokhai.pdf", "bytes": 71680}],
            "delivery": "electronic",
        } | body
        own = {"X-API-Key": self.stack.agencies[by]} if by else {}
        answer = await self._http.post(
            f"{self.stack.intake_url}/v1/dossiers", json=sent, headers={"Idempotency-Key": str(uuid4())} | own
        )
        assert answer.status_code == 201, answer.text
        slip = answer.json()
        return Slip(slip["dossier_id"], slip["code"], slip["secret"], slip["state"], phone, email)

    async def sees(self, slip: Slip) -> dict[str, Any]:
        """What the tracking page tells the holder of the slip."""
        asked = {"code": slip.code, "secret": slip.secret}
        return (await self._http.post(f"{self.stack.intake_url}/v1/tracking", json=asked)).json()

    async def sees_state(self, slip: Slip, state: str) -> dict[str, Any]:
        """Wait until the page shows this state."""

        async def page() -> dict[str, Any] | None:
            shown = await self.sees(slip)
            return shown if shown["state"] == state else None

        return await eventually(page, f"{slip.code} to be {state}")

    async def got(self, slip: Slip, messages: int) -> list[dict[str, Any]]:
        """Wait until the citizen has so many texts and letters, oldest first; more than that is an error."""

        async def arrived() -> list[dict[str, Any]] | None:
            every = (await self._http.get(f"{self.stack.sinks_url}/messages")).json()
            own = [one for one in every if one["to"].lstrip("+") in (slip.phone.lstrip("+"), slip.email)]
            return own if len(own) >= messages else None

        own = await eventually(arrived, f"{messages} messages about {slip.code}")
        assert len(own) == messages, own
        return own

    # officers

    async def at_counter(self, slip: Slip, act: str, **said: str) -> dict[str, Any]:
        """The counter accepts or refuses."""
        url = f"{self.stack.intake_url}/v1/dossiers/{slip.code}/{act}"
        return await self._act(url, self.stack.counter_api_key, said, office=office_of(slip.code))

    async def on_desk(self, party: str, slip: Slip) -> list[dict[str, Any]]:
        """Wait until something of this dossier lies on the party's desk."""
        return await self._listed(slip, self.stack.agencies[party], party=party)

    async def with_operator(self, slip: Slip) -> list[dict[str, Any]]:
        """Wait until an operator has something of this dossier."""
        return await self._listed(slip, self.stack.operator_api_key, office="PASC")

    async def does(self, party: str, task: dict[str, Any], act: str, **said: str) -> dict[str, Any]:
        """A person at a desk starts, completes or declines."""
        url = f"{self.stack.routing_url}/v1/tasks/{task['task_id']}/{act}"
        return await self._act(url, self.stack.agencies[party], {"office": task["office"]} | said)

    async def resends(self, task: dict[str, Any], office: str) -> dict[str, Any]:
        """The operator sends what was given back to another office."""
        url = f"{self.stack.routing_url}/v1/tasks/{task['task_id']}/reroute"
        said = {"office": office, "reason": "Thuộc địa bàn của cơ quan này"}
        return await self._act(url, self.stack.operator_api_key, said)

    async def life(self, slip: Slip) -> dict[str, Any]:
        """A dossier's life as an operator sees it."""
        key = {"X-API-Key": self.stack.operator_api_key}
        return (await self._http.get(f"{self.stack.routing_url}/v1/cases/{slip.code}", headers=key)).json()

    # parties

    async def queued(self, party: str, slip: Slip, tasks: int) -> list[Task]:
        """Wait until the party has been sent so many tasks of this dossier; more than that is an error."""

        async def sent() -> list[Task] | None:
            found = [_task(record) for record in self.records(f"agency.{party}.tasks", slip)]
            return found if len(found) >= tasks else None

        found = await eventually(sent, f"{tasks} tasks of {slip.code} at {party}")
        assert len(found) == tasks, found
        return found

    def replies(self, party: str, task: Task, type_: str, **changed: Any) -> str:
        """The party writes the smallest reply: what decides is granted. Returns its id."""
        id_ = changed.pop("id", str(uuid4()))
        data = {"dossier_id": task.dossier_id, "task_id": task.id, "office": task.office}
        if type_ == COMPLETED and task.outcomes:
            data["outcome"] = "granted"
        value = changed.pop("value", json.dumps(data | changed.pop("data", {})).encode())
        headers = {
            "ce_specversion": b"1.0",
            "ce_id": id_.encode(),
            "ce_type": f"vn.motcua.{type_}".encode(),
            "ce_source": f"/party/{party}".encode(),
            "ce_subject": task.root.encode(),
            "ce_time": b"2026-03-06T09:30:00+07:00",
        } | changed.pop("headers", {})
        topic = f"agency.{party}.replies"
        self._writer.send(topic, key=task.root.encode(), value=value, headers=list(headers.items()))
        self._writer.flush(10)
        return id_

    async def problems(self, party: str, slip: Slip, how_many: int) -> list[dict[str, Any]]:
        """Wait until the party was told of so many replies we could not use."""

        async def told() -> list[dict[str, Any]] | None:
            found = [json.loads(record.value) for record in self.records(f"agency.{party}.problems", slip)]
            return found if len(found) >= how_many else None

        return await eventually(told, f"{how_many} problems told to {party}")

    def records(self, topic: str, slip: Slip) -> list[Any]:
        """All records of a topic that are keyed by this dossier."""
        reader = KafkaConsumer(
            bootstrap_servers=self.stack.kafka,
            group_id=None,
            enable_auto_commit=False,
            isolation_level="read_committed",
        )
        try:
            places = [TopicPartition(topic, number) for number in reader.partitions_for_topic(topic) or ()]
            reader.assign(places)
            reader.seek_to_beginning()
            ends = reader.end_offsets(places)
            found: list[Any] = []
            while any((reader.position(place) or 0) < end for place, end in ends.items()):
                found += [record for batch in reader.poll(200).values() for record in batch]
            return [record for record in found if record.key == slip.dossier_id.encode()]
        finally:
            reader.close()

    async def _listed(self, slip: Slip, key: str, **query: str) -> list[dict[str, Any]]:
        async def rows() -> list[dict[str, Any]] | None:
            url = f"{self.stack.routing_url}/v1/tasks"
            answer = await self._http.get(url, params=query | {"limit": "500"}, headers={"X-API-Key": key})
            return [row for row in answer.json()["tasks"] if row["code"] == slip.code] or None

        return await eventually(rows, f"{slip.code} on a list")

    async def _act(self, url: str, key: str, said: dict[str, Any], *, office: str = "") -> dict[str, Any]:
        headers = {"X-API-Key": key} | ({"X-Office": office} if office else {})
        answer = await self._http.post(url, json=said, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()


async def eventually(look: Callable[[], Awaitable[T | None]], what: str) -> T:
    """Look again until there is something to see."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if (seen := await look()) is not None:
            return seen
        await asyncio.sleep(0.05)
    raise AssertionError(f"waited {PATIENCE_SECONDS} s for {what}")


def _task(record: Any) -> Task:
    data = json.loads(record.value)
    root, outcomes = record.key.decode(), tuple(data.get("outcomes") or ())
    return Task(data["task_id"], data["step"], data["office"], data["dossier_id"], root, outcomes)
