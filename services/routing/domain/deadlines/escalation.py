"""Firing of deadlines and escalation: to holder, head and city, or to the operator for unassigned tasks."""

from collections.abc import Iterator
from datetime import datetime

from services.routing.domain.acts import apology
from services.routing.domain.case.case import (
    BY_RULE,
    CENTRE_SHORT,
    Case,
    CaseChange,
    CaseUpdate,
    Cause,
    TaskDispatch,
)
from services.routing.domain.case.fired_deadline import ClockScope, DeadlineLevel, FiredDeadline, Recipient
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import CENTRE, Task
from services.routing.domain.clock.reminders import UNANSWERED
from services.routing.domain.deadlines.deadlines import (
    DeadlineCache,
    NextDeadline,
    RunningClock,
    is_unassigned,
    pending_instants,
    running_clocks,
)
from services.routing.domain.steps import queries
from services.routing.domain.steps.registry import kind_of
from shared.events.case import APOLOGY_DRAFTED, BREACHED, NEW_DATE_PASSED, UPDATED, WARNING

ESCALATED = "deadline.escalated.v1"
"""Cause of an update that only changes who must act on a late case."""

LEVEL_ORDER = tuple(DeadlineLevel)
RECIPIENT_ORDER = tuple(Recipient)


def fire_deadlines(case: Case, rules: Rules, cache: DeadlineCache | None = None) -> CaseChange | None:
    """Fire every deadline of this case that has come, in order, each once; None if there is none.

    After downtime that may be several of one clock: all go on record, and all but the last as overtaken.
    """
    cache = cache or DeadlineCache(rules)
    instants: list[NextDeadline] = []
    for clock in running_clocks(case):
        instants += [instant for instant in cache.instants_of(clock, case) if instant.at <= rules.now]
    updates: list[CaseUpdate] = []
    dispatches: tuple[TaskDispatch, ...] = ()
    # One at a time: firing a deadline may end other clocks (a closed question) or start one (an apology).
    while due := list(pending_instants(instants, case, rules.now)):
        first = min(due, key=_firing_order)
        alarm = _fire(first, case, rules, overtaken=_is_overtaken(first, due))
        instants.remove(first)
        case = case.with_alarm(alarm)
        updates.append(_deadline_update(alarm, first.clock, case, rules.now))
        query_change = _close_silent_question(first, case, rules)
        if query_change is not None:
            case = query_change.case
            dispatches = (*dispatches, *query_change.dispatches)
            updates += query_change.updates
            running = {clock.about for clock in running_clocks(case)}
            instants = [instant for instant in instants if instant.clock.about in running]
        is_dossier_breach = alarm.scope is ClockScope.DOSSIER and alarm.level is DeadlineLevel.BREACH
        if is_dossier_breach and case.child_id is None:
            case = apology.draft_apology(case, alarm.due_at, rules)
            updates += _apology_updates(case, alarm, rules.now)
    if not updates:
        return None
    return CaseChange(case, tuple(updates), dispatches)


def _firing_order(instant: NextDeadline) -> tuple[datetime, int, ClockScope]:
    return instant.at, LEVEL_ORDER.index(instant.level), instant.clock.scope


def _close_silent_question(first: NextDeadline, case: Case, rules: Rules) -> CaseChange | None:
    """Close a question without an answer in time, if the rule of the asking step closes such questions."""
    task = first.clock.task
    if task is None or first.level is not DeadlineLevel.BREACH:
        return None
    return kind_of(task).close_on_breach(case, task, rules)


def current_escalation(case: Case) -> FiredDeadline | None:
    """The fired deadline whose recipient must act on a late case: the highest one of the running clocks.

    Lateness is by the legal date; the new date of an apology does not count.
    """
    escalations = [alarm for alarm in case.alarms if _is_escalation(alarm)]
    if not escalations:
        return None
    keys = {clock.key for clock in running_clocks(case)}
    current = [alarm for alarm in escalations if (alarm.about, alarm.due_at) in keys]
    return max(current, key=_escalation_rank, default=None)


def _is_escalation(alarm: FiredDeadline) -> bool:
    """Whether it reports that a legal date or a task's date was missed."""
    if alarm.scope is ClockScope.NEW_DATE or alarm.level.is_warning:
        return False
    return alarm.to is not Recipient.HOLDER


def _escalation_rank(alarm: FiredDeadline) -> tuple[int, bool, datetime]:
    return RECIPIENT_ORDER.index(alarm.to), alarm.scope is ClockScope.DOSSIER, alarm.fired_at


def _fire(deadline: NextDeadline, case: Case, rules: Rules, *, overtaken: bool) -> FiredDeadline:
    clock = deadline.clock
    to, office, short = _addressee(deadline, case, rules)
    return FiredDeadline(
        scope=clock.scope,
        about=clock.about,
        level=deadline.level,
        due_at=clock.due_at,
        at=deadline.at,
        fired_at=rules.now,
        to=to,
        office=office,
        office_short=short,
        step=clock.task.step if clock.task else None,
        overtaken=overtaken,
    )


def _addressee(deadline: NextDeadline, case: Case, rules: Rules) -> tuple[Recipient, str, str]:
    """The recipient, and the id and short name of its office."""
    clock = deadline.clock
    task = clock.task or case.current_task
    if clock.scope is ClockScope.REQUEST and case.request is not None:
        office = rules.catalogue.office(case.request.office)
        if deadline.level.is_warning:
            return Recipient.CITIZEN, office.id, office.short
        return Recipient.HOLDER, office.id, office.short
    if clock.scope is ClockScope.NEW_DATE and deadline.level is DeadlineLevel.BREACH:
        return Recipient.HEAD, *_answerable_office(task, case)
    if clock.task is not None and kind_of(clock.task).reports_to_lead(case, clock.task, rules):
        lead = queries.lead_task(case, clock.task) or task
        return Recipient.HOLDER, *_recipient_office(Recipient.HOLDER, lead, case)
    to = _recipient(deadline.level, task)
    return to, *_recipient_office(to, task, case)


def _recipient(level: DeadlineLevel, task: Task | None) -> Recipient:
    match level:
        case DeadlineLevel.THREE_QUARTERS | DeadlineLevel.ONE_DAY | DeadlineLevel.TWO_HOURS:
            return Recipient.HOLDER
        case DeadlineLevel.BREACH:
            if task is not None and is_unassigned(task):
                return Recipient.OPERATOR
            return Recipient.HEAD
        case DeadlineLevel.HEAD:
            return Recipient.HEAD
        case DeadlineLevel.CITY:
            return Recipient.CITY


def _recipient_office(to: Recipient, task: Task | None, case: Case) -> tuple[str, str]:
    """The office of the recipient, as id and short name. The city's leaders read the Centre's board."""
    if to in {Recipient.OPERATOR, Recipient.CITY}:
        return CENTRE, CENTRE_SHORT
    if task is None:
        return case.receiving_office, case.receiving_short
    if to is Recipient.HOLDER and task.desk_office == CENTRE:
        return CENTRE, CENTRE_SHORT
    return task.office, task.office_short


def _answerable_office(task: Task | None, case: Case) -> tuple[str, str]:
    """The office whose head is notified of a broken new date: the holder's, else the one that signed."""
    letter = case.apology
    if letter is not None and (task is None or task.desk_office == CENTRE):
        return letter.office, letter.office_short
    return _recipient_office(Recipient.HEAD, task, case)


def _is_overtaken(first: NextDeadline, due: list[NextDeadline]) -> bool:
    return any(other.clock.about == first.clock.about and other.at > first.at for other in due)


def _deadline_update(alarm: FiredDeadline, clock: RunningClock, case: Case, now: datetime) -> CaseUpdate:
    kind, fact = _update_names(alarm.level, alarm.scope)
    cause = Cause(fact, f"{alarm.about}/{alarm.level.value}/{alarm.due_at.isoformat()}", BY_RULE)
    return CaseUpdate(kind, case, cause=cause, at=now, task=clock.task, alarm=alarm)


def _apology_updates(case: Case, alarm: FiredDeadline, now: datetime) -> Iterator[CaseUpdate]:
    """The update of a drafted apology, sent after the breach that led to it."""
    if case.apology is not None:
        cause = Cause(APOLOGY_DRAFTED, f"{case.apology.ref}/drafted", BY_RULE)
        yield CaseUpdate(
            APOLOGY_DRAFTED, case, cause=cause, at=now, task=case.task(case.apology.ref), alarm=alarm
        )


def _update_names(level: DeadlineLevel, scope: ClockScope) -> tuple[str, str]:
    if level.is_warning:
        return WARNING, WARNING
    if scope is ClockScope.REQUEST:
        return UPDATED, UNANSWERED
    if level is not DeadlineLevel.BREACH:
        return UPDATED, ESCALATED
    if scope is ClockScope.NEW_DATE:
        return NEW_DATE_PASSED, NEW_DATE_PASSED
    return BREACHED, BREACHED
