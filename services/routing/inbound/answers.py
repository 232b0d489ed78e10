"""What machines get back: tasks, cases and counts as JSON."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.routing.domain.alarm import Alarm, Scope
from services.routing.domain.case import Case, root_code
from services.routing.domain.deadlines import Deadline
from services.routing.domain.escalation import standing
from services.routing.domain.queries import askings
from services.routing.domain.task import Task
from services.routing.domain.telling import child_told, query_told
from services.routing.domain.whose_time import Share, Spent
from services.routing.store import process
from services.routing.store.desk import DeskRow
from services.routing.usecases.act_on_tasks import Acted
from shared.events.case import Child, Query


class Answer(BaseModel):
    """An answer of ours: what it holds is in its schema."""

    model_config = ConfigDict(frozen=True)


class CityTime(Answer):
    """The city's time. When it stands, it moves only in steps."""

    now: datetime
    standing: bool


class TaskAnswer(Answer):
    """One task. `kind`: receive (done at the counter), step, question, letter; `desk`: where it lies now.

    `excluded`: the dossier's limit does not count its time. `actor`: the person whose own act it waits for.
    `code` is the root's; `child`: the code of the child dossier whose task it is, as are id and procedure.
    """

    task_id: UUID
    dossier_id: UUID
    code: str
    procedure: str
    kind: str
    step: str
    title_vi: str
    title_en: str
    office: str
    office_short: str
    desk: str
    party: str | None
    state: str
    due_at: datetime | None
    queued_at: datetime | None
    started_at: datetime | None
    done_at: datetime | None
    outcome: str | None
    reason: str | None
    excluded: bool
    actor: str | None
    child: str | None


class TaskList(Answer):
    """Tasks by due time. `next` continues the list when there are more."""

    tasks: list[TaskAnswer]
    next: str | None = None


class NextDue(Answer):
    """The next instant at which an open task falls due, and at which any clock says something (a warning, a
    breach, an escalation); null when there is none.
    """

    now: datetime
    next_due_at: datetime | None
    next_deadline_at: datetime | None = None


class Waiting(Answer):
    """An open dossier and who has it."""

    code: str
    holder: str | None
    state: str


class Counts(Answer):
    """The city's cases in figures, and a page of those still open."""

    open: int
    completed: int
    refused: int
    by_state: dict[str, int]
    waiting: list[Waiting]
    next: str | None = None


class ShareAnswer(Answer):
    """Working minutes, and whose: an office's, the citizen's own, or of a step outside the limit."""

    whose: str
    office: str | None
    minutes: int


class DeadlineAnswer(Answer):
    """An instant of a clock: said (`fired_at`, `to`), or the next to come. `scope`: dossier, task or request.

    `late_by`: seconds it was said after `at`; `overtaken`: a later one of the same clock was due by then too.
    """

    scope: str
    task_id: UUID | None
    level: str
    due_at: datetime
    at: datetime
    fired_at: datetime | None = None
    late_by: int | None = None
    overtaken: bool = False
    to: str | None = None
    office: str | None = None


class OverdueAnswer(Answer):
    """Late since when, and who must act on it."""

    since: datetime
    to: str
    office: str


class CaseAnswer(Answer):
    """A dossier's life as routing knows it: state, plan, history. No personal data."""

    code: str
    dossier_id: UUID
    state: str
    procedure: str
    version: int
    channel: str
    receiving_office: str
    holder: str | None
    submitted_at: datetime
    accepted_at: datetime | None
    promised_due_at: datetime | None
    current_due_at: datetime | None
    explanation: list[dict[str, Any]]
    completed_at: datetime | None
    outcome: str | None
    refused_reason: str | None
    refused_rule: str | None
    stage: str | None
    resume_to: dict[str, Any] | None
    request: dict[str, Any] | None
    stop_asked: dict[str, Any] | None
    second_supplement: bool
    ledger: list[dict[str, Any]]
    time: list[ShareAnswer]
    late: list[ShareAnswer]
    tasks: list[TaskAnswer]
    children: list[Child]
    overdue: OverdueAnswer | None
    apology: dict[str, Any] | None
    queries: list[Query]
    deadlines: list[DeadlineAnswer]
    history: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class OfDossier:
    """Whose task: the dossier's own id and procedure, its root's code, and a child's own."""

    id: UUID
    code: str
    procedure: str
    child: str | None = None


def task_answer(task: Task, of: OfDossier) -> TaskAnswer:
    """A task as a machine reads it."""
    return TaskAnswer(
        task_id=task.id,
        dossier_id=of.id,
        code=of.code,
        procedure=of.procedure,
        child=of.child,
        kind=_kind(task),
        step=task.step,
        title_vi=task.title_vi,
        title_en=task.title_en,
        office=task.office,
        office_short=task.office_short,
        desk=task.desk,
        party=task.party,
        state=task.state.value,
        due_at=task.due_at,
        queued_at=task.queued_at,
        started_at=task.started_at,
        done_at=task.done_at,
        outcome=task.outcome,
        reason=task.reason,
        excluded=task.excluded,
        actor=task.actor,
    )


def _kind(task: Task) -> str:
    if task.is_question:
        return "question"
    return task.step if task.is_receive or task.is_letter else "step"


def acted_answer(acted: Acted) -> TaskAnswer:
    """A task as it stands after an act."""
    return task_answer(acted.task, of_case(acted.case))


def of_case(case: Case) -> OfDossier:
    """How tasks of this case are called."""
    child = case.code if case.child_id else None
    return OfDossier(case.id, root_code(case.code), case.procedure, child)


def row_answer(row: DeskRow) -> TaskAnswer:
    """A row of a desk list."""
    return task_answer(row.task, OfDossier(row.dossier_id, row.code, row.procedure, row.child))


def case_answer(
    case: Case, told: list[dict[str, Any]], spent: Spent, coming: Iterable[Deadline]
) -> CaseAnswer:
    """A dossier's whole life; `coming`: the next instant of each of its clocks."""
    holder, late = case.holder, standing(case)
    return CaseAnswer(
        code=case.code,
        dossier_id=case.root,
        state=case.state.value,
        procedure=case.procedure,
        version=case.version,
        channel=case.channel,
        receiving_office=case.receiving_office,
        holder=holder.office if holder else None,
        submitted_at=case.submitted_at,
        accepted_at=case.accepted_at,
        promised_due_at=case.promised_due_at,
        current_due_at=case.current_due_at,
        explanation=[dict(line) for line in case.explanation],
        completed_at=case.completed_at,
        outcome=case.outcome,
        refused_reason=case.refused_reason,
        refused_rule=case.refused_rule,
        stage=case.stage,
        resume_to=process.standing_json(case.resume_to),
        request=process.request_json(case.request),
        stop_asked=process.stop_json(case.stop_asked),
        second_supplement=case.second_supplement,
        ledger=process.ledger_json(case.ledger),
        time=[_share(share) for share in spent.time],
        late=[_share(share) for share in spent.late],
        tasks=[task_answer(task, of_case(one)) for one in case.family for task in one.tasks],
        children=[child_told(child) for child in case.children],
        overdue=OverdueAnswer(since=late.due_at, to=late.to, office=late.office) if late else None,
        apology=process.apology_json(case.apology),
        queries=[query_told(asked) for one in case.family for asked in askings(one)],
        deadlines=[
            *map(_fired, (alarm for one in case.family for alarm in one.alarms)),
            *map(_to_come, coming),
        ],
        history=told,
    )


def _share(share: Share) -> ShareAnswer:
    return ShareAnswer(whose=share.whose.value, office=share.office, minutes=share.minutes)


def _fired(alarm: Alarm) -> DeadlineAnswer:
    return DeadlineAnswer(
        scope=alarm.scope,
        task_id=alarm.about if alarm.scope is Scope.TASK else None,
        level=alarm.level,
        due_at=alarm.due_at,
        at=alarm.at,
        fired_at=alarm.fired_at,
        late_by=alarm.late_by,
        overtaken=alarm.overtaken,
        to=alarm.to,
        office=alarm.office,
    )


def _to_come(deadline: Deadline) -> DeadlineAnswer:
    one = deadline.clock
    task = one.task.id if one.task else None
    return DeadlineAnswer(
        scope=one.scope, task_id=task, level=deadline.level, due_at=one.due_at, at=deadline.at
    )


def waiting(case: Case) -> Waiting:
    """A line of the waiting list."""
    holder = case.holder
    return Waiting(code=case.code, holder=holder.office if holder else None, state=case.state.value)
