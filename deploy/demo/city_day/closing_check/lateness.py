"""Working minutes of offices and citizens add up to the whole, which is counted independently."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import orjson

from deploy.demo.city_day.city import City
from deploy.demo.city_day.closing_check.finding import Finding
from shared.catalogue import Catalogue
from shared.clock import to_city_time
from shared.worktime import Calendar
from shared.worktime.calendar.calendar import instant_at

CaseAnswer = Mapping[str, Any]
"""A dossier as returned by `GET /v1/cases/{code}` of routing."""

ACCEPTED = "SELECT code FROM routing.cases WHERE accepted_at IS NOT NULL AND kind = 'statutory' ORDER BY code"


async def minutes_add_up(city: City) -> Finding:
    """Check the minutes of each accepted dossier: its time, its late time, and those in its apology."""
    catalogue, now = await _catalogue(city.sql), await city.now()
    codes = [row["code"] for row in await city.sql.fetch(ACCEPTED)]
    url, key = f"{city.stack.routing_url}/v1/cases", city.stack.operator_api_key
    cases: list[CaseAnswer] = await asyncio.gather(*(city.get(f"{url}/{code}", key) for code in codes))
    errors = [f"{case['code']}: {error}" for case in cases for error in minute_errors(case, catalogue, now)]
    late: Counter[str] = Counter()
    for case in cases:
        for share in case["late"]:
            late[share["office"] or share["whose"]] += share["minutes"]
    total = sum(share["minutes"] for case in cases for share in case["time"])
    line = f"{total} working minutes of {len(cases)} dossiers add up, and so do {late.total()} late ones"
    return Finding(
        line, errors, [f"late: {minutes} minutes with {owner}" for owner, minutes in late.most_common(5)]
    )


def minute_errors(case: CaseAnswer, catalogue: Catalogue, now: datetime) -> Iterator[str]:
    """The sums that are wrong for one dossier, by the receiving office's calendar as known now."""
    calendar = catalogue.calendar(catalogue.office(case["receiving_office"]).calendar, now)
    accepted, due, done = (_instant(case[name]) for name in ("accepted_at", "current_due_at", "completed_at"))
    end = done or now
    if accepted is not None:
        yield from _sum_error("its time", case["time"], count_minutes(calendar, accepted, end))
    yield from _sum_error("its late time", case["late"], count_minutes(calendar, due, end) if due else 0)
    apology = case["apology"]
    if apology and apology["signed_at"]:
        was_due, signed = (_instant(apology[name]) for name in ("was_due_at", "signed_at"))
        late = count_minutes(calendar, was_due, signed) if was_due and signed else 0
        if apology["late_minutes"] != late:
            yield f"its apology says {apology['late_minutes']} minutes late, and it was {late}"


def count_minutes(calendar: Calendar, start: datetime, end: datetime) -> int:
    """The whole working minutes of a span, counted day by day; 0 if it ends before it begins."""
    seconds, day = 0.0, to_city_time(start).date()
    while day <= to_city_time(end).date():
        for opens, closes in calendar.sessions(day):
            overlap = min(instant_at(day, closes), end) - max(instant_at(day, opens), start)
            seconds += max(overlap, timedelta()).total_seconds()
        day += timedelta(days=1)
    return int(seconds) // 60


def _sum_error(label: str, shares: Sequence[Mapping[str, Any]], minutes: int) -> Iterator[str]:
    sum_of_shares = sum(share["minutes"] for share in shares)
    if sum_of_shares != minutes:
        yield f"{label} is {minutes} minutes, and its parts are {sum_of_shares}"


async def _catalogue(sql: asyncpg.Connection) -> Catalogue:
    """The catalogue as stored now, with all calendars published during the simulation."""
    rows = await sql.fetch("SELECT item, content FROM routing.catalogue_items")
    return Catalogue.from_items({row["item"]: orjson.loads(row["content"]) for row in rows})


def _instant(text: str | None) -> datetime | None:
    return to_city_time(datetime.fromisoformat(text)) if text else None
