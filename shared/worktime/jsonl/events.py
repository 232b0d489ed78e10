"""The events of a ledger, each checked by itself; whether they fit together is the history's to say."""

from datetime import date, datetime
from typing import Any

from shared.worktime.jsonl.fields import Fields
from shared.worktime.ledger import Event, Fact
from shared.worktime.publications import DatedCalendar
from shared.worktime.refused import Why


def read_events(fields: Fields, calendar: DatedCalendar) -> tuple[Event, ...]:
    """The events in the order of the list; none if there is no list."""
    if fields.optional("events") is None:
        return ()
    return tuple(_event(fields, place, raw, calendar) for place, raw in enumerate(fields.array("events")))


def _event(ledger: Fields, place: int, raw: Any, calendar: DatedCalendar) -> Event:
    if not isinstance(raw, dict):
        ledger.refuse(Why.BAD_FIELD, f"events[{place}]", "an event is an object")
    fields = Fields(raw, f"events[{place}].")
    fact = fields.one_of("type", Fact)
    at = fields.instant("at", calendar)
    match fact:
        case Fact.EXTENDED:
            return Event(fact, at, working_days=int(fields.number("working_days", 1, 1000, 1)))
        case Fact.CALENDAR_PUBLISHED:
            off = _dates(fields, "off", (), at, calendar)
            return Event(fact, at, off=off, worked=_dates(fields, "worked", off, at, calendar))
        case _:
            return Event(fact, at)


def _dates(
    fields: Fields, name: str, before: tuple[date, ...], at: datetime, calendar: DatedCalendar
) -> tuple[date, ...]:
    """Dates after the day of publication, none of them twice in the event."""
    days: list[date] = []
    for raw in fields.array(name):
        day = fields.as_day(name, raw, calendar)
        if day <= at.date():
            fields.refuse(Why.CALENDAR_IN_PAST, name, f"{day} is not after the day of publication")
        if day in days or day in before:
            fields.refuse(Why.BAD_FIELD, name, f"{day} stands there twice")
        days.append(day)
    return tuple(days)
