"""An office's desk: what to do next, by when; take it, finish it, give it back, or send it on."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from services.routing.domain import refusals
from services.routing.domain.case import Case, Cause
from services.routing.domain.findings import may_find
from services.routing.domain.new_date import passed
from services.routing.domain.offices_answer import is_operator
from services.routing.domain.queries import Asking, asking
from services.routing.domain.resend import Resend, Way, offered
from services.routing.domain.standing import State
from services.routing.domain.task import CENTRE, HEAD, Act, Ask, Task, TaskState, Wants
from services.routing.inbound.callers import Officer
from services.routing.inbound.desk_asks import Typed, act_of, ask_named, asks_for, at_its_field, lead_on
from services.routing.inbound.desk_view import DeskPage, Line, acts_for, line_of
from services.routing.inbound.unplaced_view import missing_of
from services.routing.store import cases, desk
from services.routing.usecases.act_on_tasks import DeskAct
from services.routing.usecases.office_work import OfficeWork
from shared.actor import Actor
from shared.catalogue import Catalogue, Procedure
from shared.catalogue.asked import asked_in_words
from shared.db.transaction import Tx, city_now, transaction
from shared.errors import FieldError, Refused
from shared.events.agency import WITHOUT_NUL
from shared.events.agency import Line as Word
from shared.events.case import REASSIGNED
from shared.web.frame import render
from shared.web.problem import STATUS

SHOWN = 500
ACTS: dict[str, Act | Ask] = {
    "start": Act.START,
    "complete": Act.COMPLETE,
    "decline": Act.DECLINE,
    "ask-offices": Ask.OFFICES,
    "close-query": Ask.CLOSED_QUERY,
}
OF_THE_OFFICE = frozenset({"unknown_office", "office_cannot_do_it", "another_agency", "already_there"})
CENTRE_NAME = "Trung tâm Phục vụ hành chính công"


class Said:
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

    def given(self) -> dict[str, str]:
        """As typed, to be shown again."""
        return {
            "outcome": self.outcome or "",
            "reason": self.reason,
            "office": self.office,
            "other": self.other,
        }


@dataclass(frozen=True, slots=True)
class Room:
    """Where a page finds what it needs."""

    pool: asyncpg.Pool
    catalogue: Callable[[], Catalogue]


@dataclass(frozen=True, slots=True)
class Mended:
    """What a form said, and why that cannot be."""

    said: Said
    refused: Refused


def desk_pages(pool: asyncpg.Pool, work: OfficeWork, catalogue: Callable[[], Catalogue]) -> APIRouter:
    """/desk and a page for each task; everything works without scripts."""
    router = APIRouter(prefix="/desk", include_in_schema=False)
    room = Room(pool, catalogue)

    @router.get("")
    async def page(request: Request, actor: Officer, done: str = "") -> Response:
        async with transaction(pool) as tx:
            shown = await _desk(tx, actor, catalogue())
        return render(
            request,
            "desk.html",
            desk=shown,
            acts_for=acts_for,
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
        request: Request, task_id: UUID, name: str, actor: Officer, typed: Annotated[Typed, Depends()]
    ) -> Response:
        what = ask_named(name)
        if what is None:
            raise refusals.unknown_task()
        try:
            acted = await work.acts.submit(act_of(task_id, what, actor, typed))
        except Refused as why:
            errors, status = at_its_field(why, what), STATUS[why.kind]
            again = {"errors": errors, "given": typed.given(), "status": status, "asked": name}
            async with transaction(pool) as tx:
                return await _task_page(request, tx, task_id, actor, catalogue(), **again)
        return _back(acted.case.code)

    router.add_api_route("/tasks/{task_id}/{act:path}", back_to_it)

    @router.post("/tasks/{task_id}/{act}")
    async def do(
        request: Request, task_id: UUID, act: str, actor: Officer, said: Annotated[Said, Depends()]
    ) -> Response:
        if act not in {*ACTS, *Way}:
            raise refusals.unknown_task()
        try:
            if act in ACTS:
                _complete_form(act, said)
                acted = await work.acts.submit(_told(task_id, act, actor, said))
            else:
                acted = await work.resends.submit(_resend(task_id, Way(act), actor, said))
        except Refused as why:
            return await _again(room, request, task_id, actor, Mended(said, why))
        return _back(acted.case.code)

    return router


async def back_to_it(request: Request, task_id: UUID, act: str, actor: Officer) -> Response:
    """Where a form was sent to is an address too, for the language switch and after a log-in."""
    return RedirectResponse(f"/desk/tasks/{task_id}?{request.url.query}", 303)


async def _desk(tx: Tx, actor: Actor, catalogue: Catalogue) -> DeskPage:
    office = actor.office or CENTRE
    now = await city_now(tx)
    rows = await desk.on_desk(tx, desk=office, limit=SHOWN)
    return DeskPage(
        office=office,
        name=CENTRE_NAME if office == CENTRE else catalogue.office(office).name_vi,
        now=now,
        lines=[line_of(row, catalogue, now) for row in rows],
        total=len(rows) if len(rows) < SHOWN else await desk.count_on_desk(tx, office),
        waiting=await desk.waiting_for_others(tx, office),
    )


async def _task_page(
    request: Request, tx: Tx, task_id: UUID, actor: Actor, catalogue: Catalogue, **again: Any
) -> Response:
    row = await desk.one(tx, task_id)
    if row is None or not _may_see(row.task, actor):
        raise _not_here()
    now = await city_now(tx)
    line = line_of(row, catalogue, now)
    root = (await cases.read(tx, [row.root]))[row.root]
    case = root.owner_of(task_id) or root
    asked_of = asking(case, row.task.step)
    acts = acts_for(line, operator=is_operator(actor), head=actor.role == HEAD)
    moves = next((way for way in Way if way in acts), None)
    context = {"errors": (), "given": {}, "status": 200, "asked": None, **again}
    return render(
        request,
        "desk_task.html",
        line=line,
        now=now,
        acts=lead_on(case, acts) + (() if is_operator(actor) else _of_asking(line, asked_of)),
        asked_of=asked_of,
        moves=moves,
        case=root,
        passed=passed(root),
        named=partial(asked_in_words, procedure=_procedure_of(root, catalogue), kinds=catalogue),
        missing=missing_of(case, catalogue) if row.task.is_receive else None,
        finds=may_find(case, line.task, catalogue) if "complete" in acts else (),
        asks=asks_for(case if root.state is State.IN_PROCESS else root, line.task, actor, catalogue, now),
        offices=offered(case, line.task, moves, catalogue, now.date()) if moves else (),
        **context,
    )


def _procedure_of(case: Case, catalogue: Catalogue) -> Procedure:
    return catalogue.procedure_version(case.procedure, case.version)


def _not_here() -> Refused:
    return replace(
        refusals.unknown_task(),
        vi="Việc này không có trên bàn của bạn: có thể đã được chuyển đi. Xem lại bàn làm việc.",
        en="This task is not on your desk: it may have been sent on. Look at your desk.",
    )


def _may_see(task: Task, actor: Actor) -> bool:
    """The office itself; the Centre sees all, its head the letters it may have to sign."""
    centres_head = (actor.office, actor.role) == (CENTRE, HEAD)
    return task.desk == actor.office or is_operator(actor) or (task.is_letter and centres_head)


def _of_asking(line: Line, asked: Asking | None) -> tuple[str, ...]:
    """A step that may ask others, and one that still waits for some of them."""
    if not line.task.is_open or line.task.state is TaskState.DECLINED:
        return ()
    steps = {step.id: step for step in line.procedure.steps}
    known = steps.get(line.task.step)
    may_ask = known is not None and known.fan_out is not None
    awaits = asked is not None and bool(asked.awaited)
    return (*(("ask-offices",) if may_ask else ()), *(("close-query",) if awaits else ()))


async def _again(room: Room, request: Request, task_id: UUID, actor: Actor, why: Mended) -> Response:
    """The same page with what was typed, and what to mend at the top and at the field."""
    refused = why.refused
    errors = refused.errors or (FieldError(_field(refused), refused.code, refused.vi, refused.en),)
    again = {"errors": errors, "given": why.said.given(), "status": STATUS[refused.kind]}
    async with transaction(room.pool) as tx:
        return await _task_page(request, tx, task_id, actor, room.catalogue(), **again)


def _told(task_id: UUID, act: str, actor: Actor, said: Said) -> DeskAct:
    named = tuple(name.strip() for name in said.other.split(",") if name.strip())
    reason, wants = said.reason or None, Wants(offices=named, found=said.found)
    return DeskAct(task_id, ACTS[act], actor.office or "", actor, said.outcome, reason, wants)


def _resend(task_id: UUID, way: Way, actor: Actor, said: Said) -> Resend:
    cause = Cause(REASSIGNED, f"{task_id}/{way}", actor)
    return Resend(task_id, said.other or said.office, said.reason, cause, way)


def _complete_form(act: str, said: Said) -> None:
    """A person who gives work back says why; a machine may not."""
    if act == "decline" and not said.reason:
        raise refusals.reason_missing()


def _field(why: Refused) -> str:
    return "office" if why.code in OF_THE_OFFICE else "reason"


def _back(code: str) -> RedirectResponse:
    return RedirectResponse(f"/desk?done={code}", 303)
