"""A step asks many offices at once, and goes on with the answers it got: the silent are named.

Each question is a task of the office asked, `part_of` the step that asks. It moves no clock of the citizen's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.routing.domain.case.case import BY_RULE, Case, CaseChange, CaseUpdate, Cause, task_dispatches
from services.routing.domain.case.replacing import replace
from services.routing.domain.case.task import NoEffect, Task, TaskReply, TaskState
from services.routing.domain.plan import plan
from services.routing.domain.plan.effects import reply_cause
from services.routing.words import refuse
from shared.catalogue import Catalogue, Office
from shared.catalogue.model.procedure import FanOut
from shared.errors import Refused
from shared.events.case import QUERY_CLOSED, UPDATED


class QueryClosedBy(StrEnum):
    """What ended the asking: everybody's answer or the step's rule, or the lead."""

    RULE = "rule"
    PERSON = "person"


SILENT = {QueryClosedBy.RULE: "deemed_agreed", QueryClosedBy.PERSON: "silent"}
"""The outcome kept of a question that nobody answered."""


@dataclass(frozen=True, slots=True)
class QueryTasks:
    """What one step asked: the questions as they stand, and how it ended. `lead`: the step's own task."""

    lead: Task
    questions: tuple[Task, ...]

    @property
    def answered_tasks(self) -> tuple[Task, ...]:
        """Whose answer is in."""
        return tuple(task for task in self.questions if task.state is TaskState.DONE)

    @property
    def open_tasks(self) -> tuple[Task, ...]:
        """Who may still answer."""
        return tuple(task for task in self.questions if task.is_open)

    @property
    def unanswered_tasks(self) -> tuple[Task, ...]:
        """Who had not answered when it was closed."""
        return tuple(task for task in self.questions if task.outcome in SILENT.values())

    @property
    def closed_by(self) -> QueryClosedBy | None:
        """None while an answer is awaited, and where the dossier ended before."""
        if len(self.answered_tasks) + len(self.unanswered_tasks) < len(self.questions):
            return None
        by_lead = any(task.outcome == SILENT[QueryClosedBy.PERSON] for task in self.unanswered_tasks)
        return QueryClosedBy.PERSON if by_lead else QueryClosedBy.RULE

    @property
    def close_reason(self) -> str | None:
        """Why it went on without the silent."""
        return self.unanswered_tasks[0].reason if self.unanswered_tasks else None


def query_of_step(case: Case, step: str) -> QueryTasks | None:
    """What this step asked; None: nobody. A step that was re-sent leads by its latest task."""
    found = tuple(task for task in case.tasks if task.part_of == step and task.moved_to is None)
    leads = [task for task in case.tasks if task.step == step and task.moved_to is None]
    return QueryTasks(leads[-1], found) if found else None


def queries_of_case(case: Case) -> tuple[QueryTasks, ...]:
    """What the steps of this case asked, in the order of its plan."""
    steps = dict.fromkeys(task.part_of for task in case.tasks if task.part_of)
    return tuple(found for step in steps if (found := query_of_step(case, step)))


def query_rule(case: Case, step: str, catalogue: Catalogue) -> FanOut | None:
    """Whom a step may ask, by the version the case was accepted under."""
    procedure = catalogue.procedure_version(case.procedure, case.version)
    return next((one.fan_out for one in procedure.steps if one.id == step), None)


def open_query(
    case: Case, task: Task, said: TaskReply, catalogue: Catalogue, at: datetime
) -> CaseChange | NoEffect | Refused:
    """The offices named, or all that the step may ask, get the question; each is asked once."""
    rule = query_rule(case, task.step, catalogue) if task.part_of is None else None
    if rule is None:
        return refuse("step_asks_nobody")
    if not (said.reason or "").strip():
        return refuse("question_missing")
    offices = _chosen(rule, said.wants.offices, catalogue)
    if isinstance(offices, Refused):
        return offices
    earlier = query_of_step(case, task.step)
    known = {one.office for one in earlier.questions} if earlier else set[str]()
    new = [office for office in offices if office.id not in known]
    if not new:
        return NoEffect("told_twice")
    if len(known) + len(new) > rule.max:
        return refuse("too_many_to_ask", most=str(rule.max))
    questions = [
        plan.queue_task(_question(case, task, office, said.reason or ""), task.due_at, catalogue, at)
        for office in new
    ]
    after = replace(case, tasks=tuple(sorted((*case.tasks, *questions), key=lambda one: one.n)))
    told = CaseUpdate(UPDATED, after, reply_cause(said), at, task, said.reason)
    return CaseChange(after, (told,), task_dispatches(case, after))


def close_query(
    case: Case, task: Task, said: TaskReply, _: Catalogue, at: datetime
) -> CaseChange | NoEffect | Refused:
    """The lead goes on with the answers that are in; those still silent are on record with the reason."""
    asked = query_of_step(case, task.step)
    if asked is None:
        return refuse("nothing_was_asked")
    if not asked.open_tasks:
        return NoEffect("told_twice")
    reason = (said.reason or "").strip()
    if not reason:
        return refuse("silence_needs_a_reason")
    after = _silenced(case, asked.open_tasks, QueryClosedBy.PERSON, reason)
    told = CaseUpdate(QUERY_CLOSED, after, reply_cause(said), at, task, reason)
    return CaseChange(after, (told,), task_dispatches(case, after))


def record_answer(case: Case, task: Task, said: TaskReply, at: datetime) -> CaseChange:
    """One answer is in; with the last one the asking is over, by rule."""
    after = case.with_task(replace(task, reason=said.reason))
    change = CaseChange(after, (CaseUpdate(UPDATED, after, reply_cause(said), at, task, said.reason),))
    asked = query_of_step(after, task.part_of or "")
    if asked is None or asked.open_tasks:
        return change
    over = CaseUpdate(
        QUERY_CLOSED, after, Cause(QUERY_CLOSED, f"{said.because_id}/closed", BY_RULE), at, task
    )
    return replace(change, told=(*change.told, over))


def close_by_silence(case: Case, task: Task, catalogue: Catalogue, at: datetime) -> CaseChange | None:
    """A question whose time is over closes by the step's rule, where silence counts as agreement."""
    rule = query_rule(case, task.part_of or "", catalogue)
    if rule is None or rule.silence != "deemed_agreed":
        return None
    after = _silenced(case, (task,), QueryClosedBy.RULE, None)
    asked = query_of_step(after, task.part_of or "")
    if asked is None or asked.open_tasks:
        return CaseChange(after, (), task_dispatches(case, after))
    cause = Cause(QUERY_CLOSED, f"{task.id}/silent", BY_RULE)
    told = CaseUpdate(QUERY_CLOSED, after, cause, at, lead_task(after, task))
    return CaseChange(after, (told,), task_dispatches(case, after))


def escalates_to_lead(case: Case, task: Task, catalogue: Catalogue) -> bool:
    """Whether silence goes to the step that asked, not to the silent office's head and the city."""
    rule = query_rule(case, task.part_of or "", catalogue)
    return rule is not None and rule.silence != "escalate"


def lead_task(case: Case, task: Task) -> Task | None:
    """The step that asked."""
    return next((one for one in case.current_tasks if one.step == task.part_of), None)


def refused_early(case: Case, task: Task) -> Refused | None:
    """A step that asked is not done while answers are awaited."""
    asked = query_of_step(case, task.step) if task.part_of is None else None
    if asked is None or not asked.open_tasks:
        return None
    return refuse("answers_missing", silent=", ".join(one.office_short for one in asked.open_tasks))


def _chosen(rule: FanOut, named: Iterable[str], catalogue: Catalogue) -> list[Office] | Refused:
    may = {office.id: office for office in catalogue.offices() if office.role in rule.roles}
    chosen = list(dict.fromkeys(named)) or list(may)
    wrong = next((name for name in chosen if name not in may), None)
    if wrong is not None:
        return refuse("not_one_to_ask", office=wrong)
    if len(chosen) > rule.max:
        return refuse("too_many_to_ask", most=str(rule.max))
    return [may[name] for name in chosen]


def _question(case: Case, lead: Task, office: Office, text: str) -> Task:
    step = f"{lead.step}/{office.id}"
    return replace(
        lead,
        id=plan.next_task_id(case, step),
        step=step,
        role=office.role,
        title_vi=f"trả lời: {lead.title_vi}",
        title_en=f"answer: {lead.title_en}",
        office=office.id,
        office_short=office.short,
        after=(),
        state=TaskState.WAITING,
        started_at=None,
        reason=None,
        part_of=lead.step,
        question=text,
    )


def _silenced(case: Case, tasks: Iterable[Task], by: QueryClosedBy, reason: str | None) -> Case:
    for task in tasks:
        case = case.with_task(replace(task, state=TaskState.CLOSED, outcome=SILENT[by], reason=reason))
    return case
