"""Results and errors as JSON objects. Instants have +07:00; `why` is Vietnamese, `why_en` English."""

from typing import Any

from shared.counted_days import CountedDays
from shared.worktime.clock.read_clock import ClockReading
from shared.worktime.clock.window import FilingAdvice
from shared.worktime.errors import LedgerError


def clock_to_json(reading: ClockReading) -> dict[str, Any]:
    """A clock reading as JSON."""
    lateness = reading.late_by
    return {
        "starts_on": reading.starts_on,
        "due_at": reading.due_at,
        "state": reading.state,
        "promised_due_at": reading.promised_due_at,
        "due_if_answered_now": reading.due_if_answered_now,
        "warnings_at": [{"level": warning.level, "at": warning.at} for warning in reading.warnings_at],
        "breach_at": reading.breach_at,
        "city_at": reading.city_at,
        "late_by": lateness and {"seconds": lateness.seconds, "working_days": lateness.working_days},
        "second_supplement": reading.second_supplement,
        "explanation": [line_to_json(line) for line in reading.explanation],
    }


def line_to_json(line: CountedDays) -> dict[str, Any]:
    """One line of an explanation as JSON; a whole number of units has no decimal point."""
    counts = int(line.counts) if line.counts == int(line.counts) else line.counts
    return {"from": line.from_, "to": line.to, "counts": counts, "why": line.why_vi, "why_en": line.why_en}


def advice_to_json(advice: FilingAdvice) -> dict[str, Any]:
    """Filing advice as JSON."""
    return {"from": advice.from_, "to": advice.to, "advice": advice.advice}


def error_to_json(error: LedgerError) -> dict[str, Any]:
    """An error as JSON."""
    return {"code": error.code, "message": error.message, "field": error.field}
