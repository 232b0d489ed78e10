"""A small city at work, twice: as it happens, and with everything said three times in any order."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.local.servers.topics import create_topics
from services.intake.domain.dossier.submission import CounterRefusal
from services.intake.inbound.kafka import router as intake_router
from services.intake.usecases import dump_world as intake_dump
from services.intake.usecases.decide_dossiers import Decision, decide_dossiers
from services.notification.inbound.kafka import router as notification_router
from services.notification.usecases import dump_world as notification_dump
from services.routing.usecases import dump_world as routing_dump
from shared.db.transaction import transaction
from shared.events import topics
from shared.messaging.consume.broker import Broker
from shared.messaging.consume.status import status
from shared.messaging.record.records import unpack_headers
from shared.security.keyring import Keyring
from tests.builders import intake
from tests.builders.counters import counter_of
from tests.builders.hostile import SentRecord, Writer
from tests.builders.intake import FRIDAY, JUDICIAL, MARRIAGE, MASTER, body, file_dossiers, filing
from tests.builders.notification import SENDER, Office
from tests.builders.routing_agency import ForeignAgency, Received
from tests.builders.wire import until
from tests.databases import Database
from tests.integration.repetition.shuffled import Placed
from tests.integration.routing.conftest import PARTIES, World

MARITAL = JUDICIAL | {
    "procedure": "marital-status",
    "place": {"chosen": "00070", "residence": "00070"},
    "facts": {},
}
SENT_ON = "WARD-JUS.00145"
OWN = (topics.DOSSIER_EVENTS, topics.CITIZEN_CONTACTS, topics.CASE_UPDATES, topics.NOTIFICATION_RESULTS)
ENDED = ("completed", "refused")


async def hand_in(database: Database, each: int) -> int:
    """So many dossiers of each of three kinds: accepted by rule, accepted and refused at the counter."""
    await database.set_clock(FRIDAY)
    door = await intake.door(database.pool)
    await file_dossiers(
        door, *(filing(body(JUDICIAL, applicant__name=f"Ngô Ví Dụ {n}")) for n in range(each))
    )
    asked = await file_dossiers(door, *(filing(body(MARITAL)) for _ in range(each)))
    wrong = await file_dossiers(door, *(filing(body(MARRIAGE)) for _ in range(each)))
    refusal = CounterRefusal("papers_incomplete", "Thiếu giấy.", "")
    await decide_dossiers(door, [Decision(one.code, counter_of(one.code)) for one in asked])
    await decide_dossiers(door, [Decision(one.code, counter_of(one.code), refusal) for one in wrong])
    return 3 * each


@dataclass
class Offices:
    """All parties' own systems, saying everything so many times; and the operator who sends on."""

    world: World
    dice: Random
    times: int
    agencies: list[ForeignAgency] = field(default_factory=list)
    later: list[tuple[ForeignAgency, Received, str, str]] = field(default_factory=list)

    async def work_until(self, ended: int) -> None:
        """Answer whatever is asked until so many dossiers have ended."""
        self.agencies = [self.world.agency(party) for party in PARTIES]
        async with asyncio.timeout(90):
            while await self._ended() < ended:
                for agency in self.agencies:
                    await asyncio.to_thread(self._answer, agency)
                await self._send_on()
        await asyncio.to_thread(self._say_again, len(self.later))
        await until(self._idle)

    def _answer(self, agency: ForeignAgency) -> None:
        while (task := _waiting(agency)) is not None:
            for type_ in _said_of(task):
                id_ = str(uuid4())
                self._say(agency, task, type_, id_)
                self.later += [(agency, task, type_, id_)] * (self.times - 1)
            self._say_again(self.dice.randint(0, len(self.later)))

    def _say_again(self, how_many: int) -> None:
        self.dice.shuffle(self.later)
        again, self.later = self.later[:how_many], self.later[how_many:]
        for said in again:
            self._say(*said)

    def _say(self, agency: ForeignAgency, task: Received, type_: str, id_: str) -> None:
        data = {"reason": "không thuộc địa bàn"} if "declined" in type_ else {}
        agency.reply(task, type_, id=id_, **data)

    async def _send_on(self) -> None:
        for row in (await self.world.get("operator", "/v1/tasks?office=PASC")).json()["tasks"]:
            said = {"office": SENT_ON, "reason": "chuyển đúng địa bàn"}
            await self.world.post("operator", f"/v1/tasks/{row['task_id']}/reroute", said)

    async def _ended(self) -> int:
        return (
            await self.world.routing.fetchval("SELECT count(*) FROM cases WHERE state = ANY($1)", ENDED) or 0
        )

    async def _idle(self) -> bool:
        return (await self.world.get("operator", "/v1/operations")).json()["idle"]


def _waiting(agency: ForeignAgency) -> Received | None:
    try:
        return agency.next("tasks", patience=0.1)
    except TimeoutError:
        return None


def _said_of(task: Received) -> list[str]:
    """Every second dossier of one kind is first given back; all else is done."""
    if task.type != "task.queued.v1":
        return []
    declines = task.data["procedure"]["code"] == "marital-status" and UUID(task.subject).int % 2 == 0
    if declines and task.data["office"] == "WARD-JUS.00070":
        return ["task.declined.v1"]
    return ["task.started.v1", "task.completed.v1"]


async def captured(kafka: str, prefix: str) -> list[Placed]:
    """Every record of our own topics of this world, in the order of each partition."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, isolation_level="read_committed")
    await consumer.start()
    places = [TopicPartition(prefix + topic.name, n) for topic in OWN for n in range(topic.partitions)]
    existing = await consumer.topics()
    places = [place for place in places if place.topic in existing]
    consumer.assign(places)
    await consumer.seek_to_beginning(*places)
    ends = sum((await consumer.end_offsets(places)).values())
    found: list[Placed] = []
    while len(found) < ends:
        for place, records in (await consumer.getmany(timeout_ms=200)).items():
            name = place.topic.removeprefix(prefix)
            found += [(name, place.partition, SentRecord(r.key, r.value, tuple(r.headers))) for r in records]
    await consumer.stop()
    return found


@dataclass
class Followers:
    """Intake and notification reading what the city says, on topics of their own."""

    database: Database
    kafka: str
    prefix: str
    writer: Writer

    async def read(self, told: Iterable[Sequence[Placed]]) -> None:
        """Let both read these, piece by piece."""
        wanted = [replace(t, name=self.prefix + t.name) for t in (*OWN, topics.CATALOGUE_VERSIONS)]
        create_topics(self.kafka, wanted)
        office = Office(await self.database.pool("notification"), await self.database.pool("keyring"))
        await office.learn()
        pool = await self.database.pool("intake")
        notification = Broker(self.kafka, pool=office.pool, service="notification", topic_prefix=self.prefix)
        notification.include_router(notification_router, prefix=self.prefix)
        notification.context.set_global("templates", office.words)
        notification.context.set_global("sender", SENDER)
        notification.context.set_global("wake_worker", lambda _: None)
        reader = Broker(self.kafka, pool=pool, service="intake", topic_prefix=self.prefix)
        reader.include_router(intake_router, prefix=self.prefix)
        reader.context.set_global("catalogue", intake.FixedCatalogue(pool))
        await asyncio.gather(notification.start(), reader.start())
        try:
            for piece in told:
                for topic, partition, sent in piece:
                    self.writer.write(self.prefix + topic, partition, [sent])
                await office.write()
            await self._until_read(office.pool, notification)
            await self._until_read(pool, reader)
            await office.write()
        finally:
            await asyncio.gather(notification.stop(), reader.stop())

    async def _until_read(self, pool: asyncpg.Pool, consumer: Broker) -> None:
        async def read() -> bool:
            now = await status(pool, consumer)
            return not consumer.readiness_problems() and not consumer.is_busy() and not any(now.lag.values())

        await until(read)

    async def results(self) -> list[Placed]:
        """What notification would publish: how each message fares."""
        pool = await self.database.pool("notification")
        rows = await pool.fetch("SELECT topic, key, headers, value FROM outbox ORDER BY position")
        return [
            (row["topic"], 0, SentRecord(row["key"].encode(), row["value"], unpack_headers(row["headers"])))
            for row in rows
        ]


async def dump(database: Database) -> dict[str, list[dict[str, Any]]]:
    """The canonical dump of one world: no ids, no machine times."""
    keyring = Keyring(await database.pool("keyring"), MASTER)
    found: dict[str, list[dict[str, Any]]] = {}
    async with transaction(await database.pool("routing")) as tx:
        found["routing"] = await routing_dump.dump_rows(tx)
    async with transaction(await database.pool("intake")) as tx:
        found["intake"] = await intake_dump.dump_rows(tx, keyring)
    async with transaction(await database.pool("notification")) as tx:
        found["notification"] = await notification_dump.dump_rows(tx, keyring)
    return found
