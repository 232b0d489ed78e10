"""The running clocks of a case, and the deadlines of each: warnings, breach, escalation to head and city.

All follow from the case and the calendar; the table `deadlines` only has the time of the next look at a case.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.routing.domain.case.case import Case
from services.routing.domain.case.fired_deadline import ClockScope, DeadlineLevel, Recipient
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.state import ENDED, WAITING_FOR_THE_CITIZEN
from services.routing.domain.case.task import Task, TaskState
from services.routing.domain.clock import case_clock
from services.routing.domain.clock.new_date import (
    new_date_breach_at,
    new_date_clock_id,
    new_date_warnings,
    signed_new_date,
)
from services.routing.domain.clock.reminders import open_citizen_request, reminder_instants, request_clock_id
from services.routing.domain.steps.registry import kind_of
from shared.states import State
from shared.worktime import OutsideCalendarError
from shared.worktime.calendar.calendar import Calendar
from shared.worktime.clock.lateness import breach_at, city_escalation_at
from shared.worktime.clock.warnings import DeadlineWarning, warnings_until
from shared.worktime.course.running_period import CountingRule


@dataclass(frozen=True, slots=True)
class RunningClock:
    """A running clock: of a dossier, an open task, a request to the citizen, or a signed new date."""

    scope: ClockScope
    about: UUID
    due_at: datetime
    task: Task | None = None

    @property
    def key(self) -> tuple[UUID, datetime]:
        """The identity of its deadlines: a date that moved has new ones."""
        return self.about, self.due_at


@dataclass(frozen=True, slots=True)
class NextDeadline:
    """A deadline of a clock that has not fired."""

    clock: RunningClock
    level: DeadlineLevel
    at: datetime


def running_clocks(case: Case) -> tuple[RunningClock, ...]:
    """The clocks of a case: the dossier's, an open request's, the signed new date's, and those of open tasks.

    Tasks that wait for the citizen or another person have none, as their office cannot be late; an apology
    has.
    """
    if case.state in ENDED:
        return ()
    clocks: list[RunningClock] = []
    if case.current_due_at:
        clocks.append(RunningClock(ClockScope.DOSSIER, case.id, case.current_due_at))
    request = open_citizen_request(case)
    if request:
        clocks.append(RunningClock(ClockScope.REQUEST, request_clock_id(case, request), request.answer_by))
    new_date = signed_new_date(case)
    if new_date:
        clocks.append(RunningClock(ClockScope.NEW_DATE, new_date_clock_id(case), new_date))
    waits_for_citizen = _state_before_withdrawal(case) in WAITING_FOR_THE_CITIZEN
    for task in case.tasks:
        is_queued = task.is_open and task.queued_at
        is_offices_turn = task.is_apology or not (waits_for_citizen or task.actor)
        if is_queued and is_offices_turn and task.due_at:
            clocks.append(RunningClock(ClockScope.TASK, task.id, task.due_at, task))
    return tuple(clocks)


def clock_instants(clock: RunningClock, case: Case, rules: Rules) -> Iterator[NextDeadline]:
    """All deadlines of a clock, in order. Outside the known calendar only the breach is given."""
    if clock.scope is ClockScope.REQUEST:
        yield from _request_instants(clock, case, rules)
        return
    if clock.scope is ClockScope.NEW_DATE:
        yield from _new_date_instants(clock, case, rules)
        return
    task = clock.task
    calendar = rules.calendar_of(task.office if task else case.receiving_office)
    with suppress(OutsideCalendarError):
        for level, at in _clock_warnings(clock, case, calendar=calendar, rules=rules):
            yield NextDeadline(clock, DeadlineLevel(level), at)
    yield NextDeadline(clock, DeadlineLevel.BREACH, breach_at(clock.due_at))
    if task is not None and kind_of(task).reports_to_lead(case, task, rules):
        return
    with suppress(OutsideCalendarError):
        head = calendar.opening(calendar.nth_after(clock.due_at.date(), 1))
        yield NextDeadline(clock, DeadlineLevel.HEAD, head)
        yield NextDeadline(clock, DeadlineLevel.CITY, city_escalation_at(calendar, clock.due_at))


class DeadlineCache:
    """Cache of the deadlines of clocks under the same rules."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._counted: dict[tuple[UUID, datetime, int], tuple[NextDeadline, ...]] = {}

    def instants_of(self, clock: RunningClock, case: Case) -> tuple[NextDeadline, ...]:
        """All deadlines of this clock, in order. They depend on its due date and the case's ledger."""
        # Each event of the ledger may move the warnings, even where the due date stays.
        key = (*clock.key, len(case.ledger))
        if key not in self._counted:
            self._counted[key] = tuple(clock_instants(clock, case, self._rules))
        return self._counted[key]

    def next_instants(self, clocks: Iterable[RunningClock], case: Case) -> dict[UUID, NextDeadline]:
        """The next deadline of each of these clocks, by the id of what the clock is about."""
        next_by_clock: dict[UUID, NextDeadline] = {}
        for clock in clocks:
            deadline = next(pending_instants(self.instants_of(clock, case), case, self._rules.now), None)
            if deadline is not None:
                next_by_clock[clock.about] = deadline
        return next_by_clock


def pending_instants(deadlines: Iterable[NextDeadline], case: Case, now: datetime) -> Iterator[NextDeadline]:
    """The deadlines of one clock that have not fired. A breach fires once, even if the date moves."""
    return (deadline for deadline in deadlines if _is_pending(deadline, case, now))


def next_deadlines(case: Case, rules: Rules) -> dict[UUID, NextDeadline]:
    """The next deadline of each running clock of a case."""
    return DeadlineCache(rules).next_instants(running_clocks(case), case)


def next_deadlines_of_family(
    case: Case, rules: Rules, cache: DeadlineCache | None = None
) -> list[NextDeadline]:
    """The next deadlines of a dossier and its children, by time."""
    cache = cache or DeadlineCache(rules)
    deadlines: list[NextDeadline] = []
    for member in case.family:
        deadlines += cache.next_instants(running_clocks(member), member).values()
    return sorted(deadlines, key=lambda deadline: deadline.at)


def deadline_changes(
    before: Case | None, case: Case, rules: Rules
) -> tuple[dict[UUID, NextDeadline], set[UUID]]:
    """What a change of a case does to its clocks: next deadlines of new clocks, and ids of ended ones.

    Nothing is computed for a clock whose date did not move.
    """
    clocks_before = running_clocks(before) if before else ()
    keys_before = {clock.key for clock in clocks_before}
    clocks = running_clocks(case)
    new_clocks = [clock for clock in clocks if clock.key not in keys_before]
    next_by_clock = DeadlineCache(rules).next_instants(new_clocks, case)
    ended = {clock.about for clock in clocks_before}
    ended.difference_update(clock.about for clock in clocks)
    ended.update(clock.about for clock in new_clocks if clock.about not in next_by_clock)
    return next_by_clock, ended


def _is_pending(deadline: NextDeadline, case: Case, now: datetime) -> bool:
    if not case.alarms:
        return deadline.level is not DeadlineLevel.HEAD
    fired = False
    for alarm in case.alarms:
        if alarm.about == deadline.clock.about and alarm.level is deadline.level:
            if alarm.due_at == deadline.clock.due_at:
                return False
            fired = True
    match deadline.level:
        case DeadlineLevel.BREACH:
            return not fired
        case DeadlineLevel.HEAD:
            return _is_with_the_operator(deadline, case)
        case DeadlineLevel.CITY:
            return True
        case DeadlineLevel.THREE_QUARTERS | DeadlineLevel.ONE_DAY | DeadlineLevel.TWO_HOURS:
            return not fired or deadline.at > now


def _is_with_the_operator(deadline: NextDeadline, case: Case) -> bool:
    """Whether it waits for a breach that went to the operator: else the head was notified at the breach."""
    for alarm in case.alarms:
        is_breach = alarm.level is DeadlineLevel.BREACH and alarm.to is Recipient.OPERATOR
        if is_breach and (alarm.about, alarm.due_at) == deadline.clock.key:
            return True
    return False


def _state_before_withdrawal(case: Case) -> State:
    """The state that the clock follows: while a withdrawal is undecided, the state before it."""
    position = case.resume_to or case.position
    return position.state


def _clock_warnings(
    clock: RunningClock, case: Case, calendar: Calendar, rules: Rules
) -> tuple[DeadlineWarning, ...]:
    """Warnings by the procedure's thresholds, for the dossier and its tasks alike."""
    if clock.task is None:
        return _dossier_warnings(case, calendar, rules)
    rule = CountingRule(calendar, clock.task.limit.unit, is_task=True)
    warn = rules.procedure_of(case).thresholds
    return warnings_until(rule, clock.task.queued_at or clock.due_at, clock.due_at, warn)


def _request_instants(clock: RunningClock, case: Case, rules: Rules) -> Iterator[NextDeadline]:
    """Reminders to the citizen, and at the end a notice to the office that asked. No office is late by it."""
    if case.request is not None:
        with suppress(OutsideCalendarError):
            for level, at in reminder_instants(case, case.request, rules):
                yield NextDeadline(clock, DeadlineLevel(level), at)
    yield NextDeadline(clock, DeadlineLevel.BREACH, breach_at(clock.due_at))


def _new_date_instants(clock: RunningClock, case: Case, rules: Rules) -> Iterator[NextDeadline]:
    """Warnings, and once the date has passed a breach and an escalation to the city at the same moment."""
    with suppress(OutsideCalendarError):
        for level, at in new_date_warnings(case, clock.due_at, rules):
            yield NextDeadline(clock, DeadlineLevel(level), at)
    for level in (DeadlineLevel.BREACH, DeadlineLevel.CITY):
        yield NextDeadline(clock, level, new_date_breach_at(case, clock.due_at))


def _dossier_warnings(case: Case, calendar: Calendar, rules: Rules) -> tuple[DeadlineWarning, ...]:
    """Warnings from the ledger if it has events; else from acceptance to the promised date."""
    if case.ledger:
        reading = case_clock.clock_at(case, rules)
        if reading is None:
            return ()
        return reading.warnings_at
    ledger = case_clock.start_ledger(case, rules)
    if ledger is None or case.current_due_at is None:
        return ()
    rule = CountingRule(calendar, ledger.limit.unit, cutoff=ledger.cutoff)
    return warnings_until(rule, ledger.accepted_at, case.current_due_at, ledger.thresholds)


def is_unassigned(task: Task) -> bool:
    """Whether no officer works on the task: it is queued or declined."""
    return task.state is not TaskState.STARTED
