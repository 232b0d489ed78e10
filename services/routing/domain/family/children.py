"""A step that another procedure does: its child dossier is opened, waits and ends with its root, and does it.

Root and children have one key, one lock and one order; a child has its own plan, clock and deadlines.
Decision 0012.
"""

from datetime import datetime

from services.routing.domain.acts import intake_events
from services.routing.domain.case.case import BY_RULE, Case, CaseChange, CaseUpdate, Cause, task_dispatches
from services.routing.domain.case.position import ProcessPosition, State, StateEvent
from services.routing.domain.case.replacing import replace
from services.routing.domain.case.state import ENDED, next_position
from services.routing.domain.case.task import Task, TaskState, complete_task
from services.routing.domain.case.task_kind import TaskKind
from services.routing.domain.clock.case_clock import clock_by_calendar, latest_due_at, with_clock_event
from services.routing.domain.plan import plan
from services.routing.domain.plan.completion import complete_if_finished
from services.routing.domain.plan.effects import resume_clock
from shared.catalogue import Catalogue
from shared.errors import PoisonRecord, Refused
from shared.events.case import CHILD_COMPLETED, CHILD_FAILED, CHILD_OPENED, MOVED, ROUTED, UPDATED
from shared.worktime import ClockEvent
from shared.worktime import ClockEventType as ClockFact

ROOT_ONLY_UPDATES = frozenset({MOVED, ROUTED})
"""Told of roots alone: a child's readers are its root's."""
ANSWER_EVENTS = {
    State.SUPPLEMENT_REQUESTED: StateEvent.SUPPLEMENTED,
    State.PAYMENT_REQUESTED: StateEvent.PAID,
}


def as_root_change(case: Case, change: CaseChange) -> CaseChange:
    """A child's change as one of its root: told with the root's state, in the child's name."""
    updates = tuple(
        replace(
            update,
            type=UPDATED if update.type in ROOT_ONLY_UPDATES else update.type,
            case=case.with_child(update.case),
            child=update.case,
        )
        for update in change.updates
    )
    dispatches = tuple(replace(dispatch, child=change.case) for dispatch in change.dispatches)
    return CaseChange(case.with_child(change.case), updates, dispatches)


def replace_child(change: CaseChange, child: Case) -> CaseChange:
    """The change with the child as it is by now, told in its last record."""
    case = change.case.with_child(child)
    *earlier, last = change.updates
    return replace(change, case=case, updates=(*earlier, replace(last, case=last.case.with_child(child))))


def start_children(change: CaseChange, catalogue: Catalogue, at: datetime) -> CaseChange:
    """The change, with the children that open, wait no more, or end because of it."""
    case = change.case
    for task in case.tasks:
        if task.is_done_by_child and case.child_of(task.step) is None and case.state not in ENDED:
            change = _open_child(change, task, catalogue, at)
    for child in case.children:
        if case.state in ENDED and child.state not in ENDED:
            change = _close_child(change, child, catalogue, at)
        elif case.request is None and child.state in ANSWER_EVENTS:
            change = _resume_child(change, child, catalogue, at)
    return change


def _open_child(change: CaseChange, task: Task, catalogue: Catalogue, at: datetime) -> CaseChange:
    case = change.case
    child = _new_child(case, task, catalogue, at)
    cause = Cause(CHILD_OPENED, f"{child.id}/opened", BY_RULE)
    dated_child = clock_by_calendar(replace(child, accepted_at=at), catalogue, at)
    acceptance = intake_events.Acceptance(
        at, child.version, dated_child.current_due_at, dated_child.explanation
    )
    accepted = intake_events.accept_case(child, acceptance, cause=cause, catalogue=catalogue, at=at)
    if isinstance(accepted, Refused):
        raise PoisonRecord("child_not_opened", f"{child.code}: {accepted.en}")
    after = as_root_change(case, accepted)
    update = CaseUpdate(CHILD_OPENED, after.case, cause=cause, at=at, task=task, child=accepted.case)
    return CaseChange(after.case, (*change.updates, update), (*change.dispatches, *after.dispatches))


def _new_child(case: Case, task: Task, catalogue: Catalogue, at: datetime) -> Case:
    """The child as it comes in: what the root was filed with, at the office that its step names."""
    procedure = plan.child_procedure(case, task.step, catalogue, at)
    if procedure is None:
        raise PoisonRecord("no_procedure", f"{case.code}: no procedure does {task.step} today")
    return Case(
        root=case.root,
        child_id=task.child,
        does=task.step,
        code=f"{case.code}.{len(case.children) + 1}",
        state=State.SUBMITTED,
        procedure=procedure.id,
        version=procedure.version,
        channel=case.channel,
        subject_ref=case.subject_ref,
        link_ref=case.link_ref,
        place=case.place,
        facts=case.facts,
        delivery=case.delivery,
        filed_by=case.filed_by,
        receiving_office=task.office,
        receiving_short=task.office_short,
        auto_accept=True,
        submitted_at=at,
    )


def finish_parent_step(
    change: CaseChange, child: Case, catalogue: Catalogue, at: datetime
) -> CaseChange | Refused:
    """The child's last word is the root's: its step is done, or lies with the office of the root."""
    case = change.case
    task = next(
        (candidate for candidate in case.tasks if candidate.child == child.id and candidate.is_done_by_child),
        None,
    )
    if task is None:
        return change
    if child.outcome == "granted":
        return _complete_parent_step(change, task, child=child, catalogue=catalogue, at=at)
    return _return_parent_step(change, task, child=child, catalogue=catalogue, at=at)


def _complete_parent_step(
    change: CaseChange, task: Task, child: Case, catalogue: Catalogue, at: datetime
) -> CaseChange | Refused:
    *earlier, last = change.updates
    queued_case = plan.queue_ready_steps(
        change.case.with_task(complete_task(task, at, child.outcome)), catalogue, at
    )
    update = replace(last, type=CHILD_COMPLETED, case=queued_case, child=child)
    dispatches = (*change.dispatches, *task_dispatches(change.case, queued_case))
    return complete_if_finished(CaseChange(queued_case, (*earlier, update), dispatches), last.cause, at)


def _return_parent_step(
    change: CaseChange, task: Task, child: Case, catalogue: Catalogue, at: datetime
) -> CaseChange:
    """Nothing that others did is undone: the root's own office gets the step, and decides how it goes on."""
    case = change.case
    office = catalogue.office(case.receiving_office)
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
    queued_task = plan.queue_task(new_task, latest_due_at(case, catalogue, at), catalogue, at)
    after = case.with_reassigned_task(closed_task, queued_task)
    *earlier, last = change.updates
    update = replace(last, type=CHILD_FAILED, case=after, child=child)
    return CaseChange(after, (*earlier, update), (*change.dispatches, *task_dispatches(case, after)))


def _close_child(change: CaseChange, child: Case, catalogue: Catalogue, at: datetime) -> CaseChange:
    """The root is over: so is what was done for it."""
    position = _stopped_position(child)
    if isinstance(position, Refused):
        raise PoisonRecord("child_not_closed", f"{child.code}: {position.en}")
    tasks = tuple(
        task if task.state is TaskState.DONE else replace(task, state=TaskState.CLOSED)
        for task in child.tasks
    )
    ended_child = replace(
        child.with_position(position), stop_asked=None, unplaced=None, completed_at=at, tasks=tasks
    )
    stopped_child = with_clock_event(ended_child, ClockEvent(ClockFact.STOPPED, at), catalogue, at)
    case = change.case.with_child(stopped_child)
    cause = replace(change.updates[-1].cause, actor=BY_RULE)
    update = CaseUpdate(CHILD_FAILED, case, cause, at, child=stopped_child)
    dispatches = tuple(
        replace(dispatch, child=stopped_child) for dispatch in task_dispatches(child, stopped_child)
    )
    return CaseChange(case, (*change.updates, update), (*change.dispatches, *dispatches))


def _stopped_position(child: Case) -> ProcessPosition | Refused:
    """One that rests in `accepted` is withdrawn with its root: no row stops it there."""
    if child.state is not State.ACCEPTED:
        return next_position(child.position, StateEvent.STOPPED)
    withdrawal = next_position(child.position, StateEvent.WITHDRAWAL_REQUESTED)
    return withdrawal if isinstance(withdrawal, Refused) else next_position(withdrawal, StateEvent.STOPPED)


def _resume_child(change: CaseChange, child: Case, catalogue: Catalogue, at: datetime) -> CaseChange:
    """What the citizen was asked is answered: the child goes on from their act, as its root does."""
    position = next_position(child.position, ANSWER_EVENTS[child.state])
    if isinstance(position, Refused):
        return change
    answer = next(
        event
        for event in reversed(change.case.ledger)
        if event.fact in {ClockFact.SUPPLEMENTED, ClockFact.PAID}
    )
    return replace_child(change, resume_clock(child, position, event=answer, catalogue=catalogue, at=at))
