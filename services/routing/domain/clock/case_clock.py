"""From a case to its dates: the stored facts become a ledger, and `shared.worktime` reckons."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.routing.domain.case.case import Case
from services.routing.domain.case.replacing import replace
from shared.catalogue import Catalogue
from shared.worktime import (
    ClockEvent,
    ClockEventType,
    ClockKind,
    ClockReading,
    CountedDays,
    Ledger,
    OutsideCalendarError,
    open_pause,
    read_clock,
)

FOR_THE_CITIZEN = frozenset({ClockEventType.SUPPLEMENT_REQUESTED, ClockEventType.PAYMENT_REQUESTED})
"""What a dossier and its offices wait for. What ends each, the clock knows."""


def start_ledger(case: Case, catalogue: Catalogue) -> Ledger | None:
    """The dossier's clock as intake's promise started it; None where no law sets a limit or none runs yet."""
    procedure = catalogue.procedure_version(case.procedure, case.version)
    limit = procedure.total
    if limit is None or case.accepted_at is None:
        return None
    office = catalogue.office(case.receiving_office)
    return Ledger(
        kind=ClockKind.DOSSIER,
        calendar=catalogue.dated_calendar(office.calendar),
        limit=limit,
        accepted_at=_starts_at(case, case.accepted_at, catalogue),
        cutoff=office.cutoff,
        events=case.ledger,
        thresholds=procedure.thresholds,
    )


def clock_at(case: Case, catalogue: Catalogue, now: datetime) -> ClockReading | None:
    """The clock as of this instant; None where there is none, or where its date leaves the known calendar."""
    ledger = start_ledger(case, catalogue)
    return _reading_or_none(ledger, now) if ledger else None


def paused_since(case: Case) -> datetime | None:
    """Since when its clock stands for its citizen; None: it does not."""
    pause = open_pause(case.ledger)
    return pause.at if pause and pause.fact in FOR_THE_CITIZEN else None


def latest_due_at(case: Case, catalogue: Catalogue, now: datetime) -> datetime | None:
    """What no step is to outlast: the date in force; in a pause the one that an answer now would give."""
    if case.current_due_at is not None or paused_since(case) is None:
        return case.current_due_at
    reading = clock_at(case, catalogue, now)
    return reading.due_if_answered_now if reading else None


def with_clock_event(case: Case, event: ClockEvent, catalogue: Catalogue, now: datetime) -> Case:
    """The case with one fact more in its ledger, and the dates that follow from all of them."""
    return with_computed_date(replace(case, ledger=(*case.ledger, event)), catalogue, now)


def with_computed_date(case: Case, catalogue: Catalogue, now: datetime) -> Case:
    """The case with the date its ledger gives now, and why. Without facts the promise stands as told."""
    return clock_by_calendar(case, catalogue, now) if case.ledger else case


def clock_by_calendar(case: Case, catalogue: Catalogue, now: datetime) -> Case:
    """The case by the calendar as known now, ended ones as known at their end. Without a clock, as it is."""
    ledger = start_ledger(case, catalogue)
    if ledger is None:
        return case
    reading = _reading_or_none(ledger, now)
    if reading is None:
        return replace(case, current_due_at=None, explanation=())
    lines = tuple(_explanation_line(line) for line in reading.explanation)
    return replace(case, current_due_at=reading.due_at, explanation=lines)


def supplement_count(case: Case) -> int:
    """How many supplements were asked for: those before acceptance, which stand in no ledger, count too."""
    after = sum(event.fact is ClockEventType.SUPPLEMENT_REQUESTED for event in case.ledger)
    return case.supplements_at_door + after


def _reading_or_none(ledger: Ledger, now: datetime) -> ClockReading | None:
    try:
        return read_clock(ledger, now)
    except OutsideCalendarError:
        return None


def _starts_at(case: Case, accepted_at: datetime, catalogue: Catalogue) -> datetime:
    procedure = catalogue.procedure_version(case.procedure, case.version)
    return procedure.clock_start(case.submitted_at, accepted_at)


def _explanation_line(line: CountedDays) -> Mapping[str, Any]:
    dates = {"from": line.from_.isoformat(), "to": line.to.isoformat()}
    return {**dates, "counts": float(line.counts), "why": line.why_vi, "why_en": line.why_en}
