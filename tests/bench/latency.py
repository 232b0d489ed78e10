"""One process at both ends: it posts a dossier, and reads the agencies' topics for its task.

Beside it, with the same clients: what two commits and two hops through Kafka take by themselves.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from shared.events import topics
from tests.bench.bodies import requests
from tests.bench.catalogue import parties
from tests.bench.http_load import Connection, Tally, rested
from tests.bench.program import Obey, obey

FLOOR = (
    "CREATE TABLE IF NOT EXISTS bench_floor (n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, said text)"
)


class Far:
    """The far end: who waits for which key, and when its record came."""

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer
        self._came: dict[bytes, float] = {}
        self._waiting: dict[bytes, asyncio.Future[float]] = {}

    async def read(self) -> None:
        """For ever."""
        async for record in self._consumer:
            now, key = time.perf_counter(), bytes(record.key or b"")
            waiting = self._waiting.pop(key, None)
            if waiting is None:
                self._came[key] = now
            elif not waiting.done():
                waiting.set_result(now)

    async def came(self, key: bytes) -> float:
        """When the record of this key came."""
        if key in self._came:
            return self._came.pop(key)
        waiting = self._waiting[key] = asyncio.get_running_loop().create_future()
        async with asyncio.timeout(30):
            return await waiting


class Client(Connection):
    """A connection that hands out the answer's body."""

    def __init__(self, tally: Tally) -> None:
        super().__init__(iter(()), tally)

    async def post(self, request: bytes) -> tuple[float, bytes]:
        """When it was sent, and the root of the dossier that became of it."""
        await self.once(request)
        return self._sent_at, orjson.loads(self.body)["dossier_id"].encode()


class Ends:
    """Both ends and the floor's clients."""

    def __init__(self, said: dict[str, Any], far: Far, connection: Any, producer: AIOKafkaProducer) -> None:
        self._said, self._far, self._connection, self._producer = said, far, connection, producer
        self._idle: list[Client] = []
        self.tally = Tally()

    async def one(self, request: bytes) -> float:
        """Seconds from the POST to its task on the party's topic."""
        client = rested(self._idle) or await self._connect()
        sent, root = await client.post(request)
        self._idle.append(client)
        return await self._far.came(root) - sent

    async def at_rest(self, supply: list[bytes], pause: float) -> list[float]:
        """One after another, each when the one before has arrived and a moment has passed."""
        took = []
        for request in supply:
            took.append(await self.one(request))
            await asyncio.sleep(pause)
        return took

    async def under_load(self, supply: list[bytes], rate: float) -> list[float]:
        """One at every beat, whatever became of those before."""
        begun, under_way = time.perf_counter(), list[asyncio.Task[float]]()
        for number, request in enumerate(supply):
            await asyncio.sleep(max(0.0, begun + number / rate - time.perf_counter()))
            under_way.append(asyncio.create_task(self.one(request)))
        return list(await asyncio.gather(*under_way))

    async def floor(self, count: int, pause: float) -> list[float]:
        """Two commits of a row and two hops of a record, each time."""
        took = []
        for number in range(count):
            commits = await self._commit(number) + await self._commit(number)
            took.append(commits + await self._hop(number) + await self._hop(-number - 1))
            await asyncio.sleep(pause)
        return took

    async def _connect(self) -> Client:
        loop = asyncio.get_running_loop()
        where = ("127.0.0.1", self._said["port"])
        return (await loop.create_connection(lambda: Client(self.tally), *where))[1]

    async def _commit(self, number: int) -> float:
        begun = time.perf_counter()
        async with self._connection.transaction():
            await self._connection.execute("INSERT INTO bench_floor (said) VALUES ($1)", f"row {number}")
        return time.perf_counter() - begun

    async def _hop(self, number: int) -> float:
        key = f"floor {number} {time.time_ns()}".encode()
        begun = time.perf_counter()
        await self._producer.send_and_wait(self._said["prefix"] + self._said["topic"], b"x" * 900, key)
        return await self._far.came(key) - begun


@asynccontextmanager
async def main(said: dict[str, Any]) -> AsyncIterator[Obey]:
    """`rest`, `load` and `floor` answer latencies in seconds."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=said["kafka"], fetch_max_wait_ms=500, isolation_level="read_committed"
    )
    await consumer.start()
    names = [said["prefix"] + topics.tasks_topic(party).name for party in parties()]
    consumer.assign([TopicPartition(name, number) for name in names for number in range(3)])
    await consumer.seek_to_end()
    producer = AIOKafkaProducer(bootstrap_servers=said["kafka"], acks="all", enable_idempotence=True)
    await producer.start()
    connection = await asyncpg.connect(said["database"])
    await connection.execute(FLOOR)
    far = Far(consumer)
    reading = asyncio.create_task(far.read())
    both = Ends({"topic": topics.tasks_topic(parties()[0]).name} | said, far, connection, producer)

    async def act(order: dict[str, Any]) -> dict[str, Any]:
        supply = requests("127.0.0.1", said["bodies"], order["count"])
        match order["do"]:
            case "rest":
                return {"latencies": await both.at_rest(supply, order["pause"])}
            case "load":
                return {"latencies": await both.under_load(supply, order["rate"])}
            case "floor":
                return {"latencies": await both.floor(order["count"], order["pause"])}
            case other:
                raise ValueError(other)

    try:
        yield act
    finally:
        reading.cancel()
        await connection.close()
        await producer.stop()
        await consumer.stop()


if __name__ == "__main__":
    obey(main)
