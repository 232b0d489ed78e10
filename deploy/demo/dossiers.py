"""Dossiers for the city day: the samples, and a few hundred generated from a seed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import yaml

from deploy.demo.agencies.hours import CITY, SLOTS, is_worked
from deploy.demo.dossiers_people import contact_of, person
from deploy.demo.dossiers_procedures import KINDS, Kind
from deploy.local.counters import ward_codes
from deploy.local.parties import ORGANISATION

FIRST_DAY = date(2026, 1, 14)
WORKING_DAYS = 15
SAMPLES = Path(__file__).with_name("dossiers-sample.jsonl")
_EVENING = (time(17), time(19), time(21))


@dataclass(frozen=True)
class Filing:
    """A submission to send. `at`: city time; `key`: idempotency key; `expect`: of a sample."""

    at: datetime
    key: str
    body: dict[str, Any]
    expect: dict[str, Any]
    is_sample: bool = False

    @property
    def procedure(self) -> str:
        return self.body["procedure"]


def samples() -> list[Filing]:
    """All samples in order, each with its expected outcome."""
    return [_sample(json.loads(line)) for line in SAMPLES.read_text("utf-8").splitlines() if line.strip()]


def in_order(filing: Filing) -> bool:
    """Whether a sample has no invalid field."""
    return filing.expect["outcome"] == "accepted"


def is_taken(filing: Filing) -> bool:
    """Whether intake takes the submission, possibly after a confirmation or with papers missing."""
    return filing.expect["outcome"] != "field_error"


def generate(seed: int, count: int = 300) -> list[Filing]:
    """Generate `count` dossiers over three working weeks. The same seed gives the same dossiers."""
    random = Random(seed)  # noqa: S311 - made-up data, no secret
    filings = [_generate_one(random, number) for number in range(1, count + 1)]
    return sorted(filings, key=lambda filing: (filing.at, filing.key))


@cache
def project_owners() -> dict[str, str]:
    """By project: the party that files for it."""
    parties = yaml.safe_load(ORGANISATION.read_text("utf-8"))["parties"]
    return {project: name for name, row in parties.items() for project in row.get("projects", ())}


@cache
def days() -> tuple[date, ...]:
    """All days from the first to the last working day, with the weekends."""
    all_days, day = [FIRST_DAY], FIRST_DAY
    while sum(map(is_worked, all_days)) < WORKING_DAYS:
        day += timedelta(days=1)
        all_days.append(day)
    return tuple(all_days)


def _sample(line: dict[str, Any]) -> Filing:
    at, key = datetime.fromisoformat(line.pop("submitted_at")), line.pop("submission_id")
    return Filing(at, key, line, line.pop("expect"), is_sample=True)


def _generate_one(random: Random, number: int) -> Filing:
    kind = random.choices(KINDS, [kind.weight for kind in KINDS])[0]
    channel = random.choices(list(kind.channels), list(kind.channels.values()))[0]
    at = _filing_time(random, channel)
    body = _body(random, kind, channel, at.date())
    body |= {"applicant": person(random).as_json()}
    body |= {"contact": contact_of(random, number, at_home=channel == "home")}
    return Filing(at, _uuid7(random, at), body, {"outcome": "accepted"})


def _body(random: Random, kind: Kind, channel: str, today: date) -> dict[str, Any]:
    content = kind.make(random, ward_codes(), today)
    papers = [_with_file(random, paper, channel) for paper in content.papers]
    visit = {"badge": f"{random.randrange(1, 60):04}", "offline": False}
    return {
        "procedure": kind.procedure,
        "channel": channel,
        "place": content.place,
        "filed_by": "officer" if channel == "home" else content.filed_by,
        "facts": content.facts,
        "papers": papers,
        "delivery": "home" if channel == "home" else random.choice(kind.delivery),
    } | ({"visit": visit} if channel == "home" else {})


def _filing_time(random: Random, channel: str) -> datetime:
    """A random time of filing: in office hours at counters and by post, at any day online."""
    if channel in ("counter", "post", "home"):
        worked_days = [day for day in days() if is_worked(day)]
        return datetime.combine(random.choice(worked_days), random.choice(SLOTS[1:]), CITY)
    day = random.choices(days(), [6 if is_worked(day) else 1 for day in days()])[0]
    evening = random.random() < 0.3 and day != days()[-1]
    return datetime.combine(day, random.choice(_EVENING if evening else SLOTS), CITY)


def _with_file(random: Random, paper: dict[str, Any], channel: str) -> dict[str, Any]:
    """Return the paper with a file, or as handed over on paper."""
    if channel in ("counter", "post"):
        return paper | {"file": "paper"}
    return paper | {"file": f"{paper['type'].lower()}.pdf", "bytes": random.randrange(60, 4000) * 1024}


def _uuid7(random: Random, at: datetime) -> str:
    millis = int(at.timestamp() * 1000)
    value = (
        (millis << 80) | (0x7 << 76) | (random.getrandbits(12) << 64) | (0b10 << 62) | random.getrandbits(62)
    )
    return str(UUID(int=value))
