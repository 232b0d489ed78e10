"""Queries: a step asks several offices at once, and goes on once they have answered or the query is closed.

Each question is a task of one office, `part_of` the step that asks. A query does not change the clock of the
dossier. Offices that do not answer are recorded by name.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.routing.domain.case.case import (
    BY_RULE,
    Case,
    CaseChange,
    CaseUpdate,
    Cause,
    change_since,
    task_dispatches,
)
from services.routing.domain.case.office_act import OfficeAct
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import NoEffect, OfficeRequest, Task, TaskAct, TaskReply, TaskState
from services.routing.domain.case.task_kind import TaskKind
from services.routing.domain.plan import plan
from services.routing.domain.plan.effects import build_change, reply_cause
from services.routing.words import refuse, text
from shared.catalogue import Office
from shared.catalogue.model.procedure import FanOut
from shared.errors import Refused
from shared.events import agency
from shared.events.case import QUERY_CLOSED
from shared.words import BilingualText


class QueryClosedBy(StrEnum):
    """What closed a query: RULE: the last answer, or the step's rule on silence; PERSON: the lead office."""

    RULE = "rule"
    PERSON = "person"


SILENT_OUTCOMES = {QueryClosedBy.RULE: "deemed_agreed", QueryClosedBy.PERSON: "silent"}
"""The outcome of a question without an answer, by what closed the query."""


@dataclass(frozen=True, slots=True)
class QueryTasks:
    """The query of one step. `lead`: the task of the step; `questions`: one task for each office asked."""

    lead: Task
    questions: tuple[Task, ...]

    @property
    def answered_tasks(self) -> tuple[Task, ...]:
        """The questions that were answered."""
        return tuple(task for task in self.questions if task.state is TaskState.DONE)

    @property
    def open_tasks(self) -> tuple[Task, ...]:
        """The questions that may still be answered."""
        return tuple(task for task in self.questions if task.is_open)

    @property
    def unanswered_tasks(self) -> tuple[Task, ...]:
        """The questions without an answer when the query was closed."""
        return tuple(task for task in self.questions if task.outcome in SILENT_OUTCOMES.values())

    @property
    def closed_by(self) -> QueryClosedBy | None:
        """What closed the query; None while it is open, or if the dossier ended before."""
        if len(self.answered_tasks) + len(self.unanswered_tasks) < len(self.questions):
            return None
        by_lead = any(task.outcome == SILENT_OUTCOMES[QueryClosedBy.PERSON] for task in self.unanswered_tasks)
        return QueryClosedBy.PERSON if by_lead else QueryClosedBy.RULE

    @property
    def close_reason(self) -> str | None:
        """The reason that the lead office gave for closing the query; None if every office answered."""
        return self.unanswered_tasks[0].reason if self.unanswered_tasks else None


def query_of_step(case: Case, step: str) -> QueryTasks | None:
    """The query of this step; None if it asked no office. A reassigned step leads by its latest task."""
    questions = tuple(task for task in case.tasks if task.part_of == step and task.moved_to is None)
    leads = [task for task in case.tasks if task.step == step and task.moved_to is None]
    return QueryTasks(leads[-1], questions) if questions else None


def queries_of_case(case: Case) -> tuple[QueryTasks, ...]:
    """The queries of this case, in the order of its plan."""
    steps = dict.fromkeys(task.part_of for task in case.tasks if task.part_of)
    queries = (query_of_step(case, step) for step in steps)
    return tuple(filter(None, queries))


def query_rule(case: Case, step: str, rules: Rules) -> FanOut | None:
    """The rule for queries of this step, from the case's version of the procedure; None if it may not ask."""
    procedure = rules.procedure_of(case)
    return next((planned_step.fan_out for planned_step in procedure.steps if planned_step.id == step), None)


def open_query(case: Case, task: Task, reply: TaskReply, rules: Rules) -> CaseChange | NoEffect | Refused:
    """Queue the question at the named offices, or at all that the step may ask. Each office is asked once."""
    rule = query_rule(case, task.step, rules) if task.part_of is None else None
    if rule is None:
        return refuse("step_asks_nobody")
    if not (reply.reason or "").strip():
        return refuse("question_missing")
    offices = _offices_to_ask(rule, reply.details.offices, rules)
    if isinstance(offices, Refused):
        return offices
    existing = query_of_step(case, task.step)
    earlier_questions = existing.questions if existing else ()
    asked_offices = {question.office for question in earlier_questions}
    new_offices = [office for office in offices if office.id not in asked_offices]
    if not new_offices:
        return NoEffect("already_applied")
    if len(asked_offices) + len(new_offices) > rule.max:
        return refuse("too_many_to_ask", most=str(rule.max))
    questions: list[Task] = []
    for office in new_offices:
        question = _question_task(case, task, office, reply.reason or "")
        questions.append(plan.queue_task(question, task.due_at, rules))
    after = case.with_new_tasks(*questions)
    return build_change(after, reply_cause(reply), rules.now, task=task, reason=reply.reason, before=case)


def close_query(case: Case, task: Task, reply: TaskReply, rules: Rules) -> CaseChange | NoEffect | Refused:
    """Close the open questions, with the reason. The step goes on with the answers received so far."""
    query = query_of_step(case, task.step)
    if query is None:
        return refuse("nothing_was_asked")
    if not query.open_tasks:
        return NoEffect("already_applied")
    reason = (reply.reason or "").strip()
    if not reason:
        return refuse("silence_needs_a_reason")
    after = _close_unanswered(case, query.open_tasks, QueryClosedBy.PERSON, reason)
    update = CaseUpdate(QUERY_CLOSED, after, cause=reply_cause(reply), at=rules.now, task=task, reason=reason)
    return change_since(case, update)


def record_answer(case: Case, task: Task, reply: TaskReply, at: datetime) -> CaseChange:
    """Record an answer. The last answer closes the query."""
    after = case.with_task(replace(task, reason=reply.reason))
    change = build_change(after, reply_cause(reply), at, task=task, reason=reply.reason)
    query = query_of_step(after, task.part_of or "")
    if query is None or query.open_tasks:
        return change
    cause = Cause(QUERY_CLOSED, f"{reply.cause_id}/closed", BY_RULE)
    return change.with_update(CaseUpdate(QUERY_CLOSED, after, cause=cause, at=at, task=task))


def close_by_silence(case: Case, task: Task, rules: Rules) -> CaseChange | None:
    """Close a question that is overdue, if the step's rule counts silence as agreement; else return None."""
    rule = query_rule(case, task.part_of or "", rules)
    if rule is None or rule.silence != "deemed_agreed":
        return None
    after = _close_unanswered(case, (task,), QueryClosedBy.RULE, None)
    query = query_of_step(after, task.part_of or "")
    if query is None or query.open_tasks:
        return CaseChange(after, (), task_dispatches(case, after))
    cause = Cause(QUERY_CLOSED, f"{task.id}/silent", BY_RULE)
    update = CaseUpdate(QUERY_CLOSED, after, cause=cause, at=rules.now, task=lead_task(after, task))
    return change_since(case, update)


def escalates_to_lead(case: Case, task: Task, rules: Rules) -> bool:
    """Whether an overdue question is reported to the step that asked, not to the office's head and city."""
    rule = query_rule(case, task.part_of or "", rules)
    return rule is not None and rule.silence != "escalate"


def lead_task(case: Case, task: Task) -> Task | None:
    """The task of the step that asked this question."""
    return next((candidate for candidate in case.current_tasks if candidate.step == task.part_of), None)


def refuse_lead_reply(case: Case, task: Task, reply: TaskReply, act: OfficeAct | None) -> Refused | None:
    """Refuse an answer to a task that is no question, and the end of a step while its query is open."""
    if act is not None:
        return None
    if reply.cause == agency.ANSWERED:
        return refuse("not_a_question")
    if reply.act is TaskAct.START:
        return None
    return refuse_while_open(case, task)


def refuse_while_open(case: Case, task: Task) -> Refused | None:
    """Refuse to end a step while its query is open. The refusal names the offices that have not answered."""
    query = query_of_step(case, task.step) if task.part_of is None else None
    if query is None or not query.open_tasks:
        return None
    return refuse("answers_missing", silent=", ".join(question.office_short for question in query.open_tasks))


def _offices_to_ask(rule: FanOut, requested: Iterable[str], rules: Rules) -> list[Office] | Refused:
    allowed = {office.id: office for office in rules.catalogue.offices() if office.role in rule.roles}
    chosen = list(dict.fromkeys(requested)) or list(allowed)
    forbidden = next((name for name in chosen if name not in allowed), None)
    if forbidden is not None:
        return refuse("not_one_to_ask", office=forbidden)
    if len(chosen) > rule.max:
        return refuse("too_many_to_ask", most=str(rule.max))
    return [allowed[name] for name in chosen]


def _question_task(case: Case, lead: Task, office: Office, question: str) -> Task:
    step = f"{lead.step}/{office.id}"
    title = text("tasks.answer", title=BilingualText(lead.title_vi, lead.title_en))
    return replace(
        lead,
        id=plan.next_task_id(case, step),
        step=step,
        role=office.role,
        title_vi=title.vi,
        title_en=title.en,
        office=office.id,
        office_short=office.short,
        after=(),
        state=TaskState.WAITING,
        started_at=None,
        reason=None,
        kind=TaskKind.QUESTION,
        part_of=lead.step,
        question=question,
    )


def _close_unanswered(case: Case, tasks: Iterable[Task], by: QueryClosedBy, reason: str | None) -> Case:
    for task in tasks:
        case = case.with_task(
            replace(task, state=TaskState.CLOSED, outcome=SILENT_OUTCOMES[by], reason=reason)
        )
    return case


ACTS = (
    OfficeAct(request=OfficeRequest.OFFICES, event_type=agency.SUBQUERY_ASKED, rule=open_query),
    OfficeAct(request=OfficeRequest.CLOSED_QUERY, event_type=QUERY_CLOSED, rule=close_query),
)
