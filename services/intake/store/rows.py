"""A dossier as PostgreSQL keeps it, and back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import orjson

from services.intake.domain.checklist import DeclaredPaper, Wanted
from services.intake.domain.dossier import Dossier, PapersAsked
from services.intake.domain.state import State
from shared.clock import in_city
from shared.worktime import Line
from shared.worktime.jsonl.writing import line_object, line_of

COLUMNS = """id, root_id, code, state::text AS state, procedure, version, channel, subject_ref, link_ref,
    place, routing_facts, papers, wanted, delivery, filed_by, receiving_office, competent_office,
    submitted_at, answer_by, auto_accepted, accepted_at, promised_due_at, explanation, refused_at,
    refused_reason, refused_rule, asked, supplements, resume_to::text AS resume_to, stopped_at,
    stopped_reason"""

_INSTANTS = ("submitted_at", "answer_by", "accepted_at", "promised_due_at", "refused_at", "stopped_at")


def from_row(row: Mapping[str, Any]) -> Dossier:
    """The dossier of a row read with COLUMNS."""
    values = dict(row)
    for name in _INSTANTS:
        values[name] = in_city(values[name]) if values[name] else None
    values["state"] = State(values["state"])
    values["resume_to"] = State(values["resume_to"]) if values["resume_to"] else None
    values["asked"] = _asked(values["asked"]) if values["asked"] else None
    values["papers"] = tuple(_paper(kept) for kept in values["papers"])
    values["wanted"] = tuple(Wanted(tuple(any_of)) for any_of in values["wanted"])
    values["explanation"] = tuple(line_of(kept) for kept in values["explanation"])
    return Dossier(**values)


def as_text(value: Any) -> str:
    """A JSON column's value as text (a list of lists would be read as an array of two dimensions)."""
    return orjson.dumps(value).decode()


def papers_text(papers: tuple[DeclaredPaper, ...]) -> str:
    """The papers' references as kept."""
    return as_text(papers)


def explanation_text(lines: tuple[Line, ...]) -> str:
    """An explanation as kept."""
    return as_text([line_object(line) for line in lines])


def _asked(kept: Mapping[str, Any]) -> PapersAsked:
    instants = {name: in_city(datetime.fromisoformat(kept[name])) for name in ("asked_at", "answer_by")}
    return PapersAsked(**{**kept, **instants, "items": tuple(kept["items"])})


def _paper(kept: Mapping[str, Any]) -> DeclaredPaper:
    days = {
        name: date.fromisoformat(kept[name]) if kept[name] else None for name in ("issued_on", "valid_until")
    }
    return DeclaredPaper(**{**kept, **days})
