"""Waiting for quiet before each step of the clock: no event unsent or unread, no message in transit."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import asyncpg
from confluent_kafka import IsolationLevel, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._listoffsets import LatestSpec, OffsetSpec

from deploy.demo.city_day.city import City
from deploy.local.parties import read_parties
from shared.events.topics import tasks_topic

WAIT_SECONDS = 120
PAUSE_SECONDS = 0.02
UNDER_WAY = """
    SELECT EXISTS (SELECT FROM intake.outbox) OR EXISTS (SELECT FROM routing.outbox)
        OR EXISTS (SELECT FROM notification.outbox)
        OR EXISTS (SELECT FROM notification.notices WHERE state = 'waiting')
        OR EXISTS (SELECT FROM notification.messages WHERE state = 'planned')
        OR EXISTS (SELECT FROM notification.messages WHERE state = 'sending')
        OR EXISTS (SELECT FROM notification.messages WHERE state = 'sent' AND channel = 'sms')"""
SNAPSHOT = f"""
    SELECT ({UNDER_WAY}) AS under_way,
           ARRAY(SELECT format('%s %s %s %s', service, topic, partition, next_offset)
                   FROM (SELECT 'intake' AS service, * FROM intake.consumed
                         UNION ALL SELECT 'routing', * FROM routing.consumed
                         UNION ALL SELECT 'notification', * FROM notification.consumed) AS read_so_far
                  ORDER BY 1) AS consumed"""  # noqa: S608  (our own words)
Place = tuple[str, int]


class NeverQuietError(RuntimeError):
    """The city was not quiet within `WAIT_SECONDS`, so the clock cannot step."""


@dataclass(frozen=True)
class Snapshot:
    """The three schemas at one instant. `consumed`: lines of service, topic, partition and offset."""

    under_way: bool
    consumed: tuple[str, ...]

    def has_read(self, reads: Mapping[str, frozenset[str]], ends: Mapping[Place, int]) -> bool:
        """Whether every service has read its topics up to these ends."""
        done = {tuple(line.split(" ")) for line in self.consumed}
        return all(
            (service, topic, str(number), str(end)) in done
            for (topic, number), end in ends.items()
            for service, topics in reads.items()
            if end and topic in topics
        )


@dataclass(frozen=True)
class Promise:
    """The last answer of the agencies: how many task records they had read, and when they act next."""

    read: int = -1
    at: datetime | None = None

    def still_holds(self, tasks: int, now: datetime) -> bool:
        """Whether the answer is still valid: the agencies have no new records, and nothing to do by `now`."""
        return tasks == self.read and (self.at is None or self.at > now)


class Quiet:
    """Waits until the city is quiet. `reads`: the topics of each service."""

    def __init__(self, city: City, reads: Mapping[str, frozenset[str]]) -> None:
        self._city, self._reads, self._promise = city, reads, Promise()
        self._admin = AdminClient({"bootstrap.servers": city.stack.kafka, "client.id": "city-day"})
        self._tasks = {tasks_topic(party.name).name for party in read_parties() if party.topics}
        self._places: dict[TopicPartition, OffsetSpec] = {
            TopicPartition(name, number): LatestSpec()
            for name, topic in self._admin.list_topics(timeout=15).topics.items()
            if not name.startswith("__")
            for number in topic.partitions
        }

    @staticmethod
    async def watch(city: City) -> Quiet:
        """Create a `Quiet` with the topics that each service reports."""
        stack = city.stack
        operations = {
            name: await city.get(f"{url}/v1/operations", stack.operator_api_key)
            for name, url in stack.service_urls.items()
        }
        return Quiet(city, {name: frozenset(answer["lag"]) for name, answer in operations.items()})

    async def wait(self, now: datetime) -> datetime | None:
        """Wait until the city is quiet. Returns the city time of the agencies' next act, if any.

        Raises NeverQuietError after `WAIT_SECONDS`. No event is in transit if at two instants all outboxes
        are empty and the same records were read, and these include all that the topics held in between.
        """
        if self._promise.at is not None and self._promise.at <= now:
            self._promise = await self._ask_agencies()
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            if not await self._city.sql.fetchval(UNDER_WAY) and await self._all_is_read(now):
                return self._promise.at
            await asyncio.sleep(PAUSE_SECONDS)
        raise NeverQuietError(f"{await self._snapshot()}")

    async def _all_is_read(self, now: datetime) -> bool:
        before, ends = await self._snapshot(), self._ends()
        if before.under_way or not before.has_read(self._reads, ends):
            return False
        tasks = sum(end for (topic, _), end in ends.items() if topic in self._tasks)
        if not self._promise.still_holds(tasks, now):
            self._promise = await self._ask_agencies()  # the request makes them do what is due
            return False
        return await self._snapshot() == before

    def _ends(self) -> dict[Place, int]:
        futures = self._admin.list_offsets(self._places, isolation_level=IsolationLevel.READ_COMMITTED)
        return {
            (partition.topic, partition.partition): future.result().offset
            for partition, future in futures.items()
        }

    async def _snapshot(self) -> Snapshot:
        row: asyncpg.Record | None = await self._city.sql.fetchrow(SNAPSHOT)
        if row is None:
            raise AssertionError("a SELECT of scalars has one row")
        return Snapshot(row["under_way"], tuple(row["consumed"]))

    async def _ask_agencies(self) -> Promise:
        answer = await self._city.get(f"{self._city.agencies_url}/next-act", "")
        return Promise(answer["read"], datetime.fromisoformat(answer["at"]) if answer["at"] else None)
