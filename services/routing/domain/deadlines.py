"""Which clocks of a case run, and the instants of each: warnings, breach, head, city.

All follows from the case and the calendar; what is stored beside them only says when to look again.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.routing.domain import clock
from services.routing.domain.alarm import Level, Rank, Scope
from services.routing.domain.case import Case
from services.routing.domain.new_date import clock_of as clock_of_new_date
from services.routing.domain.new_date import new_date, passes_at, warned
from services.routing.domain.queries import lead_answers
from services.routing.domain.reminders import awaited, clock_of, reminders
from services.routing.domain.standing import State
from services.routing.domain.state import ENDED, WAITING_FOR_THE_CITIZEN
from services.routing.domain.task import Task, TaskState
from shared.catalogue import Catalogue
from shared.worktime import OutsideCalendar
from shared.worktime.calendar import Calendar
from shared.worktime.lateness import breach_at, city_at
from shared.worktime.stretch import Terms
from shared.worktime.warnings import Warning, warnings_until


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock that runs: of the dossier, of the task that somebody has in hands, of what a citizen owes, of a
    new date that was signed.
    """

    scope: Scope
    about: UUID
    due_at: datetime
    task: Task | None = None

    @property
    def key(self) -> tuple[UUID, datetime]:
        """What it tells apart: a date that moved is another deadline."""
        return self.about, self.due_at


@dataclass(frozen=True, slots=True)
class Deadline:
    """An instant of a clock that has not come yet."""

    clock: Clock
    level: Level
    at: datetime


def running(case: Case) -> tuple[Clock, ...]:
    """The dossier's own clock while it has a date, tasks' in hands, a citizen's time to answer, a new date.

    No office can be late with what waits for somebody else; a head can, with an apology and with its date.
    """
    if case.state in ENDED:
        return ()
    own = (Clock(Scope.DOSSIER, case.id, case.current_due_at),) if case.current_due_at else ()
    waits = _stands(case) in WAITING_FOR_THE_CITIZEN
    held = (t for t in case.tasks if t.is_open and t.queued_at and (t.is_letter or not (waits or t.actor)))
    owed = awaited(case)
    asked = (Clock(Scope.REQUEST, clock_of(case, owed), owed.answer_by),) if owed else ()
    again = new_date(case)
    named = (Clock(Scope.NEW_DATE, clock_of_new_date(case), again),) if again else ()
    return (*own, *asked, *named, *(Clock(Scope.TASK, t.id, t.due_at, t) for t in held if t.due_at))


def instants(one: Clock, case: Case, catalogue: Catalogue, now: datetime) -> Iterator[Deadline]:
    """Every instant of a clock, in order. Beyond the known calendar only the breach is certain."""
    if one.scope is Scope.REQUEST:
        yield from _of_request(one, case, catalogue, now)
        return
    if one.scope is Scope.NEW_DATE:
        yield from _of_new_date(one, case, catalogue, now)
        return
    task = one.task
    office = catalogue.office(task.office if task else case.receiving_office)
    calendar = catalogue.calendar(office.calendar, now)
    with suppress(OutsideCalendar):
        for level, at in _warned(one, case, calendar, catalogue, now):
            yield Deadline(one, Level(level), at)
    yield Deadline(one, Level.BREACH, breach_at(one.due_at))
    if task is not None and task.is_question and lead_answers(case, task, catalogue):
        return
    with suppress(OutsideCalendar):
        head = calendar.opening(calendar.nth_after(one.due_at.date(), 1))
        yield Deadline(one, Level.HEAD, head)
        yield Deadline(one, Level.CITY, city_at(calendar, one.due_at))


class Instants:
    """The instants of clocks as known now, each clock's counted once however often it is asked for."""

    def __init__(self, catalogue: Catalogue, now: datetime) -> None:
        self._catalogue, self._now = catalogue, now
        self._counted: dict[tuple[UUID, datetime, int], tuple[Deadline, ...]] = {}

    def of(self, one: Clock, case: Case) -> tuple[Deadline, ...]:
        """All of this clock, in order. They follow from its date and the facts of the case's ledger."""
        known = self._counted.get(key := (*one.key, len(case.ledger)))
        if known is None:
            known = self._counted[key] = tuple(instants(one, case, self._catalogue, self._now))
        return known

    def following(self, clocks: Iterable[Clock], case: Case) -> dict[UUID, Deadline]:
        """The next instant of each of these clocks that has one."""
        found = ((one, next(to_come(self.of(one, case), case, self._now), None)) for one in clocks)
        return {one.about: deadline for one, deadline in found if deadline is not None}


def to_come(deadlines: Iterable[Deadline], case: Case, now: datetime) -> Iterator[Deadline]:
    """Those of one clock that nobody has been told of. A breach is told once, whatever date follows it."""
    return (deadline for deadline in deadlines if _is_to_come(deadline, case, now))


def pending(case: Case, catalogue: Catalogue, now: datetime) -> dict[UUID, Deadline]:
    """The next instant of each running clock."""
    return Instants(catalogue, now).following(running(case), case)


def pending_of_all(
    case: Case, catalogue: Catalogue, now: datetime, known: Instants | None = None
) -> list[Deadline]:
    """The next instant of each running clock of the dossier and of its children, in order."""
    known = known or Instants(catalogue, now)
    found = (one for own in case.family for one in known.following(running(own), own).values())
    return sorted(found, key=lambda one: one.at)


def replanned(
    before: Case | None, case: Case, catalogue: Catalogue, now: datetime
) -> tuple[dict[UUID, Deadline], set[UUID]]:
    """What a change of a case does to its clocks: the next instant of the new ones, and which run no more.

    A clock whose date did not move costs nothing.
    """
    were = {one.key for one in running(before)} if before else set[tuple[UUID, datetime]]()
    runs = running(case)
    fresh = [one for one in runs if one.key not in were]
    following = Instants(catalogue, now).following(fresh, case) if fresh else {}
    over = {about for about, _ in were} - {one.about for one in runs}
    return following, over | {one.about for one in fresh if one.about not in following}


def _is_to_come(deadline: Deadline, case: Case, now: datetime) -> bool:
    if not case.alarms:
        return deadline.level is not Level.HEAD
    same = [a for a in case.alarms if (a.about, a.level) == (deadline.clock.about, deadline.level)]
    if any(alarm.due_at == deadline.clock.due_at for alarm in same):
        return False
    match deadline.level:
        case Level.BREACH:
            return not same
        case Level.HEAD:
            return _is_with_the_operator(deadline, case)
        case Level.CITY:
            return True
        case Level.THREE_QUARTERS | Level.ONE_DAY | Level.TWO_HOURS:
            return not same or deadline.at > now


def _is_with_the_operator(deadline: Deadline, case: Case) -> bool:
    """The head is told apart from the breach only where the breach went to the operator."""
    return any(
        alarm.level is Level.BREACH and alarm.to is Rank.OPERATOR
        for alarm in case.alarms
        if (alarm.about, alarm.due_at) == deadline.clock.key
    )


def _stands(case: Case) -> State:
    """A withdrawal that is asked leaves the clock as it was."""
    return case.resume_to.state if case.resume_to else case.state


def _warned(
    one: Clock, case: Case, calendar: Calendar, catalogue: Catalogue, now: datetime
) -> tuple[Warning, ...]:
    """As far ahead as the procedure says; its tasks like the dossier itself."""
    if one.task is None:
        return _of_dossier(case, calendar, catalogue, now)
    terms = Terms(calendar, one.task.limit.unit, is_task=True)
    warn = catalogue.procedure_version(case.procedure, case.version).warn
    return warnings_until(terms, one.task.queued_at or one.due_at, one.due_at, warn)


def _of_request(one: Clock, case: Case, catalogue: Catalogue, now: datetime) -> Iterator[Deadline]:
    """No office is late with what a citizen owes: reminders, and at its end the office that asked is told."""
    if case.request is not None:
        with suppress(OutsideCalendar):
            for level, at in reminders(case, case.request, catalogue, now):
                yield Deadline(one, Level(level), at)
    yield Deadline(one, Level.BREACH, breach_at(one.due_at))


def _of_new_date(one: Clock, case: Case, catalogue: Catalogue, now: datetime) -> Iterator[Deadline]:
    """Broken, it is nobody's to sort out first: the head and the city hear of it in the same moment."""
    with suppress(OutsideCalendar):
        for level, at in warned(case, one.due_at, catalogue, now):
            yield Deadline(one, Level(level), at)
    for level in (Level.BREACH, Level.CITY):
        yield Deadline(one, level, passes_at(case, one.due_at))


def _of_dossier(case: Case, calendar: Calendar, catalogue: Catalogue, now: datetime) -> tuple[Warning, ...]:
    """By the facts of its ledger where it has any; else from acceptance to the date as promised."""
    if case.ledger:
        reckoned = clock.reckoned(case, catalogue, now)
        return reckoned.warnings_at if reckoned else ()
    ledger = clock.ledger_of(case, catalogue)
    if ledger is None or case.current_due_at is None:
        return ()
    terms = Terms(calendar, ledger.limit.unit, cutoff=ledger.cutoff)
    return warnings_until(terms, ledger.accepted_at, case.current_due_at, ledger.warn)


def is_unassigned(task: Task) -> bool:
    """Nobody has begun it: it lies in a queue, or was given back to the Centre."""
    return task.state is not TaskState.STARTED
