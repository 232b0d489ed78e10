"""To whom a deadline goes: holder, head, city; and what nobody has in hands goes to the Centre first."""

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
from services.routing.domain.case.replacing import replace
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
from shared.catalogue import Catalogue
from shared.events.case import APOLOGY_DRAFTED, BREACHED, NEW_DATE_PASSED, UPDATED, WARNING

ESCALATED = "deadline.escalated.v1"
"""Why a case is told anew when only the one who must act on its lateness changed."""

LEVEL_ORDER = tuple(DeadlineLevel)
RECIPIENT_ORDER = tuple(Recipient)


def fire_deadlines(
    case: Case, catalogue: Catalogue, now: datetime, cache: DeadlineCache | None = None
) -> CaseChange | None:
    """Every instant of this case that has come and was not told of, in order, each once; None: there is none.

    After a downtime that may be several of one clock: all are put on record, and all but the last are marked.
    """
    cache = cache or DeadlineCache(catalogue, now)
    instants = [
        instant
        for clock in running_clocks(case)
        for instant in cache.instants_of(clock, case)
        if instant.at <= now
    ]
    updates: list[CaseUpdate] = []
    dispatches: tuple[TaskDispatch, ...] = ()
    while due := list(pending_instants(instants, case, now)):
        first = min(due, key=_firing_order)
        alarm = _fire(first, case, catalogue, now, overtaken=_is_overtaken(first, due))
        instants = [instant for instant in instants if instant is not first]
        case = replace(case, alarms=(*case.alarms, alarm))
        updates.append(_deadline_update(alarm, first.clock, case, now))
        query_change = _close_silent_question(first, case, catalogue, now)
        if query_change is not None:
            case, dispatches = query_change.case, (*dispatches, *query_change.dispatches)
            updates += query_change.updates
            running = {clock.about for clock in running_clocks(case)}
            instants = [instant for instant in instants if instant.clock.about in running]
        if (
            alarm.scope is ClockScope.DOSSIER
            and alarm.level is DeadlineLevel.BREACH
            and case.child_id is None
        ):
            case = apology.draft_apology(case, alarm.due_at, catalogue, now)
            updates += _apology_updates(case, alarm, now)
    return CaseChange(case, tuple(updates), dispatches) if updates else None


def _firing_order(instant: NextDeadline) -> tuple[datetime, int, ClockScope]:
    return instant.at, LEVEL_ORDER.index(instant.level), instant.clock.scope


def _close_silent_question(
    first: NextDeadline, case: Case, catalogue: Catalogue, now: datetime
) -> CaseChange | None:
    """What no answer in time means, by the rule of the step that asked."""
    task = first.clock.task
    if task is None or first.level is not DeadlineLevel.BREACH:
        return None
    return kind_of(task).close_on_breach(case, task, catalogue, now)


def current_escalation(case: Case) -> FiredDeadline | None:
    """Who must act on this case's lateness: the highest that was told, while that very date still counts.

    A dossier is late by the date of the law; the new date stands beside it.
    """
    legal_alarms = (alarm for alarm in case.alarms if alarm.scope is not ClockScope.NEW_DATE)
    escalations = [
        alarm for alarm in legal_alarms if not alarm.level.is_warning and alarm.to is not Recipient.HOLDER
    ]
    if not escalations:
        return None
    keys = {clock.key for clock in running_clocks(case)}
    current = (alarm for alarm in escalations if (alarm.about, alarm.due_at) in keys)
    return max(
        current,
        key=lambda alarm: (RECIPIENT_ORDER.index(alarm.to), alarm.scope == "dossier", alarm.fired_at),
        default=None,
    )


def _fire(
    deadline: NextDeadline, case: Case, catalogue: Catalogue, now: datetime, *, overtaken: bool
) -> FiredDeadline:
    clock = deadline.clock
    task = clock.task or case.current_task
    to = _recipient(deadline.level, task)
    if clock.task is not None and kind_of(clock.task).reports_to_lead(case, clock.task, catalogue):
        task, to = queries.lead_task(case, clock.task) or task, Recipient.HOLDER
    office, short = _recipient_office(to, task, case)
    if clock.scope is ClockScope.REQUEST and case.request is not None:
        to = Recipient.CITIZEN if deadline.level.is_warning else Recipient.HOLDER
        office, short = case.request.office, catalogue.office(case.request.office).short
    if clock.scope is ClockScope.NEW_DATE and deadline.level is DeadlineLevel.BREACH:
        to, (office, short) = Recipient.HEAD, _answerable_office(task, case)
    return FiredDeadline(
        scope=clock.scope,
        about=clock.about,
        level=deadline.level,
        due_at=clock.due_at,
        at=deadline.at,
        fired_at=now,
        to=to,
        office=office,
        office_short=short,
        step=clock.task.step if clock.task else None,
        overtaken=overtaken,
    )


def _recipient(level: DeadlineLevel, task: Task | None) -> Recipient:
    match level:
        case DeadlineLevel.THREE_QUARTERS | DeadlineLevel.ONE_DAY | DeadlineLevel.TWO_HOURS:
            return Recipient.HOLDER
        case DeadlineLevel.BREACH:
            return Recipient.OPERATOR if task is not None and is_unassigned(task) else Recipient.HEAD
        case DeadlineLevel.HEAD:
            return Recipient.HEAD
        case DeadlineLevel.CITY:
            return Recipient.CITY


def _recipient_office(to: Recipient, task: Task | None, case: Case) -> tuple[str, str]:
    """The desk that hears of it; the city's leaders read the Centre's board."""
    if to in {Recipient.OPERATOR, Recipient.CITY} or (
        to is Recipient.HOLDER and task is not None and task.desk_office == CENTRE
    ):
        return CENTRE, CENTRE_SHORT
    return (task.office, task.office_short) if task else (case.receiving_office, case.receiving_short)


def _answerable_office(task: Task | None, case: Case) -> tuple[str, str]:
    """Whose head is told of a broken new date: of the office that has it, else of the one that signed."""
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
    """CaseUpdate right behind the breach that it answers."""
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
    update_type = NEW_DATE_PASSED if scope is ClockScope.NEW_DATE else BREACHED
    return update_type, update_type
