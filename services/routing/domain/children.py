"""A step that another procedure does: its child dossier is opened, waits and ends with its root, and does it.

Root and children have one key, one lock and one order; a child has its own plan, clock and deadlines.
Decision 0012.
"""

from datetime import datetime

from services.routing.domain import door, plan
from services.routing.domain.case import BY_RULE, Case, Cause, Change, Told, newly_sent
from services.routing.domain.clock import bound, counted, recorded
from services.routing.domain.finish import settle
from services.routing.domain.judged import resumed
from services.routing.domain.standing import Fact, Standing, State
from services.routing.domain.state import ENDED, move
from services.routing.domain.task import Task, TaskState, done
from services.routing.domain.values import replace
from shared.catalogue import Catalogue
from shared.errors import Broken, Refused
from shared.events.case import CHILD_COMPLETED, CHILD_FAILED, CHILD_OPENED, MOVED, ROUTED, UPDATED
from shared.worktime import Event
from shared.worktime import Fact as ClockFact

OF_A_ROOT = frozenset({MOVED, ROUTED})
"""Told of roots alone: a child's readers are its root's."""
ANSWERED = {State.SUPPLEMENT_REQUESTED: Fact.SUPPLEMENTED, State.PAYMENT_REQUESTED: Fact.PAID}


def lifted(case: Case, change: Change) -> Change:
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
    return Change(case.with_child(change.case), told, sent)


def with_child(change: Change, child: Case) -> Change:
    """The change with the child as it is by now, told in its last record."""
    case = change.case.with_child(child)
    *earlier, last = change.told
    return replace(change, case=case, told=(*earlier, replace(last, case=last.case.with_child(child))))


def begun(change: Change, catalogue: Catalogue, at: datetime) -> Change:
    """The change, with the children that open, wait no more, or end because of it."""
    case = change.case
    for task in case.tasks:
        if task.is_with_a_child and case.child_of(task.step) is None and case.state not in ENDED:
            change = _opened(change, task, catalogue, at)
    for child in case.children:
        if case.state in ENDED and child.state not in ENDED:
            change = _closed(change, child, catalogue, at)
        elif case.request is None and child.state in ANSWERED:
            change = _resumed(change, child, catalogue, at)
    return change


def _opened(change: Change, task: Task, catalogue: Catalogue, at: datetime) -> Change:
    case = change.case
    new = _new(case, task, catalogue, at)
    cause = Cause(CHILD_OPENED, f"{new.id}/opened", BY_RULE)
    dated = counted(replace(new, accepted_at=at), catalogue, at)
    said = door.Accepted(at, new.version, dated.current_due_at, dated.explanation)
    accepted = door.accept(new, said, cause, catalogue, at)
    if isinstance(accepted, Refused):
        raise Broken("child_not_opened", f"{new.code}: {accepted.en}")
    after = lifted(case, accepted)
    told = Told(CHILD_OPENED, after.case, cause, at, task, child=accepted.case)
    return Change(after.case, (*change.told, told), (*change.sent, *after.sent))


def _new(case: Case, task: Task, catalogue: Catalogue, at: datetime) -> Case:
    """The child as it comes in: what the root was filed with, at the office that its step names."""
    procedure = plan.child_procedure(case, task.step, catalogue, at)
    if procedure is None:
        raise Broken("no_procedure", f"{case.code}: no procedure does {task.step} today")
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


def ended(change: Change, child: Case, catalogue: Catalogue, at: datetime) -> Change | Refused:
    """The child's last word is the root's: its step is done, or lies with the office of the root."""
    case = change.case
    task = next((one for one in case.tasks if one.child == child.id and one.is_with_a_child), None)
    if task is None:
        return change
    if child.outcome == "granted":
        return _done(change, task, child, catalogue, at)
    return _given_up(change, task, child, catalogue, at)


def _done(change: Change, task: Task, child: Case, catalogue: Catalogue, at: datetime) -> Change | Refused:
    *earlier, last = change.told
    handed = plan.hand_out(change.case.with_task(done(task, at, child.outcome)), catalogue, at)
    told = replace(last, type=CHILD_COMPLETED, case=handed, child=child)
    sent = (*change.sent, *newly_sent(change.case, handed))
    return settle(Change(handed, (*earlier, told), sent), last.cause, at)


def _given_up(change: Change, task: Task, child: Case, catalogue: Catalogue, at: datetime) -> Change:
    """Nothing that others did is undone: the root's own office gets the step, and decides how it goes on."""
    case = change.case
    office = catalogue.office(case.receiving_office)
    fresh = replace(
        task,
        id=plan.task_id(case, task.step),
        role=office.role,
        office=office.id,
        office_short=office.short,
        child=None,
    )
    closed = replace(
        task, state=TaskState.CLOSED, moved_to=office.id, outcome=child.outcome or child.state.value
    )
    queued = plan.queued(fresh, bound(case, catalogue, at), catalogue, at)
    after = case.sent_on(closed, queued)
    *earlier, last = change.told
    told = replace(last, type=CHILD_FAILED, case=after, child=child)
    return Change(after, (*earlier, told), (*change.sent, *newly_sent(case, after)))


def _closed(change: Change, child: Case, catalogue: Catalogue, at: datetime) -> Change:
    """The root is over: so is what was done for it."""
    standing = _stopped(child)
    if isinstance(standing, Refused):
        raise Broken("child_not_closed", f"{child.code}: {standing.en}")
    tasks = tuple(
        one if one.state is TaskState.DONE else replace(one, state=TaskState.CLOSED) for one in child.tasks
    )
    over = replace(child.at(standing), stop_asked=None, unplaced=None, completed_at=at, tasks=tasks)
    stopped = recorded(over, Event(ClockFact.STOPPED, at), catalogue, at)
    case = change.case.with_child(stopped)
    cause = replace(change.told[-1].cause, actor=BY_RULE)
    told = Told(CHILD_FAILED, case, cause, at, child=stopped)
    sent = tuple(replace(one, child=stopped) for one in newly_sent(child, stopped))
    return Change(case, (*change.told, told), (*change.sent, *sent))


def _stopped(child: Case) -> Standing | Refused:
    """One that rests in `accepted` is withdrawn with its root: no row stops it there."""
    if child.state is not State.ACCEPTED:
        return move(child.standing, Fact.STOPPED)
    asked = move(child.standing, Fact.WITHDRAWAL_REQUESTED)
    return asked if isinstance(asked, Refused) else move(asked, Fact.STOPPED)


def _resumed(change: Change, child: Case, catalogue: Catalogue, at: datetime) -> Change:
    """What the citizen was asked is answered: the child goes on from their act, as its root does."""
    standing = move(child.standing, ANSWERED[child.state])
    if isinstance(standing, Refused):
        return change
    answered = next(
        event
        for event in reversed(change.case.ledger)
        if event.fact in {ClockFact.SUPPLEMENTED, ClockFact.PAID}
    )
    return with_child(change, resumed(child, standing, answered, catalogue, at))
