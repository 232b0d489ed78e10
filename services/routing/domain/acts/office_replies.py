"""Acts of an office on its task, by topic or at the desk, and their effect on the case."""

from dataclasses import replace

from services.routing.domain.acts.registry import ACT_OF, act_rule
from services.routing.domain.case.case import Case, CaseChange, CaseUpdate, task_dispatches
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.state import WAITING_FOR_THE_CITIZEN
from services.routing.domain.case.task import (
    CENTRE,
    HEAD,
    NoEffect,
    OfficeRequest,
    Task,
    TaskAct,
    TaskReply,
    TaskState,
    apply_act,
)
from services.routing.domain.clock.excluded_time import sync_pause
from services.routing.domain.plan import findings, outcomes, plan
from services.routing.domain.plan.completion import complete_if_finished
from services.routing.domain.plan.denials import denial_fault, is_denial
from services.routing.domain.plan.effects import build_change, reply_cause
from services.routing.domain.steps.registry import kind_of
from services.routing.words import refuse
from shared.actor import Actor
from shared.errors import Refused
from shared.events.case import STATUTORY, UPDATED
from shared.outcomes import StepOutcome
from shared.states import State

OPERATOR = "operator"
CENTRES_PARTY = "pasc"


def apply_office_reply(case: Case | None, reply: TaskReply, rules: Rules) -> CaseChange | NoEffect | Refused:
    """Apply an act to a case: a change, no effect, or a refusal."""
    task = case.task(reply.task_id) if case else None
    if case is None or task is None:
        return refuse("unknown_task")
    return judge_reply(case, task, reply=reply, rules=rules)


def judge_reply(case: Case, task: Task, reply: TaskReply, rules: Rules) -> CaseChange | NoEffect | Refused:
    """Judge an act on a task for this case: the task's own, or its root."""
    refusal = reply_permission(task, reply, rules) or _order_refusal(case, task, reply)
    if refusal is not None:
        return refusal
    if isinstance(reply.act, OfficeRequest):
        return _with_approver(act_rule(reply.act, task)(case, task, reply, rules), reply)
    after = apply_act(task, reply.act, reply, rules.now)
    match after:
        case Task():
            refusal = _outcome_refusal(case, task, reply, rules)
            if refusal is not None:
                return refusal
            if is_denial(after):
                after = replace(after, reason=reply.reason, basis=reply.details.basis)
            return _apply_task(case, after, reply=reply, rules=rules)
        case NoEffect() | Refused():
            return after


def _with_approver(
    outcome: CaseChange | NoEffect | Refused, reply: TaskReply
) -> CaseChange | NoEffect | Refused:
    """Note on the first record of the act who signed or approved it."""
    if not isinstance(outcome, CaseChange) or not outcome.updates or not reply.details.approved_by:
        return outcome
    approved = replace(outcome.updates[0], approved_by=reply.details.approved_by)
    return replace(outcome, updates=(approved, *outcome.updates[1:]))


def _outcome_refusal(case: Case, task: Task, reply: TaskReply, rules: Rules) -> Refused | None:
    """Refuse the outcome of a completion that the step does not have, and a denial that does not say why."""
    if reply.act is not TaskAct.COMPLETE:
        return None
    refusal = outcomes.refuse_outcome(case, task, reply.outcome, rules)
    if refusal is None and reply.outcome == StepOutcome.DENIED:
        return denial_fault(case, reply, rules)
    return refusal


def _order_refusal(case: Case, task: Task, reply: TaskReply) -> Refused | None:
    """Refuse an act that needs another one first, or that this kind of task or case does not have."""
    if case.awaits_apology and task in plan.ready_steps(case):
        return refuse("letter_missing")
    if reply.act is TaskAct.COMPLETE and waits_for_own_request(case, task):
        return refuse("papers_owed" if case.state is State.SUPPLEMENT_REQUESTED else "fee_owed")
    act = ACT_OF[reply.act] if isinstance(reply.act, OfficeRequest) else None
    refusal = kind_of(task).refuse_reply(case, task, reply, act)
    if refusal is None and act is not None and case.kind != STATUTORY:
        return refuse("no_form_applies")
    return refusal


def waits_for_own_request(case: Case, task: Task) -> bool:
    """Whether this open step's office awaits the citizen's answer to what it asked for.

    Of a child only the one whose office asked stands in such a state; its request is the root's.
    """
    if case.state not in WAITING_FOR_THE_CITIZEN or not (task.is_open and task.is_plan_step):
        return False
    if task.is_reception:
        return False
    return case.request is None or case.request.office == task.office


def reply_permission(task: Task, reply: TaskReply, rules: Rules) -> Refused | None:
    """Refuse an actor who may not act on the task: the named office must be the task's and the actor's."""
    if is_operator(reply.actor):
        return refuse("operator_never_decides")
    if reply.party:
        return _party_refusal(task, reply, rules)
    return _officer_refusal(task, reply)


def _party_refusal(task: Task, reply: TaskReply, rules: Rules) -> Refused | None:
    """Refuse a party that the task was not queued at, even if that party serves the office today."""
    party = reply.party or ""
    if (party, reply.office) == (task.party, task.office):
        return None
    if not rules.catalogue.serves(party, reply.office, rules.today):
        return refuse("office_not_served", party=party, office=reply.office)
    if task.party is None and reply.office == task.office:
        return None
    return refuse("task_of_another_office", office=reply.office)


def _officer_refusal(task: Task, reply: TaskReply) -> Refused | None:
    if task.office == reply.office == reply.actor.office or _is_centres_head(task, reply):
        return None
    return refuse("task_of_another_office", office=reply.office)


def _is_centres_head(task: Task, reply: TaskReply) -> bool:
    """Whether the actor heads the Centre, who signs for its branches and service points too."""
    may_sign = (
        reply.act is OfficeRequest.SIGNATURE
        and task.party == CENTRES_PARTY
        and reply.office in {CENTRE, task.office}
    )
    return may_sign and (reply.actor.office, reply.actor.role) == (CENTRE, HEAD)


def is_operator(actor: Actor) -> bool:
    """Whether the actor is an operator: an officer of the Centre who moves tasks and never decides."""
    return actor.kind == "officer" and actor.role == OPERATOR


def _apply_task(case: Case, task: Task, reply: TaskReply, rules: Rules) -> CaseChange | Refused:
    if task.state is TaskState.DONE:
        recorded = kind_of(task).record_completion(case, task, reply, rules.now)
        if recorded is not None:
            return recorded
    cause = reply_cause(reply)
    changed_case = case.with_task(task)
    if task.state is not TaskState.DONE:
        changed_case = sync_pause(changed_case, rules)
        return build_change(changed_case, cause, rules.now, task=task, reason=reply.reason)
    if reply.details.findings:
        extended_case = findings.apply_findings(changed_case, task, names=reply.details.findings, rules=rules)
        if isinstance(extended_case, Refused):
            return extended_case
        changed_case = extended_case
    if outcomes.is_final_denial(changed_case, task, rules):
        changed_case = outcomes.leave_out_the_rest(changed_case)
    queued_case = plan.queue_ready_steps(changed_case, rules)
    queued = CaseChange(queued_case, (), task_dispatches(case, queued_case))
    change = complete_if_finished(queued, cause, rules)
    if isinstance(change, Refused):
        return change
    if not change.updates:
        change = change.with_update(CaseUpdate(UPDATED, queued_case, cause, rules.now))
    return change.about(task, reply.reason)
