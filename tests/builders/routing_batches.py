"""Batches as a handler gets them, without Kafka in between; and how many statements one cost."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg

from services.routing.domain.case.case import Case
from services.routing.domain.case.rules import Rules
from services.routing.domain.plan.outcomes import allowed_outcomes
from services.routing.store import cases
from services.routing.usecases.apply_intake_events import apply_intake_events
from services.routing.usecases.catalogue_cache import CatalogueCache
from services.routing.usecases.record_replies import record_replies
from shared.db.transaction import Tx, city_now, transaction
from shared.events import agency, topics
from shared.events.agency_replies import AgencyReply
from shared.events.envelope import Event, NewEvent
from shared.messaging.record.batch import batch_of
from shared.messaging.record.records import Record
from tests.builders.routing import FRIDAY, accepted_event, catalogue, rules, submitted_event
from tests.builders.statements import statements


def as_read(new: NewEvent, seq: int = 1) -> Event:
    """An event of ours as it comes out of the wire."""
    return Event(
        id=new.id,
        type=new.type,
        source="/intake",
        key=new.key,
        time=new.time,
        seq=seq,
        data=new.data,
        actor=new.actor,
        dossier_id=new.dossier_id,
        procedure=new.procedure,
        channel=new.channel,
    )


async def city_rules(tx: Tx) -> Rules:
    """The city's own data, and the city's time."""
    return Rules(catalogue(), await city_now(tx))


async def follow(tx: Tx, events: Iterable[NewEvent]) -> None:
    """Intake's facts, handled."""
    pairs = [(as_read(event), record(f"{n}")) for n, event in enumerate(events)]
    batch = batch_of(pairs)
    await apply_intake_events(tx, batch, await CatalogueCache(catalogue()).unit_of_work(tx, batch.roots))


async def answer(tx: Tx, replies: Iterable[AgencyReply]) -> None:
    """Parties' replies, handled."""
    pairs = [(reply, record(reply.id, reply)) for reply in replies]
    batch = batch_of(pairs)
    await record_replies(tx, batch, await CatalogueCache(catalogue()).unit_of_work(tx, batch.roots))


async def accepted(pool: asyncpg.Pool, handed_in: Sequence[Case]) -> list[Case]:
    """These dossiers with their cases under way, as stored."""
    async with transaction(pool) as tx:
        await follow(tx, [make(case) for case in handed_in for make in (submitted_event, accepted_event)])
    return await stored(pool, handed_in)


async def stored(pool: asyncpg.Pool, known: Sequence[Case]) -> list[Case]:
    """The cases as the tables have them."""
    async with transaction(pool) as tx:
        found = await cases.read_cases(tx, [case.root for case in known])
    return [found[case.root] for case in known]


def reply_of(case: Case, step: str, type: str = agency.DONE, **changes: object) -> AgencyReply:
    """What the step's party says of it. A step that decides is granted."""
    task = next(task for task in case.current_tasks if task.step == step)
    outcomes = allowed_outcomes(case, task, rules()) if type == agency.DONE else ()
    said: dict[str, object] = {
        "id": str(uuid4()),
        "type": type,
        "party": task.party or "nobody",
        "root": case.root,
        "dossier_id": case.root,
        "task_id": task.id,
        "office": task.office,
        "outcome": next(iter(outcomes), None),
        "reason": None,
        "stated_at": FRIDAY,
        "topic": topics.replies_topic(task.party or "nobody").name,
        "partition": 0,
        "offset": 0,
    }
    return AgencyReply(**{**said, **changes})  # pyright: ignore[reportArgumentType]


@asynccontextmanager
async def counted(pool: asyncpg.Pool) -> AsyncIterator[tuple[Tx, list[str]]]:
    """A transaction, and every statement made inside it."""
    async with transaction(pool) as tx:
        with statements(tx) as made:
            yield tx, made


def record(place: str, reply: AgencyReply | None = None) -> Record:
    """A record as it lay on its topic."""
    topic = reply.topic if reply else "dossier.events"
    key = str(reply.root).encode() if reply else b"k"
    return Record(topic, 0, reply.offset if reply else 0, key, place.encode(), (("ce_id", place.encode()),))
