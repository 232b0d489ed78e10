"""The dossier's clock: builds a ledger from a case and reads it with `shared.worktime`."""

from dataclasses import replace
from datetime import datetime

from services.routing.domain.case.case import Case
from services.routing.domain.case.rules import Rules
from shared.worktime import (
    ClockEvent,
    ClockEventType,
    ClockKind,
    ClockReading,
    Ledger,
    OutsideCalendarError,
    open_pause,
    read_clock,
)

FOR_THE_CITIZEN = frozenset({ClockEventType.SUPPLEMENT_REQUESTED, ClockEventType.PAYMENT_REQUESTED})
"""Events that pause the clock of a dossier and its tasks until the citizen answers."""


def start_ledger(case: Case, rules: Rules) -> Ledger | None:
    """The ledger of the dossier's clock; None before acceptance and for a procedure without a limit."""
    procedure = rules.procedure_of(case)
    limit = procedure.total
    if limit is None or case.accepted_at is None:
        return None
    office = rules.catalogue.office(case.receiving_office)
    return Ledger(
        kind=ClockKind.DOSSIER,
        calendar=rules.catalogue.dated_calendar(office.calendar),
        limit=limit,
        accepted_at=_starts_at(case, case.accepted_at, rules),
        cutoff=office.cutoff,
        events=case.ledger,
        thresholds=procedure.thresholds,
    )


def clock_at(case: Case, rules: Rules) -> ClockReading | None:
    """The clock read at `now`; None without a clock, or where its date lies outside the calendar."""
    ledger = start_ledger(case, rules)
    if ledger is None:
        return None
    return _reading_or_none(ledger, rules.now)


def paused_since(case: Case) -> datetime | None:
    """When the clock was paused for the citizen; None while it is not."""
    pause = open_pause(case.ledger)
    if pause is None or pause.fact not in FOR_THE_CITIZEN:
        return None
    return pause.at


def latest_due_at(case: Case, rules: Rules) -> datetime | None:
    """The cap of task due dates: the date in force, or in a pause the one an answer now would give."""
    if case.current_due_at is not None or paused_since(case) is None:
        return case.current_due_at
    reading = clock_at(case, rules)
    return reading.due_if_answered_now if reading else None


def with_clock_event(case: Case, event: ClockEvent, rules: Rules) -> Case:
    """Return the case with an event added to its ledger and its dates computed again."""
    return with_computed_date(case.with_event(event), rules)


def with_computed_date(case: Case, rules: Rules) -> Case:
    """Return the case with due date and explanation from its ledger; unchanged with an empty ledger."""
    if not case.ledger:
        return case
    return clock_by_calendar(case, rules)


def clock_by_calendar(case: Case, rules: Rules) -> Case:
    """Return the case dated by the calendar known at `now`; an ended case by the one known at its end."""
    ledger = start_ledger(case, rules)
    if ledger is None:
        return case
    reading = _reading_or_none(ledger, rules.now)
    if reading is None:
        return replace(case, current_due_at=None, explanation=())
    return replace(case, current_due_at=reading.due_at, explanation=reading.explanation)


def supplement_count(case: Case) -> int:
    """How many supplements were requested, including those before acceptance, which no ledger has."""
    after = sum(event.fact is ClockEventType.SUPPLEMENT_REQUESTED for event in case.ledger)
    return case.supplements_at_door + after


def _reading_or_none(ledger: Ledger, now: datetime) -> ClockReading | None:
    try:
        return read_clock(ledger, now)
    except OutsideCalendarError:
        return None


def _starts_at(case: Case, accepted_at: datetime, rules: Rules) -> datetime:
    procedure = rules.procedure_of(case)
    return procedure.clock_start(case.submitted_at, accepted_at)
