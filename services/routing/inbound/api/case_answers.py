"""The answer of the HTTP API about one case."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from services.routing.domain.case.case import Case
from services.routing.domain.case.fired_deadline import FiredDeadline
from services.routing.domain.case.history_line import HistoryLine
from services.routing.domain.case.pending_stop import PendingStop
from services.routing.domain.case.position import ProcessPosition
from services.routing.domain.case.rules import Rules
from services.routing.domain.clock.time_attribution import TimeShare, TimeSpent
from services.routing.domain.deadlines.deadlines import NextDeadline
from services.routing.domain.deadlines.escalation import current_escalation
from services.routing.domain.plan.outcomes import allowed_outcomes
from services.routing.inbound.api.answers import TaskAnswer, task_answer, task_dossier
from services.routing.outbound.case_events import apology_state, child_state, family_queries
from shared.counted_days import CountedDays
from shared.events.apology import Apology
from shared.events.case import CitizenRequest
from shared.events.steps import Child, Query
from shared.same_fields import same_fields
from shared.web.answers.answer import Answer
from shared.worktime import ClockEvent


class ShareAnswer(Answer):
    """Working minutes of one owner. `whose`: an office, the citizen, or a step outside the limit."""

    whose: str
    office: str | None
    minutes: int


class DeadlineAnswer(Answer):
    """A deadline that has fired (`fired_at`, `to`), or the next one of a clock.

    `scope`: dossier, task, request or new_date. `late_by`: seconds between `at` and `fired_at`.
    `overtaken`: a later deadline of the same clock was due by then too.
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
    """Since when the dossier is late, and who must act on it."""

    since: datetime
    to: str
    office: str


class MissingOfficeAnswer(Answer):
    """The missing office of an accepted dossier: `role` has none at the place that `field` names."""

    role: str
    field: str
    value: str | None
    why: str
    since: datetime


class HistoryAnswer(Answer):
    """A line of the history: the update (`type`), its cause (`because`), and the state after it."""

    at: datetime
    type: str
    because: str
    because_id: str
    state: str
    actor: dict[str, str]
    task_id: UUID | None
    step: str | None
    office: str | None
    reason: str | None
    dossier_id: UUID | None


class CaseAnswer(Answer):
    """A dossier in routing: state, plan, deadlines and history, without personal data.

    `time`: working minutes by owner since acceptance; `late`: those after the due date. `explanation`: how
    the due date was counted. `ledger`: events of the dossier's clock.
    """

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
    explanation: tuple[CountedDays, ...]
    completed_at: datetime | None
    outcome: str | None
    refused_reason: str | None
    refused_rule: str | None
    stage: str | None
    resume_to: ProcessPosition | None
    request: CitizenRequest | None
    stop_asked: PendingStop | None
    second_supplement: bool
    ledger: tuple[ClockEvent, ...]
    time: list[ShareAnswer]
    late: list[ShareAnswer]
    tasks: list[TaskAnswer]
    children: list[Child]
    overdue: OverdueAnswer | None
    apology: Apology | None
    unplaced: MissingOfficeAnswer | None
    queries: list[Query]
    deadlines: list[DeadlineAnswer]
    history: list[HistoryAnswer]


OF_CASE = same_fields(CaseAnswer, Case, beside=("holder", "tasks", "children", "apology"))
OF_ALARM = same_fields(DeadlineAnswer, FiredDeadline)


def case_answer(
    case: Case,
    history: Sequence[HistoryLine],
    spent: TimeSpent,
    next_deadlines: Iterable[NextDeadline],
    rules: Rules,
) -> CaseAnswer:
    """The answer for a case. `next_deadlines`: one for each running clock."""
    holder = case.holder
    return CaseAnswer(
        **OF_CASE(case),
        dossier_id=case.root,
        holder=holder.office if holder else None,
        time=[_share(share) for share in spent.time],
        late=[_share(share) for share in spent.late],
        tasks=_task_answers(case, rules),
        children=[child_state(child) for child in case.children],
        overdue=_overdue(case),
        apology=apology_state(case),
        queries=list(family_queries(case)),
        deadlines=[*map(_fired_answer, case.family_alarms), *map(_next_answer, next_deadlines)],
        history=list(map(HistoryAnswer.model_validate, history)),
    )


def _task_answers(case: Case, rules: Rules) -> list[TaskAnswer]:
    answers: list[TaskAnswer] = []
    for member, task in case.family_tasks:
        answers.append(task_answer(task, task_dossier(member), allowed_outcomes(member, task, rules)))
    return answers


def _overdue(case: Case) -> OverdueAnswer | None:
    escalation = current_escalation(case)
    if escalation is None:
        return None
    return OverdueAnswer(since=escalation.due_at, to=escalation.to, office=escalation.office)


def _share(share: TimeShare) -> ShareAnswer:
    return ShareAnswer(whose=share.owner.value, office=share.office, minutes=share.minutes)


def _fired_answer(alarm: FiredDeadline) -> DeadlineAnswer:
    return DeadlineAnswer(**OF_ALARM(alarm), late_by=alarm.delay_seconds)


def _next_answer(deadline: NextDeadline) -> DeadlineAnswer:
    clock = deadline.clock
    task = clock.task.id if clock.task else None
    return DeadlineAnswer(
        scope=clock.scope, task_id=task, level=deadline.level, due_at=clock.due_at, at=deadline.at
    )
