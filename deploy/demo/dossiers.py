"""Dossiers for a city day: the samples that are in order, and a few hundred made up from a seed."""

from __future__ import annotations

import csv
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
from deploy.local.home import CHECKOUT
from deploy.local.parties import ORGANISATION

FIRST_DAY = date(2026, 1, 14)
WORKING_DAYS = 15
SAMPLES = Path(__file__).with_name("dossiers-sample.jsonl")
WARDS = CHECKOUT / "deploy" / "catalogue" / "wards.csv"
_EVENING = (time(17), time(19), time(21))


@dataclass(frozen=True)
class Filing:
    """One dossier about to be filed: when, under which key, and the body itself."""

    at: datetime
    key: str
    body: dict[str, Any]
    expect: dict[str, Any]
    is_sample: bool = False

    @property
    def procedure(self) -> str:
        return self.body["procedure"]


def samples() -> list[Filing]:
    """All sixty samples, in their order, each with what it expects."""
    return [_sample(json.loads(line)) for line in SAMPLES.read_text("utf-8").splitlines() if line.strip()]


def in_order(filing: Filing) -> bool:
    """Whether a sample holds no mistake."""
    return filing.expect["outcome"] == "accepted"


def is_taken(filing: Filing) -> bool:
    """Whether the door takes it, be it after a question or with papers still to come."""
    return filing.expect["outcome"] != "field_error"


def generate(seed: int, count: int = 300) -> list[Filing]:
    """So many dossiers over three working weeks; the same seed gives the same ones."""
    chance = Random(seed)  # noqa: S311 - a story, not a secret
    made = [_one(chance, number) for number in range(1, count + 1)]
    return sorted(made, key=lambda filing: (filing.at, filing.key))


@cache
def wards() -> tuple[str, ...]:
    """The codes of the 126 wards and communes."""
    lines = [line for line in WARDS.read_text("utf-8").splitlines() if not line.startswith("#")]
    return tuple(row["code"] for row in csv.DictReader(lines))


@cache
def project_owners() -> dict[str, str]:
    """Which party files and works for which project."""
    parties = yaml.safe_load(ORGANISATION.read_text("utf-8"))["parties"]
    return {project: name for name, row in parties.items() for project in row.get("projects", ())}


@cache
def days() -> tuple[date, ...]:
    """Every day from the first to the last working one, weekends between them too."""
    span, day = [FIRST_DAY], FIRST_DAY
    while sum(map(is_worked, span)) < WORKING_DAYS:
        day += timedelta(days=1)
        span.append(day)
    return tuple(span)


def _sample(line: dict[str, Any]) -> Filing:
    at, key = datetime.fromisoformat(line.pop("submitted_at")), line.pop("submission_id")
    return Filing(at, key, line, line.pop("expect"), is_sample=True)


def _one(chance: Random, number: int) -> Filing:
    kind = chance.choices(KINDS, [kind.weight for kind in KINDS])[0]
    channel = chance.choices(list(kind.channels), list(kind.channels.values()))[0]
    at = _moment(chance, channel)
    body = _body(chance, kind, channel, at.date())
    body |= {"applicant": person(chance).as_json()}
    body |= {"contact": contact_of(chance, number, at_home=channel == "home")}
    return Filing(at, _uuid7(chance, at), body, {"outcome": "accepted"})


def _body(chance: Random, kind: Kind, channel: str, today: date) -> dict[str, Any]:
    made = kind.make(chance, wards(), today)
    papers = [_on_file(chance, paper, channel) for paper in made.papers]
    visit = {"badge": f"{chance.randrange(1, 60):04}", "offline": False}
    return {
        "procedure": kind.procedure,
        "channel": channel,
        "place": made.place,
        "filed_by": "officer" if channel == "home" else made.filed_by,
        "facts": made.facts,
        "papers": papers,
        "delivery": "home" if channel == "home" else chance.choice(kind.delivery),
    } | ({"visit": visit} if channel == "home" else {})


def _moment(chance: Random, channel: str) -> datetime:
    """Counters and the post keep office hours; people at home file in the evening and at weekends too."""
    if channel in ("counter", "post", "home"):
        worked = [day for day in days() if is_worked(day)]
        return datetime.combine(chance.choice(worked), chance.choice(SLOTS[1:]), CITY)
    day = chance.choices(days(), [6 if is_worked(day) else 1 for day in days()])[0]
    evening = chance.random() < 0.3 and day != days()[-1]
    return datetime.combine(day, chance.choice(_EVENING if evening else SLOTS), CITY)


def _on_file(chance: Random, paper: dict[str, Any], channel: str) -> dict[str, Any]:
    """Handed over on paper, or a file of some size."""
    if channel in ("counter", "post"):
        return paper | {"file": "paper"}
    return paper | {"file": f"{paper['type'].lower()}.pdf", "bytes": chance.randrange(60, 4000) * 1024}


def _uuid7(chance: Random, at: datetime) -> str:
    millis = int(at.timestamp() * 1000)
    value = (
        (millis << 80) | (0x7 << 76) | (chance.getrandbits(12) << 64) | (0b10 << 62) | chance.getrandbits(62)
    )
    return str(UUID(int=value))
