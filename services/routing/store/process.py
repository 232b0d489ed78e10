"""A case's process as JSON: where a withdrawal leads back, what is asked, the facts of the clock."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter

from services.routing.domain.open_request import Asked, OpenRequest, StopAsked
from services.routing.domain.standing import Stage, Standing, State
from services.routing.domain.unplaced import Unplaced
from shared.clock import in_city
from shared.events.apology import Apology
from shared.worktime import Event, Fact

Json = Mapping[str, Any]


def standing_json(standing: Standing | None) -> dict[str, Any] | None:
    """A place to go back to."""
    return {"state": standing.state.value, "stage": standing.stage} if standing else None


def standing_of(kept: Json | None) -> Standing | None:
    """The same, read."""
    if kept is None:
        return None
    return Standing(State(kept["state"]), Stage(kept["stage"]) if kept["stage"] else None)


def ledger_json(events: Sequence[Event]) -> list[dict[str, Any]]:
    """The facts of a clock in the order of their recording."""
    return [_event_json(event) for event in events]


def ledger_of(kept: Sequence[Json]) -> tuple[Event, ...]:
    """The same, read."""
    return tuple(
        Event(
            Fact(one["fact"]),
            _at(one["at"]),
            one.get("working_days", 0),
            tuple(date.fromisoformat(day) for day in one.get("off", ())),
            tuple(date.fromisoformat(day) for day in one.get("worked", ())),
        )
        for one in kept
    )


def request_json(request: OpenRequest | None) -> dict[str, Any] | None:
    """What is asked of the citizen."""
    if request is None:
        return None
    return {
        "kind": request.kind.value,
        "office": request.office,
        "asked_at": request.asked_at.isoformat(),
        "answer_by": request.answer_by.isoformat(),
        "nth": request.nth,
        "items": list(request.items),
        "amount": request.amount,
        "basis": request.basis,
        "approved_by": request.approved_by,
    }


def request_of(kept: Json | None) -> OpenRequest | None:
    """The same, read."""
    if kept is None:
        return None
    return OpenRequest(
        **{
            **kept,
            "kind": Asked(kept["kind"]),
            "asked_at": _at(kept["asked_at"]),
            "answer_by": _at(kept["answer_by"]),
            "items": tuple(kept["items"]),
        }
    )


def stop_json(asked: StopAsked | None) -> dict[str, Any] | None:
    """A stop that waits for its second person."""
    if asked is None:
        return None
    at = asked.asked_at.isoformat()
    return {"office": asked.office, "by": asked.by, "reason": asked.reason, "asked_at": at}


def stop_of(kept: Json | None) -> StopAsked | None:
    """The same, read."""
    return StopAsked(kept["office"], kept["by"], kept["reason"], _at(kept["asked_at"])) if kept else None


def unplaced_json(missing: Unplaced | None) -> dict[str, Any] | None:
    """The office that an accepted dossier waits for."""
    return asdict(missing) | {"since": missing.since.isoformat()} if missing else None


def unplaced_of(kept: Json | None) -> Unplaced | None:
    """The same, read."""
    return Unplaced(**{**kept, "since": _at(kept["since"])}) if kept else None


NEW_DATE = """CASE WHEN c.apology ->> 'signed_at' IS NOT NULL
                THEN (c.apology ->> 'new_due_at')::timestamptz END"""
"""The one new date of a case `c`, once it is signed."""

APOLOGY = TypeAdapter(Apology | None)
"""Reads the column `apology`; writing needs no mapper, the JSON codec of the pool writes dataclasses."""


def _event_json(event: Event) -> dict[str, Any]:
    kept: dict[str, Any] = {"fact": event.fact.value, "at": event.at.isoformat()}
    if event.working_days:
        kept["working_days"] = event.working_days
    for name, days in (("off", event.off), ("worked", event.worked)):
        if days:
            kept[name] = [day.isoformat() for day in days]
    return kept


def _at(text: str) -> datetime:
    return in_city(datetime.fromisoformat(text))
