"""A dossier as PostgreSQL keeps it, and back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import orjson

from services.intake.domain.dossier.checklist import DeclaredPaper, PaperToBring
from services.intake.domain.dossier.dossier import Dossier, OpenSupplementRequest
from shared.clock import to_city_time
from shared.states import State
from shared.worktime import CountedDays
from shared.worktime.jsonl.writing import line_from_json, line_to_json

COLUMNS = """id, root_id, code, state::text AS state, procedure, version, channel, subject_ref, link_ref,
    place, routing_facts, papers, wanted, delivery, filed_by, receiving_office, competent_office,
    submitted_at, answer_by, auto_accepted, accepted_at, promised_due_at, explanation, refused_at,
    refused_reason, refused_rule, asked, supplements, resume_to::text AS resume_to, stopped_at,
    stopped_reason"""

_INSTANTS = ("submitted_at", "answer_by", "accepted_at", "promised_due_at", "refused_at", "stopped_at")


def dossier_from_row(row: Mapping[str, Any]) -> Dossier:
    """The dossier of a row read with COLUMNS."""
    values = dict(row)
    for name in _INSTANTS:
        values[name] = to_city_time(values[name]) if values[name] else None
    values["state"] = State(values["state"])
    values["resume_to"] = State(values["resume_to"]) if values["resume_to"] else None
    values["asked"] = _open_request(values["asked"]) if values["asked"] else None
    values["papers"] = tuple(_declared_paper(stored) for stored in values["papers"])
    values["wanted"] = tuple(PaperToBring(tuple(any_of)) for any_of in values["wanted"])
    values["explanation"] = tuple(line_from_json(stored) for stored in values["explanation"])
    return Dossier(**values)


def json_text(value: Any) -> str:
    """A JSON column's value as text (a list of lists would be read as an array of two dimensions)."""
    return orjson.dumps(value).decode()


def papers_json_text(papers: tuple[DeclaredPaper, ...]) -> str:
    """The papers' references as kept."""
    return json_text(papers)


def explanation_json_text(lines: tuple[CountedDays, ...]) -> str:
    """An explanation as kept."""
    return json_text([line_to_json(line) for line in lines])


def _open_request(stored: Mapping[str, Any]) -> OpenSupplementRequest:
    instants = {
        name: to_city_time(datetime.fromisoformat(stored[name])) for name in ("asked_at", "answer_by")
    }
    return OpenSupplementRequest(**{**stored, **instants, "items": tuple(stored["items"])})


def _declared_paper(stored: Mapping[str, Any]) -> DeclaredPaper:
    days = {
        name: date.fromisoformat(stored[name]) if stored[name] else None
        for name in ("issued_on", "valid_until")
    }
    return DeclaredPaper(**{**stored, **days})
