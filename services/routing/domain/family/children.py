"""Child dossiers: a step that another procedure does opens one; it pauses, resumes and ends with its root.

Root and children share key, lock and order; a child has its own plan, clock and deadlines. Decision 0012.
"""

from dataclasses import replace

from services.routing.domain.acts import intake_events
from services.routing.domain.case.case import BY_RULE, Case, CaseChange, CaseUpdate, Cause, task_dispatches
from services.routing.domain.case.position import ProcessPosition
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.state import ENDED, next_position
from services.routing.domain.case.task import Task, TaskState, close_task, complete_task
from services.routing.domain.case.task_kind import TaskKind
from services.routing.domain.clock.case_clock import clock_by_calendar, latest_due_at, with_clock_event
from services.routing.domain.plan import plan
from services.routing.domain.plan.completion import complete_if_finished
from services.routing.domain.plan.effects import resume_clock
from shared.errors import PoisonRecord, Refused
from shared.events.case import CHILD_COMPLETED, CHILD_FAILED, CHILD_OPENED, MOVED, ROUTED, UPDATED
from shared.outcomes import StepOutcome
from shared.states import State, StateEvent
from shared.worktime import ClockEvent
from shared.worktime import ClockEventType as ClockFact

ROOT_ONLY_UPDATES = frozenset({MOVED, ROUTED})
"""Types of updates that only roots have: readers of a child follow its root."""
ANSWER_EVENTS = {
    State.SUPPLEMENT_REQUESTED: StateEvent.SUPPLEMENTED,
    State.PAYMENT_REQUESTED: StateEvent.PAID,
}


ANSWERS = frozenset({ClockFact.SUPPLEMENTED, ClockFact.PAID})
"""Events of the root's clock by which the citizen answers."""


def as_root_change(case: Case, change: CaseChange) -> CaseChange:
    """Turn a child's change into one of its root: updates carry the root's state and name the child."""
    updates: list[CaseUpdate] = []
    for update in change.updates:
        type = UPDATED if update.type in ROOT_ONLY_UPDATES else update.type
        updates.append(replace(update, type=type, case=case.with_child(update.case), child=update.case))
    dispatches = tuple(replace(dispatch, child=change.case) for dispatch in change.dispatches)
    return CaseChange(case.with_child(change.case), tuple(updates), dispatches)


def replace_child(change: CaseChange, child: Case) -> CaseChange:
    """Return the change with this version of the child, also in its last update."""
    last_case = change.updates[-1].case.with_child(child)
    return replace(change.with_last_update(case=last_case), case=change.case.with_child(child))


def start_children(change: CaseChange, rules: Rules) -> CaseChange:
    """Return the change with children opened, resumed or closed because of it."""
    case = change.case
    for task in case.tasks:
        if task.is_done_by_child and case.child_of(task.step) is None and case.state not in ENDED:
            change = _open_child(change, task, rules)
    for child in case.children:
        if case.state in ENDED and child.state not in ENDED:
            change = _close_child(change, child, rules)
        elif case.request is None and child.state in ANSWER_EVENTS:
            change = _resume_child(change, child, rules)
    return change


def _open_child(change: CaseChange, task: Task, rules: Rules) -> CaseChange:
    case = change.case
    child = _new_child(case, task, rules)
    cause = Cause(CHILD_OPENED, f"{child.id}/opened", BY_RULE)
    dated_child = clock_by_calendar(replace(child, accepted_at=rules.now), rules)
    acceptance = intake_events.Acceptance(
        rules.now, child.version, dated_child.current_due_at, dated_child.explanation
    )
    accepted = intake_events.accept_case(child, acceptance, cause=cause, rules=rules)
    # The root must not go on without its child, so the whole record fails.
    if isinstance(accepted, Refused):
        raise PoisonRecord("child_not_opened", f"{child.code}: {accepted.en}")
    after = as_root_change(case, accepted)
    update = CaseUpdate(CHILD_OPENED, after.case, cause=cause, at=rules.now, task=task, child=accepted.case)
    return change.with_update(update, after.dispatches)


def _new_child(case: Case, task: Task, rules: Rules) -> Case:
    """The submitted child: the root's filing data, received by the office of its step."""
    procedure = plan.child_procedure(case, task.step, rules)
    if procedure is None:
        raise PoisonRecord("no_procedure", f"{case.code}: no procedure does {task.step} today")
    return case.new_child(
        child_id=task.child,
        does=task.step,
        code=f"{case.code}.{len(case.children) + 1}",
        state=State.SUBMITTED,
        procedure=procedure.id,
        version=procedure.version,
        receiving_office=task.office,
        receiving_short=task.office_short,
        submitted_at=rules.now,
    )


def finish_parent_step(change: CaseChange, child: Case, rules: Rules) -> CaseChange | Refused:
    """Complete the root's step if its child was granted; else give it to the root's receiving office."""
    for task in change.case.tasks:
        if task.child == child.id and task.is_done_by_child:
            if child.outcome == StepOutcome.GRANTED:
                return _complete_parent_step(change, task, child=child, rules=rules)
            return _return_parent_step(change, task, child=child, rules=rules)
    return change


def _complete_parent_step(change: CaseChange, task: Task, child: Case, rules: Rules) -> CaseChange | Refused:
    done_case = change.case.with_task(complete_task(task, rules.now, child.outcome))
    queued_case = plan.queue_ready_steps(done_case, rules)
    queued = _reported(change, CHILD_COMPLETED, queued_case, child)
    return complete_if_finished(queued, change.updates[-1].cause, rules)


def _return_parent_step(change: CaseChange, task: Task, child: Case, rules: Rules) -> CaseChange:
    """Queue the step at the root's receiving office, which decides how it goes on. Nothing is undone."""
    case = change.case
    office = rules.catalogue.office(case.receiving_office)
    new_task = replace(
        task,
        id=plan.next_task_id(case, task.step),
        role=office.role,
        office=office.id,
        office_short=office.short,
        child=None,
        kind=TaskKind.STEP,
    )
    closed_task = replace(
        task, state=TaskState.CLOSED, moved_to=office.id, outcome=child.outcome or child.state.value
    )
    queued_task = plan.queue_task(new_task, latest_due_at(case, rules), rules)
    after = case.with_task(closed_task).with_new_tasks(queued_task)
    return _reported(change, CHILD_FAILED, after, child)


def _reported(change: CaseChange, type: str, after: Case, child: Case) -> CaseChange:
    """Return the change with its last update about the child's end, and the tasks that the root now sends."""
    reported = change.with_last_update(type=type, case=after, child=child)
    return reported.then(CaseChange(after, (), task_dispatches(change.case, after)))


def _close_child(change: CaseChange, child: Case, rules: Rules) -> CaseChange:
    """Stop a child whose root has ended."""
    position = _stopped_position(child)
    if isinstance(position, Refused):
        raise PoisonRecord("child_not_closed", f"{child.code}: {position.en}")
    closed_child = child.with_position(position).with_each_task(close_task)
    ended_child = replace(closed_child, stop_asked=None, unplaced=None, completed_at=rules.now)
    stopped_child = with_clock_event(ended_child, ClockEvent(ClockFact.STOPPED, rules.now), rules)
    case = change.case.with_child(stopped_child)
    cause = replace(change.updates[-1].cause, actor=BY_RULE)
    update = CaseUpdate(CHILD_FAILED, case, cause, rules.now, child=stopped_child)
    dispatches = task_dispatches(child, stopped_child)
    return change.with_update(update, [replace(dispatch, child=stopped_child) for dispatch in dispatches])


def _stopped_position(child: Case) -> ProcessPosition | Refused:
    """The stopped position. In `accepted` no transition stops a case, so it is withdrawn first."""
    if child.state is not State.ACCEPTED:
        return next_position(child.position, StateEvent.STOPPED)
    withdrawal = next_position(child.position, StateEvent.WITHDRAWAL_REQUESTED)
    if isinstance(withdrawal, Refused):
        return withdrawal
    return next_position(withdrawal, StateEvent.STOPPED)


def _resume_child(change: CaseChange, child: Case, rules: Rules) -> CaseChange:
    """Resume a child that waited for the citizen: its clock runs from the answer, like its root's."""
    position = next_position(child.position, ANSWER_EVENTS[child.state])
    if isinstance(position, Refused):
        return change
    answers = [event for event in change.case.ledger if event.fact in ANSWERS]
    answer = answers[-1]
    return replace_child(change, resume_clock(child, position, event=answer, rules=rules))
