"""Acts of an office at the desk or by HTTP; the rules and effects are those of replies by topic."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.routing.domain.acts.office_replies import is_operator
from services.routing.domain.acts.registry import ACT_OF, ACTS
from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import (
    NO_DETAILS,
    NoEffect,
    OfficeRequest,
    RequestDetails,
    Task,
    TaskAct,
    TaskReply,
)
from services.routing.domain.family.family import apply_reply
from services.routing.domain.plan.outcomes import allowed_outcomes
from services.routing.store import cases, tasks
from services.routing.usecases.case_unit_of_work import CaseUnitOfWork
from shared.actor import Actor
from shared.db.transaction import Tx
from shared.errors import Refused
from shared.events import agency
from shared.observability.logs import get_logger
from shared.outcomes import StepOutcome
from shared.same_fields import same_fields
from shared.security.audit_chain import AuditLine

log = get_logger(__name__)

FACTS: dict[TaskAct | OfficeRequest, str] = {
    TaskAct.START: agency.STARTED,
    TaskAct.COMPLETE: agency.DONE,
    TaskAct.DECLINE: agency.DECLINED,
    **{act.request: act.event_type for act in ACTS},
}
"""The event type of each act. Only officers waive fees and confirm stops."""


@dataclass(frozen=True, slots=True)
class DeskAct:
    """An act on a task and its actor."""

    task_id: UUID
    act: TaskAct | OfficeRequest
    office: str
    actor: Actor
    outcome: str | None = None
    reason: str | None = None
    details: RequestDetails = NO_DETAILS


OF_ACT = same_fields(TaskReply, DeskAct)


@dataclass(frozen=True, slots=True)
class ActResult:
    """The task and its case (for a child's task: the child) after the act, changed or not.

    `outcomes`: the words of which one ends the task.
    """

    case: Case
    task: Task
    outcomes: tuple[StepOutcome, ...]


async def act_on_tasks(tx: Tx, acts: Sequence[DeskAct], rules: Rules) -> list[ActResult | Refused]:
    """Apply acts and return one result each, in order. A repeated act changes nothing."""
    roots = await tasks.task_roots(tx, [act.task_id for act in acts])
    # Every transaction locks cases in the order of their ids, so that two batches cannot deadlock.
    locked = await cases.lock_cases(tx, sorted(set(roots.values())))
    work = CaseUnitOfWork(locked, rules)
    answers = [_decide(work, roots.get(act.task_id), act) for act in acts]
    await work.save(tx)
    return answers


def _decide(work: CaseUnitOfWork, root: UUID | None, act: DeskAct) -> ActResult | Refused:
    case = work.find(root)
    decision = apply_reply(case, _task_reply(act, case), work.rules)
    match decision:
        case CaseChange():
            work.apply(decision)
        case Refused():
            # Attempts of operators are audited even when refused: operators may see every dossier.
            if case is not None and is_operator(act.actor):
                work.audit_refusal(_refusal_line(case.root, act, decision, work.rules.now))
            log.warning("act.refused", task=str(act.task_id), act=act.act.value, code=decision.code)
            return decision
        case NoEffect(reason):
            log.info("act.without_effect", task=str(act.task_id), act=act.act.value, reason=reason)
    return task_status(work, root, act.task_id)


def task_status(work: CaseUnitOfWork, root: UUID | None, task_id: UUID) -> ActResult:
    """The current state of a task. Raises LookupError if there is none."""
    case = work.find(root)
    if case is not None:
        for owner, task in case.family_tasks:
            if task.id == task_id:
                return ActResult(owner, task, allowed_outcomes(owner, task, work.rules))
    raise LookupError(task_id)


def _task_reply(act: DeskAct, case: Case | None) -> TaskReply:
    cause, cause_id = FACTS[act.act], _cause_id(act, case)
    return TaskReply(**OF_ACT(act), cause=cause, cause_id=cause_id, party=act.actor.party)


def _cause_id(act: DeskAct, case: Case | None) -> str:
    """The id of the cause. Requests may be repeated on one task, so their ids count earlier ones."""
    cause_id = f"{act.task_id}/{act.act.value}"
    if case is None or not isinstance(act.act, OfficeRequest):
        return cause_id
    for _, task in case.family_tasks:
        if task.id == act.task_id:
            repeat = ACT_OF[act.act].count_earlier(case, task)
            if repeat:
                return f"{cause_id}/{repeat}"
    return cause_id


def _refusal_line(root: UUID, act: DeskAct, refusal: Refused, at: datetime) -> AuditLine:
    facts = {"task_id": str(act.task_id), "code": refusal.code}
    return AuditLine(root, f"{FACTS[act.act]}.refused", actor=act.actor, at=at, facts=facts)
