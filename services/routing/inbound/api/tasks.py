"""HTTP API: the city's time, lists of tasks, acts on tasks, one case, and counts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Path, Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from services.routing.domain.acts.reassignment import Reassignment, ReassignMode
from services.routing.domain.case.case import Cause
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.state import ENDED
from services.routing.domain.case.task import RequestDetails, TaskAct
from services.routing.domain.clock.time_attribution import time_spent
from services.routing.domain.deadlines.deadlines import next_deadlines_of_family
from services.routing.inbound.acts.act_form import Words
from services.routing.inbound.api.answers import (
    CaseCounts,
    CityTimeAnswer,
    DueBetween,
    DueDay,
    NextDue,
    TaskAnswer,
    TaskList,
    act_answer,
    desk_row_answer,
    waiting_answer,
)
from services.routing.inbound.api.callers import AnyKey, Operator
from services.routing.inbound.api.case_answers import CaseAnswer, case_answer
from services.routing.store import cases, desk, history
from services.routing.usecases.act_batcher import OfficeActBatcher
from services.routing.usecases.act_on_tasks import DeskAct
from services.routing.words import field_error, refuse, text
from shared.actor import Actor
from shared.catalogue import Catalogue
from shared.clock import CITY_TZ, to_city_time
from shared.db.transaction import city_now, transaction
from shared.events.agency import WITHOUT_NUL
from shared.events.agency_replies import Line
from shared.events.case import REASSIGNED
from shared.outcomes import StepOutcome
from shared.typed_input import field_types
from shared.typed_input.dossier_code import normalize_code
from shared.web import words as web_words
from shared.web.protection.load_shedding import ANSWERS

Name = Annotated[str | None, Query(max_length=80, pattern=WITHOUT_NUL)]
Code = Annotated[str, Path(max_length=80, pattern=WITHOUT_NUL), AfterValidator(normalize_code)]
Until = Annotated[
    AwareDatetime,
    Field(ge=datetime(2000, 1, 1, tzinfo=CITY_TZ), le=datetime(2100, 1, 1, tzinfo=CITY_TZ)),
    Query(),
]
"""An instant with its offset, within the years that a calendar may cover."""
ACT_ANSWERS: dict[int | str, dict[str, Any]] = ANSWERS | {
    409: {"description": text("api.contradicts").side_by_side}
}

REQUEST_ANSWERS: dict[int | str, dict[str, Any]] = ANSWERS | {
    409: {"description": text("api.does_not_follow").side_by_side}
}


class ActBody(BaseModel):
    """An act on a task by `office`."""

    office: str = Field(min_length=1, max_length=80, pattern=WITHOUT_NUL, examples=["WARD.00070"])
    reason: Words | None = Field(default=None, examples=[text("examples.decline_reason").vi])


class CompletionBody(ActBody):
    """Completion of a task. `found`: names of facts found during the work; they may add steps.

    `outcome`: one of the task's `outcomes`, which is required; left out where the task has none. A
    denial has its `reason`, which the citizen reads, and its `basis` where the law of the procedure asks.
    """

    outcome: StepOutcome | None = Field(default=None, examples=["granted"])
    basis: Line | None = Field(default=None, examples=[text("examples.denial_basis").vi])
    found: tuple[Line, ...] = Field(default=(), max_length=50, examples=[["council_cannot_conclude"]])


class RerouteBody(BaseModel):
    """The office that a task is moved to, and the reason."""

    office: str = Field(min_length=1, max_length=80, pattern=WITHOUT_NUL, examples=["LRO.019"])
    reason: Annotated[str, field_types.paragraphs(2000, shortest=1)] = Field(
        min_length=1, max_length=2000, pattern=WITHOUT_NUL, examples=[text("examples.reassign_reason").vi]
    )


def time_routes(pool: asyncpg.Pool) -> APIRouter:
    """The city's time and what falls due; only the operator is told how much."""
    router = APIRouter(prefix="/v1", tags=["city"])

    @router.get("/city-time")
    async def city_time() -> CityTimeAnswer:
        """The city's time, by which all deadlines are judged."""
        standing = await pool.fetchval("SELECT standing_at IS NOT NULL FROM city.clock")
        async with transaction(pool) as tx:
            return CityTimeAnswer(now=await city_now(tx), standing=bool(standing))

    @router.get("/next-due")
    async def next_due() -> NextDue:
        """The next due date of an open task, and the next warning, breach or escalation."""
        async with transaction(pool) as tx:
            now = await city_now(tx)
            due, deadline = await desk.next_task_due(tx, now), await desk.next_deadline(tx, now)
            return NextDue(now=now, next_due_at=due, next_deadline_at=deadline)

    @router.get("/due-until")
    async def due_until(actor: Operator, until: Until) -> DueBetween:
        """How many dossiers and tasks fall due between the city's time and an instant, by day."""
        async with transaction(pool) as tx:
            now = await city_now(tx)
            days = await desk.due_by_day(tx, after=now, until=until)
        return DueBetween(
            now=now,
            until=to_city_time(until),
            days=[DueDay(day=due.day, dossiers=due.dossiers, tasks=due.tasks) for due in days],
        )

    return router


def task_routes(
    pool: asyncpg.Pool, batcher: OfficeActBatcher, catalogue: Callable[[], Catalogue]
) -> APIRouter:
    """Routes for lists of tasks and acts on them. Every act is idempotent."""
    router = APIRouter(prefix="/v1/tasks", tags=["tasks"])

    @router.get("")
    async def list_tasks(
        actor: AnyKey,
        office: Name = None,
        party: Name = None,
        after: Annotated[str | None, Query(description="`next` of the page before")] = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 200,
    ) -> TaskList:
        """Open tasks, those due first at the top.

        A party sees its own tasks, an officer those of the own office, an operator all.
        """
        own_party, own_office = _scope(actor, office, party)
        async with transaction(pool) as tx:
            rows = await desk.list_desk_tasks(
                tx, desk=own_office, party=own_party, after=_cursor(after), limit=limit + 1
            )
        more = _cursor_text(rows[limit - 1]) if len(rows) > limit else None
        return TaskList(tasks=[desk_row_answer(row, catalogue()) for row in rows[:limit]], next=more)

    @router.post("/{task_id}/start", responses=ACT_ANSWERS)
    async def start(task_id: UUID, body: ActBody, actor: AnyKey) -> TaskAnswer:
        """Start the work on a task."""
        return act_answer(await batcher.acts.submit(_act(task_id, TaskAct.START, body, actor)))

    @router.post("/{task_id}/complete", responses=ACT_ANSWERS)
    async def complete(task_id: UUID, body: CompletionBody, actor: AnyKey) -> TaskAnswer:
        """Complete a task. `denied` is an outcome too. Facts in `found` may add steps to the plan."""
        act = replace(
            _act(task_id, TaskAct.COMPLETE, body, actor),
            outcome=body.outcome,
            details=RequestDetails(findings=body.found, basis=body.basis),
        )
        return act_answer(await batcher.acts.submit(act))

    @router.post("/{task_id}/decline", responses=ACT_ANSWERS)
    async def decline(task_id: UUID, body: ActBody, actor: AnyKey) -> TaskAnswer:
        """Decline a task that is not this office's work. An operator then sends it to another office."""
        return act_answer(await batcher.acts.submit(_act(task_id, TaskAct.DECLINE, body, actor)))

    @router.post("/{task_id}/reroute", responses=ACT_ANSWERS)
    async def reroute(task_id: UUID, body: RerouteBody, actor: AnyKey) -> TaskAnswer:
        """Send a declined task to another office, as a new task. For operators."""
        return act_answer(await batcher.resends.submit(_resend(task_id, ReassignMode.REROUTE, body, actor)))

    @router.post("/{task_id}/requeue", responses=ACT_ANSWERS)
    async def requeue(task_id: UUID, body: RerouteBody, actor: AnyKey) -> TaskAnswer:
        """Queue an open task again, at its office or at another one. For operators."""
        return act_answer(await batcher.resends.submit(_resend(task_id, ReassignMode.REQUEUE, body, actor)))

    @router.post("/{task_id}/reassign", responses=ACT_ANSWERS)
    async def reassign(task_id: UUID, body: RerouteBody, actor: AnyKey) -> TaskAnswer:
        """Give a task to another office of the same agency. For the head of the office that has it."""
        return act_answer(await batcher.resends.submit(_resend(task_id, ReassignMode.REASSIGN, body, actor)))

    return router


def case_routes(pool: asyncpg.Pool, catalogue: Callable[[], Catalogue]) -> APIRouter:
    """Routes for operators: cases and counts, without personal data."""
    router = APIRouter(prefix="/v1", tags=["cases"])

    @router.get("/cases/{code}")
    async def show_case(code: Code, actor: Operator) -> CaseAnswer:
        """A dossier with its plan, deadlines and history, without personal data."""
        async with transaction(pool) as tx:
            case = await cases.read_by_code(tx, code)
            if case is None:
                raise refuse("unknown_dossier")
            lines = await history.read_history(tx, case.root)
            rules = Rules(catalogue(), await city_now(tx))
        spent = time_spent(case, rules, lines)
        return case_answer(case, lines, spent, next_deadlines_of_family(case, rules), rules)

    @router.get("/counts")
    async def counts(
        actor: Operator, after: Name = None, limit: Annotated[int, Query(ge=1, le=1000)] = 500
    ) -> CaseCounts:
        """Numbers of cases by state, and a page of the open ones with their holders."""
        async with transaction(pool) as tx:
            by_state = await desk.count_by_state(tx)
            roots = await desk.list_open(tx, after=after, limit=limit + 1)
            page = sorted((await cases.read_cases(tx, roots[:limit])).values(), key=lambda case: case.code)
        return CaseCounts(
            open=sum(n for state, n in by_state.items() if state not in ENDED),
            completed=by_state.get("completed", 0) + by_state.get("returned", 0),
            refused=by_state.get("refused", 0),
            by_state=by_state,
            waiting=[waiting_answer(case) for case in page],
            next=page[-1].code if len(roots) > limit else None,
        )

    return router


def _scope(actor: Actor, office: str | None, party: str | None) -> tuple[str | None, str | None]:
    """The office and party whose tasks this actor may list: own ones, or any for an operator."""
    if actor.kind in {"party", "investor"}:
        if party not in {None, actor.party}:
            raise web_words.refuse("forbidden")
        return actor.party, office
    if actor.role == "operator":
        return party, office
    if actor.office is None or office not in {None, actor.office}:
        raise web_words.refuse("forbidden")
    return party, actor.office


def _act(task_id: UUID, act: TaskAct, body: ActBody, actor: Actor) -> DeskAct:
    return DeskAct(task_id, act, office=body.office, actor=actor, reason=body.reason)


def _resend(task_id: UUID, mode: ReassignMode, body: RerouteBody, actor: Actor) -> Reassignment:
    cause = Cause(REASSIGNED, f"{task_id}/{mode}", actor)
    return Reassignment(task_id, body.office, reason=body.reason, cause=cause, mode=mode)


def _cursor_text(row: desk.DeskRow) -> str:
    due: Any = row.task.due_at
    return f"{due.isoformat()}|{row.task.id}"


def _cursor(after: str | None) -> tuple[datetime, UUID] | None:
    if after is None:
        return None
    try:
        # A client that does not escape the plus sign of the offset sends a space.
        due, _, task = after.replace(" ", "+").partition("|")
        return datetime.fromisoformat(due).astimezone(CITY_TZ), UUID(task)
    except (ValueError, OverflowError):
        raise refuse("bad_cursor", errors=(field_error("after", "bad_cursor"),)) from None
