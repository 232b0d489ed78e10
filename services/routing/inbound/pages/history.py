"""The page of one dossier: its steps, a timeline, deadlines and history."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated

import asyncpg
from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from pydantic import AfterValidator

from services.routing.domain.acts.apology import minutes_late
from services.routing.domain.case.case import CENTRE_SHORT, Case
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import CENTRE, Task, TaskState
from services.routing.domain.clock.new_date import passed_new_date
from services.routing.domain.clock.time_attribution import TimeOwner, pause_periods, time_spent
from services.routing.domain.deadlines.deadlines import next_deadlines_of_family
from services.routing.domain.deadlines.escalation import current_escalation
from services.routing.domain.steps.queries import queries_of_case
from services.routing.inbound.api.callers import Officer
from services.routing.inbound.pages.board import Watcher
from services.routing.inbound.pages.board_view import working_days_left, working_minutes_late
from services.routing.inbound.pages.life_view import alarm_rows, coming_rows, task_rows
from services.routing.inbound.pages.missing_office_view import missing_offices
from services.routing.outbound.case_events import visible_steps
from services.routing.store import cases, history
from services.routing.words import refuse, text
from shared.actor import Actor
from shared.catalogue import Catalogue
from shared.catalogue.model.results import separate_results
from shared.db.transaction import city_now, transaction
from shared.events.agency import WITHOUT_NUL
from shared.typed_input.dossier_code import normalize_code
from shared.web.pages.formatting import pick_language
from shared.web.pages.rendering import render
from shared.web.pages.timeline import OfficeLane, TimeBar, TimeMark, layout_timeline
from shared.words import BilingualText

Code = Annotated[str, Path(max_length=80, pattern=WITHOUT_NUL), AfterValidator(normalize_code)]
CLOCK = text("pages.clock")
PAUSED = {
    TimeOwner.CITIZEN: text("pages.waiting_for_citizen"),
    TimeOwner.OUTSIDE: text("pages.outside_limit"),
}
STEP_STATES = {
    TaskState.DONE: "done",
    TaskState.WAITING: "next",
    TaskState.CLOSED: "skipped",
    TaskState.QUEUED: "now",
    TaskState.STARTED: "now",
    TaskState.DECLINED: "now",
}


def history_pages(pool: asyncpg.Pool, catalogue: Callable[[], Catalogue]) -> APIRouter:
    """/dossiers/{code} for its offices, /board/dossiers/{code} for operators and leaders."""
    router = APIRouter(include_in_schema=False)

    @router.get("/board/dossiers/{code}", dependencies=[Watcher])
    @router.get("/dossiers/{code}")
    async def life(request: Request, code: Code, actor: Officer) -> Response:
        async with transaction(pool) as tx:
            case = await cases.read_by_code(tx, code)
            if case is None or not may_view_dossier(case, actor):
                raise refuse("case.unknown")
            lines = await history.read_history(tx, case.root)
            rules = Rules(catalogue(), await city_now(tx))
        procedure, now = rules.procedure_of(case), rules.now
        tasks = {task.id: task for _, task in case.family_tasks}
        last = max((task.done_at or now for task in tasks.values() if task.queued_at), default=now)
        end = case.completed_at or last
        return render(
            request,
            "life.html",
            case=case,
            now=now,
            days=working_days_left(rules.catalogue, now),
            lines=lines,
            office_name=partial(office_name, rules.catalogue),
            party_name=partial(party_name, rules.catalogue),
            overdue=current_escalation(case),
            passed=passed_new_date(case),
            late=working_minutes_late(rules.catalogue, now),
            letter_minutes=minutes_late(case.apology, rules) if case.apology else 0,
            askings=[query for member in case.family for query in queries_of_case(member)],
            alarms=alarm_rows(case, tasks),
            coming=coming_rows(case, next_deadlines_of_family(case, rules)),
            rows=task_rows(case, actor, now),
            tasks=tasks,
            missing=missing_offices(case, rules.catalogue),
            children=[(child, rules.procedure_of(child).short) for child in case.children],
            child_states={child.id: rules.catalogue.state_name(child.state.value) for child in case.children},
            procedure=procedure,
            state=rules.catalogue.state_name(case.state.value),
            parts=separate_results(procedure, case.step_tasks),
            steps=lambda: [_step(task, case.child_of(task.step)) for task in visible_steps(case)],
            explanation=case.explanation,
            spent=time_spent(case, rules, lines),
            life=lambda: layout_timeline(office_lanes(case, end), case.submitted_at, end),
        )

    return router


def office_name(catalogue: Catalogue, office: str) -> str:
    """The short name of an office; the Centre's, which has no place, in words."""
    if office == CENTRE:
        return CENTRE_SHORT
    try:
        return catalogue.office(office).short
    except KeyError:
        return office


def party_name(catalogue: Catalogue, party: str) -> str:
    """The name of a party; the name on its topics where the catalogue has it no more."""
    try:
        return catalogue.party(party).name_vi
    except KeyError:
        return party


def may_view_dossier(case: Case, actor: Actor) -> bool:
    """Whether the officer may see the dossier: operators and leaders see all, others their office's."""
    if actor.role in {"operator", "leader"}:
        return True
    offices = {case.receiving_office, *(task.office for _, task in case.family_tasks)}
    return actor.office in offices


def office_lanes(case: Case, end: datetime) -> list[OfficeLane]:
    """A lane for each office, in the order the dossier reached them, and one for pauses of the clock."""
    queued = [task for _, task in case.family_tasks if task.queued_at and not task.is_done_by_child]
    bars: dict[str, list[TimeBar]] = {}
    ticks: dict[str, list[TimeMark]] = {}
    for task in sorted(queued, key=lambda task: (task.queued_at or end, task.n)):
        office = task.office_short
        bars.setdefault(office, []).extend(_bars(task, end))
        if task.done_at:
            tick = TimeMark(task.done_at, pick_language(task.title_vi, task.title_en))
            ticks.setdefault(office, []).append(tick)
    lanes = [OfficeLane(office, bars[office], ticks.get(office, [])) for office in bars]
    pauses: list[TimeBar] = []
    for owner, (start, stop) in pause_periods(case.ledger, end):
        pauses.append(TimeBar("paused", start, stop, _in_language(PAUSED[owner])))
    if pauses:
        lanes.append(OfficeLane(_in_language(CLOCK), pauses))
    return lanes


def _bars(task: Task, end: datetime) -> list[TimeBar]:
    queued, stopped = task.queued_at or end, task.done_at or end
    started = task.started_at or stopped
    title = pick_language(task.title_vi, task.title_en)
    bars = [TimeBar("waiting", queued, started, title), TimeBar("working", started, stopped, title)]
    if task.due_at and stopped > task.due_at:
        bars.append(TimeBar("late", max(task.due_at, queued), stopped, title))
    return [bar for bar in bars if bar.end > bar.start or (bar.kind == "waiting" and task.is_open)]


def _in_language(words: BilingualText) -> str:
    return pick_language(words.vi, words.en)


def _step(task: Task, child: Case | None) -> dict[str, str]:
    title = pick_language(task.title_vi, task.title_en)
    state = STEP_STATES[task.state]
    if child is None:
        return {"title": title, "state": state, "note": task.office_short}
    if task.is_done_by_child:
        state = "now"
    return {"title": title, "state": state, "note": f"{task.office_short} · {child.code}"}
