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
from services.routing.domain.case.task import Task, TaskState, completed
from services.routing.domain.clock.case_clock import clock_by_calendar, latest_due_at, with_clock_event
from services.routing.domain.plan import plan
from services.routing.domain.plan.completion import complete_if_finished
from services.routing.domain.plan.effects import resume_clock
from shared.catalogue import Catalogue
from shared.errors import PoisonRecord, Refused
from shared.events.case import CHILD_COMPLETED, CHILD_FAILED, CHILD_OPENED, MOVED, ROUTED, UPDATED
from shared.worktime import ClockEvent
from shared.worktime import ClockEventType as ClockFact

OF_A_ROOT = frozenset({MOVED, ROUTED})
"""Told of roots alone: a child's readers are its root's."""
ANSWERED = {State.SUPPLEMENT_REQUESTED: StateEvent.SUPPLEMENTED, State.PAYMENT_REQUESTED: StateEvent.PAID}


def as_root_change(case: Case, change: CaseChange) -> CaseChange:
    """A child's change as one of its root: told with the root's state, in the child's name."""
    told = tuple(
        replace(
            one,
            type=UPDATED if one.type in OF_A_ROOT else one.type,
            case=case.with_child(one.case),
            child=one.case,
        )
        for one in change.told
    )
    sent = tuple(replace(one, child=change.case) for one in change.sent)
    return CaseChange(case.with_child(change.case), told, sent)


def replace_child(change: CaseChange, child: Case) -> CaseChange:
    """The change with the child as it is by now, told in its last record."""
    case = change.case.with_child(child)
    *earlier, last = change.told
    return replace(change, case=case, told=(*earlier, replace(last, case=last.case.with_child(child))))


def start_children(change: CaseChange, catalogue: Catalogue, at: datetime) -> CaseChange:
    """The change, with the children that open, wait no more, or end because of it."""
    case = change.case
    for task in case.tasks:
        if task.is_done_by_child and case.child_of(task.step) is None and case.state not in ENDED:
            change = _opened(change, task, catalogue, at)
    for child in case.children:
        if case.state in ENDED and child.state not in ENDED:
            change = _closed(change, child, catalogue, at)
        elif case.request is None and child.state in ANSWERED:
            change = _resumed(change, child, catalogue, at)
    return change


def _opened(change: CaseChange, task: Task, catalogue: Catalogue, at: datetime) -> CaseChange:
    case = change.case
    new = _new(case, task, catalogue, at)
    cause = Cause(CHILD_OPENED, f"{new.id}/opened", BY_RULE)
    dated = clock_by_calendar(replace(new, accepted_at=at), catalogue, at)
    said = intake_events.Acceptance(at, new.version, dated.current_due_at, dated.explanation)
    accepted = intake_events.accept_case(new, said, cause, catalogue, at)
    if isinstance(accepted, Refused):
        raise PoisonRecord("child_not_opened", f"{new.code}: {accepted.en}")
    after = as_root_change(case, accepted)
    told = CaseUpdate(CHILD_OPENED, after.case, cause, at, task, child=accepted.case)
    return CaseChange(after.case, (*change.told, told), (*change.sent, *after.sent))


def _new(case: Case, task: Task, catalogue: Catalogue, at: datetime) -> Case:
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
    task = next((one for one in case.tasks if one.child == child.id and one.is_done_by_child), None)
    if task is None:
        return change
    if child.outcome == "granted":
        return _done(change, task, child, catalogue, at)
    return _given_up(change, task, child, catalogue, at)


def _done(
    change: CaseChange, task: Task, child: Case, catalogue: Catalogue, at: datetime
) -> CaseChange | Refused:
    *earlier, last = change.told
    handed = plan.queue_ready_steps(change.case.with_task(completed(task, at, child.outcome)), catalogue, at)
    told = replace(last, type=CHILD_COMPLETED, case=handed, child=child)
    sent = (*change.sent, *task_dispatches(change.case, handed))
    return complete_if_finished(CaseChange(handed, (*earlier, told), sent), last.cause, at)


def _given_up(change: CaseChange, task: Task, child: Case, catalogue: Catalogue, at: datetime) -> CaseChange:
    """Nothing that others did is undone: the root's own office gets the step, and decides how it goes on."""
    case = change.case
    office = catalogue.office(case.receiving_office)
    fresh = replace(
        task,
        id=plan.next_task_id(case, task.step),
        role=office.role,
        office=office.id,
        office_short=office.short,
        child=None,
    )
    closed = replace(
        task, state=TaskState.CLOSED, moved_to=office.id, outcome=child.outcome or child.state.value
    )
    queued = plan.queue_task(fresh, latest_due_at(case, catalogue, at), catalogue, at)
    after = case.with_reassigned_task(closed, queued)
    *earlier, last = change.told
    told = replace(last, type=CHILD_FAILED, case=after, child=child)
    return CaseChange(after, (*earlier, told), (*change.sent, *task_dispatches(case, after)))


def _closed(change: CaseChange, child: Case, catalogue: Catalogue, at: datetime) -> CaseChange:
    """The root is over: so is what was done for it."""
    standing = _stopped(child)
    if isinstance(standing, Refused):
        raise PoisonRecord("child_not_closed", f"{child.code}: {standing.en}")
    tasks = tuple(
        one if one.state is TaskState.DONE else replace(one, state=TaskState.CLOSED) for one in child.tasks
    )
    over = replace(
        child.with_position(standing), stop_asked=None, unplaced=None, completed_at=at, tasks=tasks
    )
    stopped = with_clock_event(over, ClockEvent(ClockFact.STOPPED, at), catalogue, at)
    case = change.case.with_child(stopped)
    cause = replace(change.told[-1].cause, actor=BY_RULE)
    told = CaseUpdate(CHILD_FAILED, case, cause, at, child=stopped)
    sent = tuple(replace(one, child=stopped) for one in task_dispatches(child, stopped))
    return CaseChange(case, (*change.told, told), (*change.sent, *sent))


def _stopped(child: Case) -> ProcessPosition | Refused:
    """One that rests in `accepted` is withdrawn with its root: no row stops it there."""
    if child.state is not State.ACCEPTED:
        return next_position(child.position, StateEvent.STOPPED)
    asked = next_position(child.position, StateEvent.WITHDRAWAL_REQUESTED)
    return asked if isinstance(asked, Refused) else next_position(asked, StateEvent.STOPPED)


def _resumed(change: CaseChange, child: Case, catalogue: Catalogue, at: datetime) -> CaseChange:
    """What the citizen was asked is answered: the child goes on from their act, as its root does."""
    standing = next_position(child.position, ANSWERED[child.state])
    if isinstance(standing, Refused):
        return change
    answered = next(
        event
        for event in reversed(change.case.ledger)
        if event.fact in {ClockFact.SUPPLEMENTED, ClockFact.PAID}
    )
    return replace_child(change, resume_clock(child, standing, answered, catalogue, at))
