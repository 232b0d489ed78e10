"""Pages of an office's desk: the list of open tasks, and a page with the acts on each task."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from services.routing.domain.acts.apology import minutes_late
from services.routing.domain.acts.office_replies import is_operator
from services.routing.domain.acts.reassignment import Reassignment, ReassignMode, allowed_targets
from services.routing.domain.case.case import Cause
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import (
    CENTRE,
    HEAD,
    RequestDetails,
    Task,
    TaskAct,
    TaskState,
)
from services.routing.domain.clock.new_date import passed_new_date
from services.routing.domain.plan.findings import reportable_facts
from services.routing.domain.steps.queries import QueryTasks, query_of_step
from services.routing.inbound.acts.act_form import ActForm, name_the_head
from services.routing.inbound.acts.registry import FORMS
from services.routing.inbound.api.callers import Officer
from services.routing.inbound.pages.desk_forms import FINAL_ACTS, available_forms, drop_final_act
from services.routing.inbound.pages.desk_view import DeskLine, DeskPage, desk_acts, desk_line, office_choices
from services.routing.inbound.pages.missing_office_view import missing_office
from services.routing.store import cases, desk
from services.routing.usecases.act_batcher import OfficeActBatcher
from services.routing.usecases.act_on_tasks import DeskAct
from services.routing.words import field_error, refuse, text
from shared.actor import Actor
from shared.catalogue import Catalogue
from shared.catalogue.model.paper_names import paper_names
from shared.db.transaction import Tx, city_now, transaction
from shared.errors import FieldError, Refused
from shared.events.agency import WITHOUT_NUL
from shared.events.agency_replies import Line as Word
from shared.events.case import REASSIGNED
from shared.states import State
from shared.typed_input import field_types
from shared.web.answers.problem import STATUS
from shared.web.pages.rendering import render

MOST_TASKS = 500
ACTS: dict[str, TaskAct] = {
    "start": TaskAct.START,
    "complete": TaskAct.COMPLETE,
    "decline": TaskAct.DECLINE,
}
OFFICE_FIELD_CODES = frozenset({"unknown_office", "office_cannot_do_it", "another_agency", "already_there"})
CENTRE_NAME = text("pages.centre").vi


Text = Annotated[str, Form(max_length=2000, pattern=WITHOUT_NUL), field_types.paragraphs(2000)]


class DeskPost:
    """The fields of the forms that start, complete, decline or move a task."""

    def __init__(  # noqa: PLR0917  (forms' fields)
        self,
        outcome: Annotated[str, Form(max_length=40, pattern=WITHOUT_NUL)] = "",
        reason: Text = "",
        office: Annotated[str, Form(max_length=80, pattern=WITHOUT_NUL)] = "",
        other: Text = "",
        found: Annotated[tuple[Word, ...], Form(max_length=50)] = (),
        basis: Annotated[str, Form(max_length=300, pattern=WITHOUT_NUL)] = "",
    ) -> None:
        self.outcome, self.reason = outcome or None, reason.strip()
        self.office, self.other, self.findings = office.strip(), other.strip(), found
        self.basis = basis.strip()

    def field_values(self) -> dict[str, str]:
        """The values as entered, to fill the form again."""
        return {
            "outcome": self.outcome or "",
            "reason": self.reason,
            "office": self.office,
            "other": self.other,
            "basis": self.basis,
        }


@dataclass(frozen=True, slots=True)
class DeskContext:
    """The dependencies of the desk's pages."""

    pool: asyncpg.Pool
    catalogue: Callable[[], Catalogue]


@dataclass(frozen=True, slots=True)
class RejectedForm:
    """A submitted form and its refusal."""

    post: DeskPost
    refusal: Refused


def desk_pages(
    pool: asyncpg.Pool, batcher: OfficeActBatcher, catalogue: Callable[[], Catalogue]
) -> APIRouter:
    """/desk and a page for each task. All forms work without JavaScript."""
    router = APIRouter(prefix="/desk", include_in_schema=False)
    desk_context = DeskContext(pool, catalogue)

    @router.get("")
    async def page(
        request: Request, actor: Officer, done: Annotated[str, Query(max_length=80)] = ""
    ) -> Response:
        async with transaction(pool) as tx:
            desk_page = await _read_desk(tx, actor, Rules(catalogue(), await city_now(tx)))
        return render(
            request,
            "desk.html",
            desk=desk_page,
            acts_for=desk_acts,
            head=actor.role == HEAD,
            operator=is_operator(actor),
            done=done,
        )

    @router.get("/tasks/{task_id}")
    async def show_task(request: Request, task_id: UUID, actor: Officer) -> Response:
        async with transaction(pool) as tx:
            return await _task_page(request, tx, task_id, actor=actor, catalogue=catalogue())

    for form in FORMS:
        _add_form_route(router, form, desk_context, batcher)
    router.add_api_route("/tasks/{task_id}/ask/{name}", _unknown_form, methods=["POST"])
    # The language switch and the log-in return with GET to the URL that a form was posted to.
    router.add_api_route("/tasks/{task_id}/{act:path}", redirect_after_post)

    @router.post("/tasks/{task_id}/{act}")
    async def do(
        request: Request, task_id: UUID, act: str, actor: Officer, post: Annotated[DeskPost, Depends()]
    ) -> Response:
        if act not in {*ACTS, *ReassignMode}:
            raise refuse("unknown_task")
        try:
            if act in ACTS:
                _require_reason(act, post)
                result = await batcher.acts.submit(_desk_act(task_id, act, actor, post))
            else:
                result = await batcher.resends.submit(_resend(task_id, ReassignMode(act), actor, post))
        except Refused as refusal:
            form = RejectedForm(post, refusal)
            return await _page_with_errors(desk_context, request, task_id, actor=actor, form=form)
        return _redirect_to_desk(result.case.code)

    return router


async def redirect_after_post(request: Request, task_id: UUID, act: str, actor: Officer) -> Response:
    """Redirect from the URL of a form to the page of its task."""
    return RedirectResponse(f"/desk/tasks/{task_id}?{request.url.query}", 303)


def _add_form_route(
    router: APIRouter, form: ActForm[Any, Any], desk_context: DeskContext, batcher: OfficeActBatcher
) -> None:
    async def act_on_task(request: Request, task_id: UUID, actor: Officer, post: Any) -> Response:
        try:
            act = name_the_head(form.act_of_post(task_id, post, actor), request)
            result = await batcher.acts.submit(act)
        except Refused as refusal:
            page_context = {
                "errors": form.errors_of(refusal),
                "given": asdict(post),
                "status": STATUS[refusal.kind],
                "asked": form.name,
            }
            async with transaction(desk_context.pool) as tx:
                catalogue = desk_context.catalogue()
                return await _task_page(
                    request, tx, task_id, actor=actor, catalogue=catalogue, **page_context
                )
        return _redirect_to_desk(result.case.code)

    # FastAPI reads the fields of a form from the function's annotations.
    act_on_task.__annotations__["post"] = Annotated[form.post, Depends()]
    router.add_api_route(f"/tasks/{{task_id}}/{form.desk_path}", act_on_task, methods=["POST"])


async def _unknown_form(task_id: UUID, name: str, actor: Officer) -> Response:
    raise refuse("unknown_task")


async def _read_desk(tx: Tx, actor: Actor, rules: Rules) -> DeskPage:
    office, name = actor.office or CENTRE, CENTRE_NAME
    if office != CENTRE:
        name = rules.catalogue.office(office).name_vi
    rows = await desk.list_desk_tasks(tx, desk=office, limit=MOST_TASKS, turn_first=True)
    total = len(rows)
    if total == MOST_TASKS:
        total = await desk.count_on_desk(tx, office)
    return DeskPage(
        office=office,
        name=name,
        now=rules.now,
        lines=[desk_line(row, rules) for row in rows],
        total=total,
        waiting=await desk.count_waiting_elsewhere(tx, office),
    )


async def _task_page(
    request: Request, tx: Tx, task_id: UUID, actor: Actor, catalogue: Catalogue, **overrides: Any
) -> Response:
    row = await desk.read_task(tx, task_id)
    if row is None or not _may_see(row.task, actor):
        raise refuse("not_on_your_desk")
    rules = Rules(catalogue, await city_now(tx))
    line = desk_line(row, rules)
    root = (await cases.read_cases(tx, [row.root]))[row.root]
    case = root.owner_of(task_id) or root
    query = query_of_step(case, row.task.step)
    acts = desk_acts(line, operator=is_operator(actor), head=actor.role == HEAD)
    moves = next((mode for mode in ReassignMode if mode in acts), None)
    if not is_operator(actor):
        acts = (*acts, *_query_acts(line, query))
    targets = allowed_targets(case, line.task, moves, rules) if moves else ()
    asks = available_forms(case if root.state is State.IN_PROCESS else root, line.task, actor, rules)
    offered = {*acts, *asks.open}
    context = {"errors": (), "given": {}, "status": 200, "asked": None, **overrides}
    return render(
        request,
        "desk_task.html",
        line=line,
        now=rules.now,
        acts=drop_final_act(case, acts, is_last=row.is_last),
        forms=[form for form in FORMS if form.name in offered],
        asked_of=query,
        moves=moves,
        case=root,
        passed=passed_new_date(root),
        letter_minutes=minutes_late(root.apology, rules) if root.apology else 0,
        named=partial(paper_names, procedure=rules.procedure_of(root), kinds=catalogue),
        missing=missing_office(case, catalogue) if row.task.is_reception else None,
        finds=reportable_facts(case, line.task, rules) if FINAL_ACTS.intersection(acts) else (),
        asks=asks,
        offices=office_choices(targets),
        **context,
    )


def _may_see(task: Task, actor: Actor) -> bool:
    """Whether the actor may see a task: its office, operators, and for apologies the Centre's head."""
    centres_head = (actor.office, actor.role) == (CENTRE, HEAD)
    return task.desk_office == actor.office or is_operator(actor) or (task.is_apology and centres_head)


def _query_acts(line: DeskLine, query: QueryTasks | None) -> tuple[str, ...]:
    """Acts on queries: `ask-offices` if the step may ask, `close-query` while its query is open."""
    if not line.task.is_open or line.task.state is TaskState.DECLINED:
        return ()
    steps = {step.id: step for step in line.procedure.steps}
    planned_step = steps.get(line.task.step)
    acts: list[str] = []
    if planned_step is not None and planned_step.fan_out is not None:
        acts.append("ask-offices")
    if query is not None and query.open_tasks:
        acts.append("close-query")
    return tuple(acts)


async def _page_with_errors(
    desk_context: DeskContext, request: Request, task_id: UUID, actor: Actor, form: RejectedForm
) -> Response:
    """The page of the task with the entered values, and the errors at the top and at their fields."""
    refusal = form.refusal
    errors = refusal.errors or (FieldError(_field(refusal), refusal.code, refusal.vi, refusal.en),)
    errors = tuple(field_error("outcome", "choose_outcome") if e.field == "outcome" else e for e in errors)
    page_context = {"errors": errors, "given": form.post.field_values(), "status": STATUS[refusal.kind]}
    async with transaction(desk_context.pool) as tx:
        catalogue = desk_context.catalogue()
        return await _task_page(request, tx, task_id, actor=actor, catalogue=catalogue, **page_context)


def _desk_act(task_id: UUID, act: str, actor: Actor, post: DeskPost) -> DeskAct:
    reason = post.reason or None
    details = RequestDetails(findings=post.findings, basis=post.basis or None)
    office = actor.office or ""
    return DeskAct(task_id, ACTS[act], office, actor, outcome=post.outcome, reason=reason, details=details)


def _resend(task_id: UUID, mode: ReassignMode, actor: Actor, post: DeskPost) -> Reassignment:
    cause = Cause(REASSIGNED, f"{task_id}/{mode}", actor)
    return Reassignment(task_id, post.other or post.office, post.reason, cause, mode=mode)


def _require_reason(act: str, post: DeskPost) -> None:
    """Require a reason for declining at the desk; the API does not. Raises Refused."""
    if act == "decline" and not post.reason:
        raise refuse("reason_missing")


def _field(refusal: Refused) -> str:
    if refusal.code in OFFICE_FIELD_CODES:
        return "office"
    return "reason"


def _redirect_to_desk(code: str) -> RedirectResponse:
    return RedirectResponse(f"/desk?done={code}", 303)
