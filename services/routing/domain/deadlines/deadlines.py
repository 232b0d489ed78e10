"""Which clocks of a case run, and the instants of each: warnings, breach, head, city.

All follows from the case and the calendar; what is stored beside them only says when to look again.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.routing.domain.case.case import Case
from services.routing.domain.case.fired_deadline import ClockScope, DeadlineLevel, Recipient
from services.routing.domain.case.position import State
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
from shared.catalogue import Catalogue
from shared.worktime import OutsideCalendarError
from shared.worktime.calendar.calendar import Calendar
from shared.worktime.clock.lateness import breach_at, city_escalation_at
from shared.worktime.clock.warnings import DeadlineWarning, warnings_until
from shared.worktime.course.running_period import CountingRule


@dataclass(frozen=True, slots=True)
class RunningClock:
    """A clock that runs: of the dossier, of the task that somebody has in hands, of what a citizen owes, of a
    new date that was signed.
    """

    scope: ClockScope
    about: UUID
    due_at: datetime
    task: Task | None = None

    @property
    def key(self) -> tuple[UUID, datetime]:
        """What it tells apart: a date that moved is another deadline."""
        return self.about, self.due_at


@dataclass(frozen=True, slots=True)
class NextDeadline:
    """An instant of a clock that has not come yet."""

    clock: RunningClock
    level: DeadlineLevel
    at: datetime


def running_clocks(case: Case) -> tuple[RunningClock, ...]:
    """The dossier's own clock while it has a date, tasks' in hands, a citizen's time to answer, a new date.

    No office can be late with what waits for somebody else; a head can, with an apology and with its date.
    """
    if case.state in ENDED:
        return ()
    dossier_clock = (
        (RunningClock(ClockScope.DOSSIER, case.id, case.current_due_at),) if case.current_due_at else ()
    )
    waits_for_citizen = _state_before_withdrawal(case) in WAITING_FOR_THE_CITIZEN
    open_tasks = (
        task
        for task in case.tasks
        if task.is_open and task.queued_at and (task.is_apology or not (waits_for_citizen or task.actor))
    )
    request = open_citizen_request(case)
    request_clock = (
        (RunningClock(ClockScope.REQUEST, request_clock_id(case, request), request.answer_by),)
        if request
        else ()
    )
    new_date = signed_new_date(case)
    new_date_clock = (
        (RunningClock(ClockScope.NEW_DATE, new_date_clock_id(case), new_date),) if new_date else ()
    )
    return (
        *dossier_clock,
        *request_clock,
        *new_date_clock,
        *(RunningClock(ClockScope.TASK, task.id, task.due_at, task) for task in open_tasks if task.due_at),
    )


def clock_instants(
    clock: RunningClock, case: Case, catalogue: Catalogue, now: datetime
) -> Iterator[NextDeadline]:
    """Every instant of a clock, in order. Beyond the known calendar only the breach is certain."""
    if clock.scope is ClockScope.REQUEST:
        yield from _request_instants(clock, case, catalogue, now)
        return
    if clock.scope is ClockScope.NEW_DATE:
        yield from _new_date_instants(clock, case, catalogue, now)
        return
    task = clock.task
    office = catalogue.office(task.office if task else case.receiving_office)
    calendar = catalogue.calendar(office.calendar, now)
    with suppress(OutsideCalendarError):
        for level, at in _clock_warnings(clock, case, calendar=calendar, catalogue=catalogue, now=now):
            yield NextDeadline(clock, DeadlineLevel(level), at)
    yield NextDeadline(clock, DeadlineLevel.BREACH, breach_at(clock.due_at))
    if task is not None and kind_of(task).reports_to_lead(case, task, catalogue):
        return
    with suppress(OutsideCalendarError):
        head = calendar.opening(calendar.nth_after(clock.due_at.date(), 1))
        yield NextDeadline(clock, DeadlineLevel.HEAD, head)
        yield NextDeadline(clock, DeadlineLevel.CITY, city_escalation_at(calendar, clock.due_at))


class DeadlineCache:
    """The instants of clocks as known now, each clock's counted once however often it is asked for."""

    def __init__(self, catalogue: Catalogue, now: datetime) -> None:
        self._catalogue, self._now = catalogue, now
        self._counted: dict[tuple[UUID, datetime, int], tuple[NextDeadline, ...]] = {}

    def instants_of(self, clock: RunningClock, case: Case) -> tuple[NextDeadline, ...]:
        """All of this clock, in order. They follow from its date and the facts of the case's ledger."""
        instants = self._counted.get(key := (*clock.key, len(case.ledger)))
        if instants is None:
            instants = self._counted[key] = tuple(clock_instants(clock, case, self._catalogue, self._now))
        return instants

    def next_instants(self, clocks: Iterable[RunningClock], case: Case) -> dict[UUID, NextDeadline]:
        """The next instant of each of these clocks that has one."""
        next_by_clock = (
            (clock, next(pending_instants(self.instants_of(clock, case), case, self._now), None))
            for clock in clocks
        )
        return {clock.about: deadline for clock, deadline in next_by_clock if deadline is not None}


def pending_instants(deadlines: Iterable[NextDeadline], case: Case, now: datetime) -> Iterator[NextDeadline]:
    """Those of one clock that nobody has been told of. A breach is told once, whatever date follows it."""
    return (deadline for deadline in deadlines if _is_pending(deadline, case, now))


def next_deadlines(case: Case, catalogue: Catalogue, now: datetime) -> dict[UUID, NextDeadline]:
    """The next instant of each running clock."""
    return DeadlineCache(catalogue, now).next_instants(running_clocks(case), case)


def next_deadlines_of_family(
    case: Case, catalogue: Catalogue, now: datetime, cache: DeadlineCache | None = None
) -> list[NextDeadline]:
    """The next instant of each running clock of the dossier and of its children, in order."""
    cache = cache or DeadlineCache(catalogue, now)
    deadlines = (
        deadline
        for member in case.family
        for deadline in cache.next_instants(running_clocks(member), member).values()
    )
    return sorted(deadlines, key=lambda deadline: deadline.at)


def deadline_changes(
    before: Case | None, case: Case, catalogue: Catalogue, now: datetime
) -> tuple[dict[UUID, NextDeadline], set[UUID]]:
    """What a change of a case does to its clocks: the next instant of the new ones, and which run no more.

    A clock whose date did not move costs nothing.
    """
    keys_before = {clock.key for clock in running_clocks(before)} if before else set[tuple[UUID, datetime]]()
    clocks = running_clocks(case)
    new_clocks = [clock for clock in clocks if clock.key not in keys_before]
    next_by_clock = DeadlineCache(catalogue, now).next_instants(new_clocks, case) if new_clocks else {}
    ended = {about for about, _ in keys_before} - {clock.about for clock in clocks}
    return next_by_clock, ended | {clock.about for clock in new_clocks if clock.about not in next_by_clock}


def _is_pending(deadline: NextDeadline, case: Case, now: datetime) -> bool:
    if not case.alarms:
        return deadline.level is not DeadlineLevel.HEAD
    fired = [
        alarm for alarm in case.alarms if (alarm.about, alarm.level) == (deadline.clock.about, deadline.level)
    ]
    if any(alarm.due_at == deadline.clock.due_at for alarm in fired):
        return False
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
    """The head is told apart from the breach only where the breach went to the operator."""
    return any(
        alarm.level is DeadlineLevel.BREACH and alarm.to is Recipient.OPERATOR
        for alarm in case.alarms
        if (alarm.about, alarm.due_at) == deadline.clock.key
    )


def _state_before_withdrawal(case: Case) -> State:
    """A withdrawal that is asked leaves the clock as it was."""
    return case.resume_to.state if case.resume_to else case.state


def _clock_warnings(
    clock: RunningClock, case: Case, calendar: Calendar, catalogue: Catalogue, now: datetime
) -> tuple[DeadlineWarning, ...]:
    """As far ahead as the procedure says; its tasks like the dossier itself."""
    if clock.task is None:
        return _dossier_warnings(case, calendar, catalogue, now)
    rule = CountingRule(calendar, clock.task.limit.unit, is_task=True)
    warn = catalogue.procedure_version(case.procedure, case.version).thresholds
    return warnings_until(rule, clock.task.queued_at or clock.due_at, clock.due_at, warn)


def _request_instants(
    clock: RunningClock, case: Case, catalogue: Catalogue, now: datetime
) -> Iterator[NextDeadline]:
    """No office is late with what a citizen owes: reminders, and at its end the office that asked is told."""
    if case.request is not None:
        with suppress(OutsideCalendarError):
            for level, at in reminder_instants(case, case.request, catalogue, now):
                yield NextDeadline(clock, DeadlineLevel(level), at)
    yield NextDeadline(clock, DeadlineLevel.BREACH, breach_at(clock.due_at))


def _new_date_instants(
    clock: RunningClock, case: Case, catalogue: Catalogue, now: datetime
) -> Iterator[NextDeadline]:
    """Broken, it is nobody's to sort out first: the head and the city hear of it in the same moment."""
    with suppress(OutsideCalendarError):
        for level, at in new_date_warnings(case, clock.due_at, catalogue, now):
            yield NextDeadline(clock, DeadlineLevel(level), at)
    for level in (DeadlineLevel.BREACH, DeadlineLevel.CITY):
        yield NextDeadline(clock, level, new_date_breach_at(case, clock.due_at))


def _dossier_warnings(
    case: Case, calendar: Calendar, catalogue: Catalogue, now: datetime
) -> tuple[DeadlineWarning, ...]:
    """By the facts of its ledger where it has any; else from acceptance to the date as promised."""
    if case.ledger:
        reading = case_clock.clock_at(case, catalogue, now)
        return reading.warnings_at if reading else ()
    ledger = case_clock.start_ledger(case, catalogue)
    if ledger is None or case.current_due_at is None:
        return ()
    rule = CountingRule(calendar, ledger.limit.unit, cutoff=ledger.cutoff)
    return warnings_until(rule, ledger.accepted_at, case.current_due_at, ledger.thresholds)


def is_unassigned(task: Task) -> bool:
    """Nobody has begun it: it lies in a queue, or was given back to the Centre."""
    return task.state is not TaskState.STARTED
