"""Results and refusals as JSON objects. Instants are +07:00; `why` is Vietnamese, `why_en` English."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from shared.worktime.clock.read_clock import ClockReading
from shared.worktime.clock.window import FilingAdvice
from shared.worktime.errors import LedgerError
from shared.worktime.explanation.explanation_builder import CountedDays


def clock_to_json(found: ClockReading) -> dict[str, Any]:
    """The dates of a ledger."""
    late = found.late_by
    return {
        "starts_on": found.starts_on,
        "due_at": found.due_at,
        "state": found.state,
        "promised_due_at": found.promised_due_at,
        "due_if_answered_now": found.due_if_answered_now,
        "warnings_at": [{"level": one.level, "at": one.at} for one in found.warnings_at],
        "breach_at": found.breach_at,
        "city_at": found.city_at,
        "late_by": late and {"seconds": late.seconds, "working_days": late.working_days},
        "second_supplement": found.second_supplement,
        "explanation": [line_to_json(line) for line in found.explanation],
    }


def line_to_json(line: CountedDays) -> dict[str, Any]:
    """One line of an explanation; a whole number of units is written as one."""
    counts = int(line.counts) if line.counts == int(line.counts) else line.counts
    return {"from": line.from_, "to": line.to, "counts": counts, "why": line.why_vi, "why_en": line.why_en}


def line_from_json(kept: Mapping[str, Any]) -> CountedDays:
    """The line again, from its JSON."""
    first, last = date.fromisoformat(kept["from"]), date.fromisoformat(kept["to"])
    return CountedDays(first, last, kept["counts"], kept["why"], kept["why_en"])


def advice_to_json(found: FilingAdvice) -> dict[str, Any]:
    """The days of a window."""
    return {"from": found.from_, "to": found.to, "advice": found.advice}


def error_to_json(refused: LedgerError) -> dict[str, Any]:
    """Why a line has no result."""
    return {"code": refused.code, "message": refused.message, "field": refused.field}
