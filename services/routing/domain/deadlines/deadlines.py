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
from services.routing.domain.clock import case_clock as clock
from services.routing.domain.clock.new_date import new_date_breach_at, new_date_warnings, signed_new_date
from services.routing.domain.clock.new_date import new_date_clock_id as clock_of_new_date
from services.routing.domain.clock.reminders import open_citizen_request, reminder_instants, request_clock_id
from services.routing.domain.plan.queries import escalates_to_lead
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
    own = (RunningClock(ClockScope.DOSSIER, case.id, case.current_due_at),) if case.current_due_at else ()
    waits = _stands(case) in WAITING_FOR_THE_CITIZEN
    held = (t for t in case.tasks if t.is_open and t.queued_at and (t.is_apology or not (waits or t.actor)))
    owed = open_citizen_request(case)
    asked = (RunningClock(ClockScope.REQUEST, request_clock_id(case, owed), owed.answer_by),) if owed else ()
    again = signed_new_date(case)
    named = (RunningClock(ClockScope.NEW_DATE, clock_of_new_date(case), again),) if again else ()
    return (
        *own,
        *asked,
        *named,
        *(RunningClock(ClockScope.TASK, t.id, t.due_at, t) for t in held if t.due_at),
    )


def clock_instants(
    one: RunningClock, case: Case, catalogue: Catalogue, now: datetime
) -> Iterator[NextDeadline]:
    """Every instant of a clock, in order. Beyond the known calendar only the breach is certain."""
    if one.scope is ClockScope.REQUEST:
        yield from _of_request(one, case, catalogue, now)
        return
    if one.scope is ClockScope.NEW_DATE:
        yield from _of_new_date(one, case, catalogue, now)
        return
    task = one.task
    office = catalogue.office(task.office if task else case.receiving_office)
    calendar = catalogue.calendar(office.calendar, now)
    with suppress(OutsideCalendarError):
        for level, at in _warned(one, case, calendar, catalogue, now):
            yield NextDeadline(one, DeadlineLevel(level), at)
    yield NextDeadline(one, DeadlineLevel.BREACH, breach_at(one.due_at))
    if task is not None and task.is_question and escalates_to_lead(case, task, catalogue):
        return
    with suppress(OutsideCalendarError):
        head = calendar.opening(calendar.nth_after(one.due_at.date(), 1))
        yield NextDeadline(one, DeadlineLevel.HEAD, head)
        yield NextDeadline(one, DeadlineLevel.CITY, city_escalation_at(calendar, one.due_at))


class DeadlineCache:
    """The instants of clocks as known now, each clock's counted once however often it is asked for."""

    def __init__(self, catalogue: Catalogue, now: datetime) -> None:
        self._catalogue, self._now = catalogue, now
        self._counted: dict[tuple[UUID, datetime, int], tuple[NextDeadline, ...]] = {}

    def instants_of(self, one: RunningClock, case: Case) -> tuple[NextDeadline, ...]:
        """All of this clock, in order. They follow from its date and the facts of the case's ledger."""
        known = self._counted.get(key := (*one.key, len(case.ledger)))
        if known is None:
            known = self._counted[key] = tuple(clock_instants(one, case, self._catalogue, self._now))
        return known

    def next_instants(self, clocks: Iterable[RunningClock], case: Case) -> dict[UUID, NextDeadline]:
        """The next instant of each of these clocks that has one."""
        found = (
            (one, next(pending_instants(self.instants_of(one, case), case, self._now), None))
            for one in clocks
        )
        return {one.about: deadline for one, deadline in found if deadline is not None}


def pending_instants(deadlines: Iterable[NextDeadline], case: Case, now: datetime) -> Iterator[NextDeadline]:
    """Those of one clock that nobody has been told of. A breach is told once, whatever date follows it."""
    return (deadline for deadline in deadlines if _is_to_come(deadline, case, now))


def next_deadlines(case: Case, catalogue: Catalogue, now: datetime) -> dict[UUID, NextDeadline]:
    """The next instant of each running clock."""
    return DeadlineCache(catalogue, now).next_instants(running_clocks(case), case)


def next_deadlines_of_family(
    case: Case, catalogue: Catalogue, now: datetime, known: DeadlineCache | None = None
) -> list[NextDeadline]:
    """The next instant of each running clock of the dossier and of its children, in order."""
    known = known or DeadlineCache(catalogue, now)
    found = (one for own in case.family for one in known.next_instants(running_clocks(own), own).values())
    return sorted(found, key=lambda one: one.at)


def deadline_changes(
    before: Case | None, case: Case, catalogue: Catalogue, now: datetime
) -> tuple[dict[UUID, NextDeadline], set[UUID]]:
    """What a change of a case does to its clocks: the next instant of the new ones, and which run no more.

    A clock whose date did not move costs nothing.
    """
    were = {one.key for one in running_clocks(before)} if before else set[tuple[UUID, datetime]]()
    runs = running_clocks(case)
    fresh = [one for one in runs if one.key not in were]
    following = DeadlineCache(catalogue, now).next_instants(fresh, case) if fresh else {}
    over = {about for about, _ in were} - {one.about for one in runs}
    return following, over | {one.about for one in fresh if one.about not in following}


def _is_to_come(deadline: NextDeadline, case: Case, now: datetime) -> bool:
    if not case.alarms:
        return deadline.level is not DeadlineLevel.HEAD
    same = [a for a in case.alarms if (a.about, a.level) == (deadline.clock.about, deadline.level)]
    if any(alarm.due_at == deadline.clock.due_at for alarm in same):
        return False
    match deadline.level:
        case DeadlineLevel.BREACH:
            return not same
        case DeadlineLevel.HEAD:
            return _is_with_the_operator(deadline, case)
        case DeadlineLevel.CITY:
            return True
        case DeadlineLevel.THREE_QUARTERS | DeadlineLevel.ONE_DAY | DeadlineLevel.TWO_HOURS:
            return not same or deadline.at > now


def _is_with_the_operator(deadline: NextDeadline, case: Case) -> bool:
    """The head is told apart from the breach only where the breach went to the operator."""
    return any(
        alarm.level is DeadlineLevel.BREACH and alarm.to is Recipient.OPERATOR
        for alarm in case.alarms
        if (alarm.about, alarm.due_at) == deadline.clock.key
    )


def _stands(case: Case) -> State:
    """A withdrawal that is asked leaves the clock as it was."""
    return case.resume_to.state if case.resume_to else case.state


def _warned(
    one: RunningClock, case: Case, calendar: Calendar, catalogue: Catalogue, now: datetime
) -> tuple[DeadlineWarning, ...]:
    """As far ahead as the procedure says; its tasks like the dossier itself."""
    if one.task is None:
        return _of_dossier(case, calendar, catalogue, now)
    terms = CountingRule(calendar, one.task.limit.unit, is_task=True)
    warn = catalogue.procedure_version(case.procedure, case.version).thresholds
    return warnings_until(terms, one.task.queued_at or one.due_at, one.due_at, warn)


def _of_request(one: RunningClock, case: Case, catalogue: Catalogue, now: datetime) -> Iterator[NextDeadline]:
    """No office is late with what a citizen owes: reminders, and at its end the office that asked is told."""
    if case.request is not None:
        with suppress(OutsideCalendarError):
            for level, at in reminder_instants(case, case.request, catalogue, now):
                yield NextDeadline(one, DeadlineLevel(level), at)
    yield NextDeadline(one, DeadlineLevel.BREACH, breach_at(one.due_at))


def _of_new_date(
    one: RunningClock, case: Case, catalogue: Catalogue, now: datetime
) -> Iterator[NextDeadline]:
    """Broken, it is nobody's to sort out first: the head and the city hear of it in the same moment."""
    with suppress(OutsideCalendarError):
        for level, at in new_date_warnings(case, one.due_at, catalogue, now):
            yield NextDeadline(one, DeadlineLevel(level), at)
    for level in (DeadlineLevel.BREACH, DeadlineLevel.CITY):
        yield NextDeadline(one, level, new_date_breach_at(case, one.due_at))


def _of_dossier(
    case: Case, calendar: Calendar, catalogue: Catalogue, now: datetime
) -> tuple[DeadlineWarning, ...]:
    """By the facts of its ledger where it has any; else from acceptance to the date as promised."""
    if case.ledger:
        reckoned = clock.clock_at(case, catalogue, now)
        return reckoned.warnings_at if reckoned else ()
    ledger = clock.start_ledger(case, catalogue)
    if ledger is None or case.current_due_at is None:
        return ()
    terms = CountingRule(calendar, ledger.limit.unit, cutoff=ledger.cutoff)
    return warnings_until(terms, ledger.accepted_at, case.current_due_at, ledger.thresholds)


def is_unassigned(task: Task) -> bool:
    """Nobody has begun it: it lies in a queue, or was given back to the Centre."""
    return task.state is not TaskState.STARTED
