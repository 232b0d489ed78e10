"""An office's desk: what to do next, by when; take it, finish it, give it back, or send it on."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from services.routing.domain.acts.office_replies import is_operator
from services.routing.domain.acts.reassignment import Reassignment, ReassignMode, allowed_targets
from services.routing.domain.case.case import Case, Cause
from services.routing.domain.case.position import State
from services.routing.domain.case.task import (
    CENTRE,
    HEAD,
    OfficeRequest,
    RequestDetails,
    Task,
    TaskAct,
    TaskState,
)
from services.routing.domain.clock.new_date import passed_new_date
from services.routing.domain.plan.findings import reportable_facts
from services.routing.domain.plan.queries import QueryTasks, query_of_step
from services.routing.inbound.api.callers import Officer
from services.routing.inbound.pages.desk_forms import (
    DeskForm,
    act_by_slug,
    available_forms,
    drop_final_act,
    form_to_act,
    refusal_by_field,
)
from services.routing.inbound.pages.desk_view import DeskLine, DeskPage, desk_acts, desk_line
from services.routing.inbound.pages.missing_office_view import missing_office
from services.routing.store import cases, desk
from services.routing.usecases.act_batcher import OfficeActBatcher
from services.routing.usecases.act_on_tasks import DeskAct
from services.routing.words import refuse
from shared.actor import Actor
from shared.catalogue import Catalogue, Procedure
from shared.catalogue.model.paper_names import paper_names
from shared.db.transaction import Tx, city_now, transaction
from shared.errors import FieldError, Refused
from shared.events.agency import WITHOUT_NUL
from shared.events.agency import Line as Word
from shared.events.case import REASSIGNED
from shared.web.answers.problem import STATUS
from shared.web.pages.rendering import render

SHOWN = 500
ACTS: dict[str, TaskAct | OfficeRequest] = {
    "start": TaskAct.START,
    "complete": TaskAct.COMPLETE,
    "decline": TaskAct.DECLINE,
    "ask-offices": OfficeRequest.OFFICES,
    "close-query": OfficeRequest.CLOSED_QUERY,
}
OF_THE_OFFICE = frozenset({"unknown_office", "office_cannot_do_it", "another_agency", "already_there"})
CENTRE_NAME = "Trung tâm Phục vụ hành chính công"


class DeskPost:
    """What a form of the desk may hold."""

    def __init__(
        self,
        outcome: Annotated[str, Form(max_length=40, pattern=WITHOUT_NUL)] = "",
        reason: Annotated[str, Form(max_length=2000, pattern=WITHOUT_NUL)] = "",
        office: Annotated[str, Form(max_length=80, pattern=WITHOUT_NUL)] = "",
        other: Annotated[str, Form(max_length=2000, pattern=WITHOUT_NUL)] = "",
        found: Annotated[tuple[Word, ...], Form(max_length=50)] = (),
    ) -> None:
        self.outcome, self.reason = outcome or None, reason.strip()
        self.office, self.other, self.found = office.strip(), other.strip(), found

    def field_values(self) -> dict[str, str]:
        """As typed, to be shown again."""
        return {
            "outcome": self.outcome or "",
            "reason": self.reason,
            "office": self.office,
            "other": self.other,
        }


@dataclass(frozen=True, slots=True)
class DeskContext:
    """Where a page finds what it needs."""

    pool: asyncpg.Pool
    catalogue: Callable[[], Catalogue]


@dataclass(frozen=True, slots=True)
class RejectedForm:
    """What a form said, and why that cannot be."""

    said: DeskPost
    refused: Refused


def desk_pages(pool: asyncpg.Pool, work: OfficeActBatcher, catalogue: Callable[[], Catalogue]) -> APIRouter:
    """/desk and a page for each task; everything works without scripts."""
    router = APIRouter(prefix="/desk", include_in_schema=False)
    room = DeskContext(pool, catalogue)

    @router.get("")
    async def page(request: Request, actor: Officer, done: str = "") -> Response:
        async with transaction(pool) as tx:
            shown = await _desk(tx, actor, catalogue())
        return render(
            request,
            "desk.html",
            desk=shown,
            acts_for=desk_acts,
            head=actor.role == HEAD,
            operator=is_operator(actor),
            done=done,
        )

    @router.get("/tasks/{task_id}")
    async def one(request: Request, task_id: UUID, actor: Officer) -> Response:
        async with transaction(pool) as tx:
            return await _task_page(request, tx, task_id, actor, catalogue())

    @router.post("/tasks/{task_id}/ask/{name}")
    async def ask(
        request: Request, task_id: UUID, name: str, actor: Officer, typed: Annotated[DeskForm, Depends()]
    ) -> Response:
        what = act_by_slug(name)
        if what is None:
            raise refuse("unknown_task")
        try:
            acted = await work.acts.submit(form_to_act(task_id, what, actor, typed))
        except Refused as why:
            errors, status = refusal_by_field(why, what), STATUS[why.kind]
            again = {"errors": errors, "given": typed.field_values(), "status": status, "asked": name}
            async with transaction(pool) as tx:
                return await _task_page(request, tx, task_id, actor, catalogue(), **again)
        return _back(acted.case.code)

    router.add_api_route("/tasks/{task_id}/{act:path}", redirect_after_post)

    @router.post("/tasks/{task_id}/{act}")
    async def do(
        request: Request, task_id: UUID, act: str, actor: Officer, said: Annotated[DeskPost, Depends()]
    ) -> Response:
        if act not in {*ACTS, *ReassignMode}:
            raise refuse("unknown_task")
        try:
            if act in ACTS:
                _complete_form(act, said)
                acted = await work.acts.submit(_told(task_id, act, actor, said))
            else:
                acted = await work.resends.submit(_resend(task_id, ReassignMode(act), actor, said))
        except Refused as why:
            return await _again(room, request, task_id, actor, RejectedForm(said, why))
        return _back(acted.case.code)

    return router


async def redirect_after_post(request: Request, task_id: UUID, act: str, actor: Officer) -> Response:
    """Where a form was sent to is an address too, for the language switch and after a log-in."""
    return RedirectResponse(f"/desk/tasks/{task_id}?{request.url.query}", 303)


async def _desk(tx: Tx, actor: Actor, catalogue: Catalogue) -> DeskPage:
    office = actor.office or CENTRE
    now = await city_now(tx)
    rows = await desk.list_desk_tasks(tx, desk=office, limit=SHOWN)
    return DeskPage(
        office=office,
        name=CENTRE_NAME if office == CENTRE else catalogue.office(office).name_vi,
        now=now,
        lines=[desk_line(row, catalogue, now) for row in rows],
        total=len(rows) if len(rows) < SHOWN else await desk.count_on_desk(tx, office),
        waiting=await desk.list_waiting_elsewhere(tx, office),
    )


async def _task_page(
    request: Request, tx: Tx, task_id: UUID, actor: Actor, catalogue: Catalogue, **again: Any
) -> Response:
    row = await desk.read_task(tx, task_id)
    if row is None or not _may_see(row.task, actor):
        raise refuse("not_on_your_desk")
    now = await city_now(tx)
    line = desk_line(row, catalogue, now)
    root = (await cases.read_cases(tx, [row.root]))[row.root]
    case = root.owner_of(task_id) or root
    asked_of = query_of_step(case, row.task.step)
    acts = desk_acts(line, operator=is_operator(actor), head=actor.role == HEAD)
    moves = next((way for way in ReassignMode if way in acts), None)
    context = {"errors": (), "given": {}, "status": 200, "asked": None, **again}
    return render(
        request,
        "desk_task.html",
        line=line,
        now=now,
        acts=drop_final_act(case, acts) + (() if is_operator(actor) else _of_asking(line, asked_of)),
        asked_of=asked_of,
        moves=moves,
        case=root,
        passed=passed_new_date(root),
        named=partial(paper_names, procedure=_procedure_of(root, catalogue), kinds=catalogue),
        missing=missing_office(case, catalogue) if row.task.is_reception else None,
        finds=reportable_facts(case, line.task, catalogue) if "complete" in acts else (),
        asks=available_forms(
            case if root.state is State.IN_PROCESS else root, line.task, actor, catalogue, now
        ),
        offices=allowed_targets(case, line.task, moves, catalogue, now.date()) if moves else (),
        **context,
    )


def _procedure_of(case: Case, catalogue: Catalogue) -> Procedure:
    return catalogue.procedure_version(case.procedure, case.version)


def _may_see(task: Task, actor: Actor) -> bool:
    """The office itself; the Centre sees all, its head the letters it may have to sign."""
    centres_head = (actor.office, actor.role) == (CENTRE, HEAD)
    return task.desk_office == actor.office or is_operator(actor) or (task.is_apology and centres_head)


def _of_asking(line: DeskLine, asked: QueryTasks | None) -> tuple[str, ...]:
    """A step that may ask others, and one that still waits for some of them."""
    if not line.task.is_open or line.task.state is TaskState.DECLINED:
        return ()
    steps = {step.id: step for step in line.procedure.steps}
    known = steps.get(line.task.step)
    may_ask = known is not None and known.fan_out is not None
    awaits = asked is not None and bool(asked.open_tasks)
    return (*(("ask-offices",) if may_ask else ()), *(("close-query",) if awaits else ()))


async def _again(
    room: DeskContext, request: Request, task_id: UUID, actor: Actor, why: RejectedForm
) -> Response:
    """The same page with what was typed, and what to mend at the top and at the field."""
    refused = why.refused
    errors = refused.errors or (FieldError(_field(refused), refused.code, refused.vi, refused.en),)
    again = {"errors": errors, "given": why.said.field_values(), "status": STATUS[refused.kind]}
    async with transaction(room.pool) as tx:
        return await _task_page(request, tx, task_id, actor, room.catalogue(), **again)


def _told(task_id: UUID, act: str, actor: Actor, said: DeskPost) -> DeskAct:
    named = tuple(name.strip() for name in said.other.split(",") if name.strip())
    reason, wants = said.reason or None, RequestDetails(offices=named, found=said.found)
    return DeskAct(task_id, ACTS[act], actor.office or "", actor, said.outcome, reason, wants)


def _resend(task_id: UUID, way: ReassignMode, actor: Actor, said: DeskPost) -> Reassignment:
    cause = Cause(REASSIGNED, f"{task_id}/{way}", actor)
    return Reassignment(task_id, said.other or said.office, said.reason, cause, way)


def _complete_form(act: str, said: DeskPost) -> None:
    """A person who gives work back says why; a machine may not."""
    if act == "decline" and not said.reason:
        raise refuse("reason_missing")


def _field(why: Refused) -> str:
    return "office" if why.code in OF_THE_OFFICE else "reason"


def _back(code: str) -> RedirectResponse:
    return RedirectResponse(f"/desk?done={code}", 303)
