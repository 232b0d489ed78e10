"""The clock: a pure function from a ledger and a calendar to dates with their explanation."""

from dataclasses import dataclass
from datetime import date, datetime

from shared.clock import to_city_second
from shared.counted_days import CountedDays
from shared.worktime.clock.lateness import Lateness, breach_at, city_escalation_at, lateness
from shared.worktime.clock.paper import paper_valid_until
from shared.worktime.clock.promise import starts_on
from shared.worktime.clock.warnings import DeadlineWarning, warnings
from shared.worktime.course.course import ClockCourse
from shared.worktime.course.running_period import CountingRule, start_period, whole_limit
from shared.worktime.explanation.explanation import explain, explain_paper
from shared.worktime.ledger.history import History, ordered_history
from shared.worktime.ledger.ledger import ClockKind, Ledger
from shared.worktime.ledger.thresholds import WarningThresholds

RUNNING, PAUSED, STOPPED = "running", "paused", "stopped"


@dataclass(frozen=True, slots=True)
class ClockReading:
    """The dates of a ledger at one instant. None while the clock is paused or after its end."""

    starts_on: date
    due_at: datetime | None
    state: str
    promised_due_at: datetime
    due_if_answered_now: datetime | None
    warnings_at: tuple[DeadlineWarning, ...]
    breach_at: datetime | None
    city_at: datetime | None
    late_by: Lateness | None
    second_supplement: bool
    explanation: tuple[CountedDays, ...]


def read_clock(ledger: Ledger, now: datetime) -> ClockReading:
    """Read a ledger at this instant, by the calendar published then (by its end, for an ended clock).

    Raises LedgerError for impossible events, OutsideCalendarError if a date leaves the covered years.
    """
    if ledger.kind is ClockKind.PAPER:
        return _paper(ledger)
    now = to_city_second(now)
    past = ordered_history(ledger, now)
    course = ClockCourse(
        _counting_rule(ledger, past, past.ended_at or now),
        ledger.accepted_at,
        whole_limit(ledger.limit),
        past.acts,
    )
    promised = start_period(
        _counting_rule(ledger, past, ledger.accepted_at), ledger.accepted_at, whole_limit(ledger.limit)
    ).due_at
    if past.ended_at is not None:
        return _stopped(course, past, past.ended_at, promised)
    if past.is_paused:
        return _paused(course, past, now, promised)
    return _running(course, past, promised, ledger.thresholds)


def _counting_rule(ledger: Ledger, past: History, known_at: datetime) -> CountingRule:
    calendar = ledger.calendar.known_at(known_at, past.announced)
    return CountingRule(
        calendar, ledger.limit.unit, ledger.kind is ClockKind.TASK, ledger.cutoff, ledger.cap_at
    )


def _running(
    course: ClockCourse, past: History, promised: datetime, thresholds: WarningThresholds
) -> ClockReading:
    due_at = course.running_period.due_at
    return ClockReading(
        starts_on=starts_on(course),
        due_at=due_at,
        state=RUNNING,
        promised_due_at=promised,
        due_if_answered_now=None,
        warnings_at=warnings(course, thresholds),
        breach_at=breach_at(due_at),
        city_at=city_escalation_at(course.rule.calendar, due_at),
        late_by=None,
        second_supplement=past.has_second_supplement,
        explanation=explain(course, due_at, due_at.date()),
    )


def _paused(course: ClockCourse, past: History, now: datetime, promised: datetime) -> ClockReading:
    """A paused clock has no due date, unless the pause came too late to change it."""
    due_at = None if course.open_pause else course.running_period.due_at
    return ClockReading(
        starts_on=starts_on(course),
        due_at=due_at,
        state=PAUSED,
        promised_due_at=promised,
        due_if_answered_now=course.due_if_answered_at(now),
        warnings_at=(),
        breach_at=breach_at(due_at) if due_at else None,
        city_at=city_escalation_at(course.rule.calendar, due_at) if due_at else None,
        late_by=None,
        second_supplement=past.has_second_supplement,
        explanation=explain(course, due_at, (due_at or now).date()),
    )


def _stopped(course: ClockCourse, past: History, ended_at: datetime, promised: datetime) -> ClockReading:
    """An ended clock keeps its last due date and its lateness."""
    due_at = course.running_period.due_at
    lateness_at_end = lateness(course.rule.calendar, due_at, ended_at)
    return ClockReading(
        starts_on=starts_on(course),
        due_at=due_at,
        state=STOPPED,
        promised_due_at=promised,
        due_if_answered_now=None,
        warnings_at=(),
        breach_at=breach_at(due_at) if lateness_at_end else None,
        city_at=None,
        late_by=lateness_at_end,
        second_supplement=past.has_second_supplement,
        explanation=explain(course, due_at, due_at.date(), ended_at),
    )


def _paper(ledger: Ledger) -> ClockReading:
    """A paper's clock counts calendar months, without sessions, warnings and escalation."""
    issued_on = ledger.accepted_at.date()
    until = paper_valid_until(issued_on, ledger.limit)
    return ClockReading(
        starts_on=issued_on,
        due_at=until,
        state=RUNNING,
        promised_due_at=until,
        due_if_answered_now=None,
        warnings_at=(),
        breach_at=breach_at(until),
        city_at=None,
        late_by=None,
        second_supplement=False,
        explanation=explain_paper(issued_on, until, ledger.limit),
    )
