"""Each hostile reply of a party, and what routing does with it: one row a record.

What we could not use goes back to its sender with code and field, and stays in `held`; nothing waits for it.
Records of our own topics have their table in `tests/integration/messaging/test_hostile_records.py`.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Never
from uuid import UUID, uuid4

import orjson
import pytest

from services.routing.domain.case.case import Case
from services.routing.domain.case.task import TaskState
from shared.events import topics
from shared.messaging.fetch import confluent_fallback
from tests import used_again
from tests.builders.hostile import COMMON, SentRecord, Spoil, Writer, topics_with_records
from tests.builders.routing import accepted_event, submitted_case, submitted_event
from tests.builders.wire import a_reply, until
from tests.integration.routing.conftest import World, standing

pytestmark = pytest.mark.integration
PARTY = "city-police"
REPLIES = topics.replies_topic(PARTY)


def enveloped(sent: SentRecord) -> SentRecord:
    """With the body of before: the data in a field of its own."""
    data = orjson.loads(sent.value or b"")
    return replace(sent, value=orjson.dumps({"dossier_id": data.pop("dossier_id"), "data": data}))


THEIRS: dict[str, Spoil] = {
    "healthy": lambda sent: sent,
    "the form before": lambda sent: enveloped(sent.head(ce_type=b"task.started.v1")),
    "today's type, the body before": enveloped,
    "the type before, today's body": lambda sent: sent.head(ce_type=b"task.started.v1"),
    "JSON of another shape": lambda sent: replace(sent, value=b'{"dossier_id": 7}'),
    "a type we write ourselves": lambda sent: sent.head(ce_type=b"vn.motcua.task.queued.v1"),
    "no id": lambda sent: sent.head(ce_id=None),
    "id longer than any": lambda sent: sent.head(ce_id=b"i" * 201),
    "a subject that is no dossier": lambda sent: replace(sent.head(ce_subject=b"tax"), key=b"tax"),
    "another party's office": lambda sent: sent.data(office="WARD.00070"),
    "an office nobody has": lambda sent: sent.data(office="NOWHERE"),
    "somebody else's task": lambda sent: sent.data(task_id=str(UUID(int=7))),
    "an office longer than any": lambda sent: sent.data(office="P" * 81),
    "an outcome nobody knows": lambda sent: sent.data(outcome="perhaps"),
    "text no table can keep": lambda sent: sent.data(reason="a\x00b"),
    "1 MB that can be read": lambda sent: sent.holding(b'"' + b"y" * 1_000_000 + b'"'),
    "a seq, which is not theirs to give": lambda sent: sent.head(ce_sequence=b"000000000900"),
}

ANSWERS = {
    "healthy": "applied",
    "reply_to": "applied",
    "the form before": "applied",
    "today's type, the body before": "told: mixed_form at data",
    "the type before, today's body": "told: mixed_form at ce_type",
    "1 MB that can be read": "applied",
    "a seq, which is not theirs to give": "applied",
    "an outcome nobody knows": "told: bad_field at outcome",
    "not JSON": "told: not_json at value",
    "no bytes at all": "told: not_json at value",
    "JSON that is a list": "told: not_an_object at value",
    "JSON of another shape": "told: bad_field at dossier_id",
    "null value": "told: null_value at value",
    "no key": "told: no_key at key",
    "key that is not its subject": "told: wrong_key at key",
    "key not UTF-8": "told: key_not_utf8 at key",
    "a subject that is no dossier": "told: bad_subject at ce_subject",
    "unknown type": "told: unknown_type at ce_type",
    "unknown version": "told: unknown_type at ce_type",
    "a type we write ourselves": "told: unknown_type at ce_type",
    "somebody else's source": "told: wrong_source at ce_source",
    "no id": "told: missing_header at ce_id",
    "id longer than any": "told: bad_field at ce_id",
    "header not UTF-8": "told: header_not_utf8 at x-odd",
    "header's name not UTF-8": "told: header_not_utf8 at headers",
    "header given twice": "told: header_twice at ce_id",
    "another party's office": "told: office_not_served at office",
    "an office nobody has": "told: office_not_served at office",
    "somebody else's task": "told: unknown_task at task_id",
    "an office longer than any": "told: bad_field at office",
    "text no table can keep": "told: bad_field at reason",
    "nesting 10,000 deep": "told: not_json at value",
    "a lone surrogate": "told: not_json at value",
    "a number of 5,000 digits": "told: not_json at value",
    "a year 10000": "told: bad_header at ce_time",
    "a time before there was time": "told: bad_header at ce_time",
    "a time without its offset": "told: bad_header at ce_time",
    "1 MB that is not ours": "told: bad_field at dossier_id",
}
ROWS = THEIRS | COMMON
TOLD = [answer for answer in ANSWERS.values() if answer != "applied"]


@dataclass
class Attack:
    """One dossier a row with a hostile reply about it, and a healthy one about another right behind."""

    world: World
    writer: Writer
    victims: dict[str, Case]
    written: int = 0
    answers: dict[str, str] = field(default_factory=dict)

    async def run(self, neighbours: Sequence[Case]) -> None:
        """Every row on the next partition, each only when the neighbour of the one before got through."""
        places: dict[tuple[int, int], str] = {}
        for n, ((name, victim), near) in enumerate(zip(self.victims.items(), neighbours, strict=True)):
            partition, offset = n % REPLIES.partitions, 2 * (n // REPLIES.partitions)
            places[partition, offset] = name
            self.write(partition, started(victim, ROWS[name]), started(near))
            await until(partial(has_task, self.world, near, "started"))
        told = await self._told()
        for place, name in places.items():
            quiet = "applied" if await has_task(self.world, self.victims[name], "started") else "dropped"
            self.answers[name] = told.get(place, quiet)

    def write(self, partition: int, *records: SentRecord) -> None:
        """The party writes."""
        self.writer.write(self.world.prefix + REPLIES.name, partition, records)
        self.written += len(records)

    async def _told(self) -> dict[tuple[int, int], str]:
        """What the party was told, by partition and offset of its record."""
        police, found = self.world.agency(PARTY), list[dict[str, Any]]()
        while len(found) < len(TOLD) or not await asyncio.to_thread(police.nothing_more, "problems", 0.1):
            found.append((await asyncio.to_thread(police.next, "problems")).data)
        assert all(problem["remedy_vi"] and problem["remedy_en"] for problem in found)
        return {(p["partition"], p["offset"]): f"told: {p['code']} at {p['field']}" for p in found}


@pytest.fixture(scope="module")
async def attacked(
    postgres_url: str, kafka: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Attack]:
    """All rows of the table."""
    database = await used_again.take(postgres_url)
    prefix, folder = f"t{uuid4().hex[:10]}.", tmp_path_factory.mktemp("hostile")
    async with standing(database, kafka, prefix, folder) as world:
        known = await dossiers(world, 2 * len(ROWS))
        attack = Attack(world, Writer(kafka), dict(zip(ROWS, known, strict=False)))
        await attack.run(known[len(ROWS) :])
        yield attack
        attack.writer.close()
    await used_again.give_back(database)


async def test_each_gets_the_answer_of_its_row(attacked: Attack) -> None:
    assert attacked.answers == ANSWERS


async def test_what_could_not_be_used_is_kept_and_blocks_nothing(attacked: Attack) -> None:
    held = (await attacked.world.get("operator", "/v1/held")).json()
    assert Counter(row["code"] for row in held) == Counter(said.split(" ")[1] for said in TOLD)
    assert not any(row["blocks"] for row in held)


async def test_the_same_party_s_good_word_about_the_same_dossier_counts(attacked: Attack) -> None:
    for victim in attacked.victims.values():
        attacked.write(0, started(victim))
    for victim in attacked.victims.values():
        await until(partial(has_task, attacked.world, victim, "started"))


async def test_nothing_is_published_but_tasks_updates_and_problems(attacked: Attack) -> None:
    counts = topics_with_records(attacked.world.kafka, attacked.world.prefix, "somewhere.else")
    rows = len(ROWS)
    assert counts[REPLIES.name] == attacked.written
    assert counts[topics.problems_topic(PARTY).name] == len(TOLD)
    assert counts[topics.tasks_topic(PARTY).name] == 2 * rows
    assert set(counts) == {
        REPLIES.name,
        topics.problems_topic(PARTY).name,
        topics.tasks_topic(PARTY).name,
        *(own.name for own in (topics.DOSSIER_EVENTS, topics.CASE_UPDATES, topics.CATALOGUE_VERSIONS)),
    }


async def test_a_reader_that_stops_at_a_header_s_name_is_caught(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stops(*_: object) -> Never:
        raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "as aiokafka says it")

    monkeypatch.setattr(confluent_fallback, "fetch_with_confluent", stops)
    (victim, near), writer = await dossiers(world, 2), Writer(world.kafka)
    hostile = started(victim, COMMON["header's name not UTF-8"])
    writer.write(world.prefix + REPLIES.name, 0, [hostile, started(near)])
    with pytest.raises(TimeoutError):
        await until(partial(has_task, world, near, "started"), seconds=2)
    writer.close()


def started(case: Case, spoil: Spoil = ROWS["healthy"]) -> SentRecord:
    """The office has begun, as the party writes it, spoilt."""
    [task] = [task for task in case.tasks if task.party == PARTY]
    record = a_reply(PARTY, case.root, office=task.office)
    healthy = SentRecord(record["key"], record["value"], tuple(record["headers"]))
    return spoil(healthy.head(ce_type=b"vn.motcua.task.started.v1").data(task_id=str(task.id)))


async def dossiers(world: World, how_many: int) -> list[Case]:
    """So many dossiers, each with a task of the party's."""
    cases = [submitted_case("judicial-record-1") for _ in range(how_many)]
    await world.intake_says([event(case) for case in cases for event in (submitted_event, accepted_event)])
    for case in cases:
        await until(partial(has_task, world, case, "queued"))
    return [found for case in cases if (found := await world.case(case)) is not None]


async def has_task(world: World, case: Case, state: str) -> bool:
    """Whether the party's task of this dossier is in this state."""
    found = await world.case(case)
    return any(t.state == TaskState(state) for t in found.tasks if t.party == PARTY) if found else False
