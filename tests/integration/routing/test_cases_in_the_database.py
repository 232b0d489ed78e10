"""Load, decide, save: what stands in the tables after facts and replies, one or five hundred at once."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import uuid4

import asyncpg
import orjson
import pytest

from services.routing.domain.case.position import ProcessPosition, Stage
from services.routing.domain.case.task import TaskAct
from services.routing.store import cases
from services.routing.usecases.act_on_tasks import DeskAct, act_on_tasks
from services.routing.usecases.dump_world import dump_rows
from shared.actor import Actor
from shared.clock import to_city_time
from shared.db.transaction import transaction
from shared.errors import PoisonRecord, Refused
from shared.events import agency, dossier
from shared.events.case import CitizenRequest, RequestKind
from shared.events.dossier import DossierPaid
from shared.security import audit_chain
from shared.states import State
from shared.worktime import ClockEvent
from shared.worktime import ClockEventType as ClockFact
from tests.builders.routing import (
    FRIDAY,
    OPERATOR,
    accepted_event,
    refused_event,
    submitted_case,
    submitted_event,
)
from tests.builders.routing_batches import accepted, answer, city_rules, counted, follow, reply_of, stored
from tests.databases import Database

pytestmark = pytest.mark.integration
PoolFor = Callable[[str], Awaitable[asyncpg.Pool]]


@pytest.fixture
async def pool(database: Database, pool_for: PoolFor) -> asyncpg.Pool:
    await database.set_clock(FRIDAY)
    return await pool_for("routing")


async def pending_types(pool: asyncpg.Pool, topic: str) -> list[str]:
    """The types waiting in the outbox for a topic, in order."""
    found = await pool.fetch("SELECT headers FROM outbox WHERE topic = $1 ORDER BY position", topic)
    return [dict(_heads(row["headers"]))["ce_type"].removeprefix("vn.motcua.") for row in found]


def _heads(packed: bytes) -> list[tuple[str, str]]:
    return [(name, value) for name, value in orjson.loads(packed)]


async def test_a_case_reads_back_as_it_was_decided(pool: asyncpg.Pool) -> None:
    (case,) = await accepted(pool, [submitted_case("building-permit-house")])
    assert (case.state.value, to_city_time(case.submitted_at)) == ("in_process", FRIDAY)
    assert [(t.step, t.state.value, t.after) for t in case.tasks] == [
        ("receive", "done", ()),
        ("intake", "done", ()),
        ("appraise", "queued", ("intake",)),
        ("consult", "queued", ("intake",)),
        ("decide", "waiting", ("appraise", "consult")),
    ]


async def test_all_of_a_process_reads_back_as_it_was_written(pool: asyncpg.Pool) -> None:
    (case,) = await accepted(pool, [submitted_case("building-permit-house")])
    owed = ProcessPosition(State.SUPPLEMENT_REQUESTED, Stage.PROCESSING)
    asked = ClockEvent(ClockFact.SUPPLEMENT_REQUESTED, FRIDAY)
    announced = ClockEvent(ClockFact.CALENDAR_PUBLISHED, FRIDAY, 0, (FRIDAY.date(),), (FRIDAY.date(),))
    written = replace(
        case.with_position(ProcessPosition(State.WITHDRAWAL_REQUESTED, resume_to=owed)),
        ledger=(asked, announced, ClockEvent(ClockFact.EXTENDED, FRIDAY, 2)),
        request=CitizenRequest(
            RequestKind.SUPPLEMENT, "WARD", FRIDAY, FRIDAY, 2, ("bản vẽ",), None, "NĐ", "Lê"
        ),
        second_supplement=True,
    )
    async with transaction(pool) as tx:
        await cases.update(tx, [written])
    assert (await stored(pool, [case])) == [written]


async def test_a_withdrawal_at_the_door_needs_no_acceptance(pool: asyncpg.Pool) -> None:
    case = submitted_case()
    async with transaction(pool) as tx:
        await follow(tx, [submitted_event(case)])
        asked = case.with_position(
            ProcessPosition(State.WITHDRAWAL_REQUESTED, resume_to=ProcessPosition(State.SUBMITTED))
        )
        await cases.update(tx, [asked])
        await cases.update(tx, [case.with_position(ProcessPosition(State.STOPPED))])
    with pytest.raises(asyncpg.CheckViolationError, match="work_begins_with_acceptance"):
        async with transaction(pool) as tx:
            await cases.update(tx, [case.with_position(ProcessPosition(State.IN_PROCESS))])


async def test_a_request_told_twice_is_judged_once(pool: asyncpg.Pool) -> None:
    (case,) = await accepted(pool, [submitted_case("building-permit-house")])
    early = DossierPaid(code=case.code, amount=1, paid_at=FRIDAY, receipt_ref="BL-1")
    request = replace(submitted_event(case), id=uuid4(), type=dossier.PAID, data=early)
    for _ in range(2):
        async with transaction(pool) as tx:
            await follow(tx, [request])
    assert (await pending_types(pool, "case.updates")).count("case.request_declined.v1") == 1
    (line,) = await pool.fetch("SELECT * FROM case_history WHERE type = 'case.request_declined.v1'")
    assert (line["because"], line["reason"]) == (dossier.PAID, "no_fee_owed")
    assert (await stored(pool, [case])) == [case]


async def test_a_fee_that_nobody_asked_for_cannot_be_owed(pool: asyncpg.Pool) -> None:
    (case,) = await accepted(pool, [submitted_case("building-permit-house")])
    with pytest.raises(asyncpg.CheckViolationError, match="nobody_owes_what_was_not_asked"):
        async with transaction(pool) as tx:
            await cases.update(tx, [case.with_position(ProcessPosition(State.PAYMENT_REQUESTED))])


async def test_the_city_hears_each_fact_and_the_party_its_task(pool: asyncpg.Pool) -> None:
    await accepted(pool, [submitted_case("building-permit-house")])
    assert await pending_types(pool, "case.updates") == [
        "case.opened.v1",
        "case.updated.v1",
        "dossier.routed.v1",
    ]
    assert await pending_types(pool, "agency.construction.tasks") == ["task.queued.v1"]
    assert await pending_types(pool, "agency.ward-pilot.tasks") == ["task.queued.v1"]


async def test_replies_of_one_batch_fold_in_order_and_each_is_told(pool: asyncpg.Pool) -> None:
    (case,) = await accepted(pool, [submitted_case("judicial-record-1")])
    async with transaction(pool) as tx:
        await answer(tx, [reply_of(case, "intake", agency.STARTED), reply_of(case, "intake")])
    assert (await pending_types(pool, "case.updates"))[-2:] == ["case.updated.v1", "case.updated.v1"]
    assert await pending_types(pool, "agency.city-police.tasks") == ["task.queued.v1", "task.queued.v1"]


async def test_the_last_reply_completes(pool: asyncpg.Pool) -> None:
    (case,) = await accepted(pool, [submitted_case("judicial-record-1")])
    for step in ("intake", "search", "issue"):
        async with transaction(pool) as tx:
            await answer(tx, [reply_of(case, step)])
        (case,) = await stored(pool, [case])
    assert (case.state.value, case.outcome) == ("completed", "granted")
    assert (await pending_types(pool, "case.updates"))[-1] == "dossier.completed.v1"


async def test_told_again_nothing_changes(pool: asyncpg.Pool) -> None:
    (case,) = await accepted(pool, [submitted_case("judicial-record-1")])
    before = await pool.fetchval("SELECT count(*) FROM outbox")
    async with transaction(pool) as tx:
        await follow(tx, [submitted_event(case), accepted_event(case)])
    assert await stored(pool, [case]) == [case]
    assert await pool.fetchval("SELECT count(*) FROM outbox") == before


async def test_what_cannot_be_used_goes_to_problems_and_its_original_is_kept(pool: asyncpg.Pool) -> None:
    (case,) = await accepted(pool, [submitted_case("judicial-record-1")])
    wrong = reply_of(case, "intake", office="WARD.00070", offset=7)
    async with transaction(pool) as tx:
        await answer(tx, [wrong])
    assert await pending_types(pool, "agency.city-police.problems") == ["reply.rejected.v1"]
    held = await pool.fetchrow("SELECT reason, code, blocks, record_offset FROM held")
    assert held is not None
    assert tuple(held) == ("kept", "office_not_served", False, 7)


async def test_a_refused_dossier_leaves_nobody_with_work(pool: asyncpg.Pool) -> None:
    case = submitted_case()
    async with transaction(pool) as tx:
        await follow(tx, [submitted_event(case), refused_event(case)])
    (case,) = await stored(pool, [case])
    assert (case.state.value, case.holder) == ("refused", None)


async def test_accepted_without_ever_submitted_is_broken(pool: asyncpg.Pool) -> None:
    with pytest.raises(PoisonRecord, match="no_case"):
        async with transaction(pool) as tx:
            await follow(tx, [accepted_event(submitted_case())])


async def test_an_operators_attempt_to_decide_is_refused_and_on_record(pool: asyncpg.Pool) -> None:
    (case,) = await accepted(pool, [submitted_case()])
    task = next(task for task in case.current_tasks if task.step == "check")
    act = DeskAct(task.id, TaskAct.COMPLETE, task.office, OPERATOR)
    async with transaction(pool) as tx:
        (decided,) = await act_on_tasks(tx, [act], await city_rules(tx))
    assert isinstance(decided, Refused)
    line = await pool.fetchrow(
        "SELECT act, actor->>'id' AS who, facts->>'code' AS code FROM audit_lines ORDER BY n DESC LIMIT 1"
    )
    assert line is not None
    assert tuple(line) == ("task.completed.v1.refused", "dieuphoi", "operator_never_decides")


async def test_every_change_has_its_line_and_the_chain_holds(pool: asyncpg.Pool) -> None:
    await accepted(pool, [submitted_case(), submitted_case("marriage")])
    async with transaction(pool) as tx:
        found = await audit_chain.verify(tx)
    assert (found.is_intact, found.roots, found.lines) == (True, 2, 6)


async def test_a_dump_has_no_ids_and_is_the_same_for_the_same_world(pool: asyncpg.Pool) -> None:
    (case,) = await accepted(pool, [submitted_case()])
    async with transaction(pool) as tx:
        (row,) = await dump_rows(tx)
    assert row["code"] == case.code
    assert str(case.root) not in str(row)
    assert not [task for task in case.tasks if str(task.id) in str(row)]


async def cost_of(pool: asyncpg.Pool, many: int) -> list[int]:
    """How many statements opening, accepting, answering and wrongly answering so many dossiers take."""
    handed_in = [submitted_case("building-permit-house") for _ in range(many)]
    async with counted(pool) as (tx, opening):
        await follow(tx, map(submitted_event, handed_in))
    async with counted(pool) as (tx, accepting):
        await follow(tx, map(accepted_event, handed_in))
    known = await stored(pool, handed_in)
    async with counted(pool) as (tx, answering):
        await answer(tx, [reply_of(case, "consult") for case in known])
    wrong = [reply_of(case, "consult", outcome="no", offset=n) for n, case in enumerate(known)]
    async with counted(pool) as (tx, refusing):
        await answer(tx, wrong)
    return [len(opening), len(accepting), len(answering), len(refusing)]


async def test_statements_do_not_grow_with_dossiers(pool: asyncpg.Pool) -> None:
    assert await cost_of(pool, 1) == await cost_of(pool, 500)


async def test_a_batch_makes_few_round_trips(pool: asyncpg.Pool) -> None:
    """The case with the time, its tasks and its chain if it was there, and all that is written."""
    assert await cost_of(pool, 1) == [2, 4, 4, 4]


async def test_the_desk_acts_by_the_same_rules(pool: asyncpg.Pool) -> None:
    (case,) = await accepted(pool, [submitted_case("disability-certificate")])
    task = next(task for task in case.current_tasks if task.step == "convene")
    officer = Actor(kind="officer", id="canbo.hk", office=task.office, role="specialist")
    act = DeskAct(task.id, TaskAct.COMPLETE, task.office, officer)
    async with transaction(pool) as tx:
        first, again = await act_on_tasks(tx, [act, act], await city_rules(tx))
    assert first == again
