"""No message has a wrong date: each date in a message is a date of its own dossier."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from deploy.demo.city_day.closing_check.finding import Finding
from deploy.demo.city_day.closing_check.messages import dossier_of_message
from deploy.demo.city_day.closing_check.topics import Record
from deploy.demo.city_day.filing import Filed
from shared.clock import to_city_time

DATE_IN_TEXT = re.compile(r"(?<![\d/.-])(\d{1,2})/(\d{1,2})(?:/(\d{4}))?(?![\d/])")
"""A date in a message: 25/11/2026 or 25/11."""
DATE_IN_RECORD = re.compile(rb'"(\d{4}-\d{2}-\d{2}(?:T[0-9:.]+(?:Z|[+-]\d{2}:\d{2}))?)"')
"""A day or an instant in a record."""
DOSSIERS = ("dossier.events", "case.updates")

Day = tuple[int, int]


def nothing_untrue(
    records: Iterable[Record],
    filed: Iterable[Filed],
    links: Mapping[str, str],
    arrived: Sequence[Mapping[str, Any]],
) -> Finding:
    """Check the dates of all messages. `links`: codes by reference; `arrived`: the received messages."""
    dates, contacts = (
        _days_by_code(records),
        {dossier.code: dossier.filing.body["contact"] for dossier in filed},
    )
    days = [
        (code, day)
        for message in arrived
        if (code := dossier_of_message(message, links, contacts))
        for day in days_in_text(message["text"])
    ]
    errors = [
        f"{code}: told of {day}/{month}, which is no date of this dossier"
        for code, (day, month) in days
        if (day, month) not in dates[code]
    ]
    return Finding(f"{len(days)} dates in texts and letters, each one of its own dossier", errors)


def days_in_text(text: str) -> Iterator[Day]:
    """The days written in a text. A fraction that is no valid day is ignored."""
    for day, month, year in DATE_IN_TEXT.findall(text):
        try:
            date(int(year or 2024), int(month), int(day))
        except ValueError:
            continue
        yield int(day), int(month)


def days_in_record(value: bytes) -> Iterator[Day]:
    """The days in a record, in the city's time zone."""
    for match in DATE_IN_RECORD.findall(value):
        text = match.decode()
        at = to_city_time(datetime.fromisoformat(text)).date() if "T" in text else date.fromisoformat(text)
        yield at.day, at.month


def _days_by_code(records: Iterable[Record]) -> defaultdict[str, set[Day]]:
    """All days in the records about each dossier, by code."""
    days: defaultdict[str, set[Day]] = defaultdict(set)
    for record in records:
        if record.topic.endswith(DOSSIERS):
            days[record.data["code"]].update(days_in_record(record.value))
    return days
