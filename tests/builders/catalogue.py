"""The city's real catalogue, loaded once, and the samples that go with it."""

import json
from copy import deepcopy
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from shared.catalogue import Catalogue
from shared.catalogue.load import load_dir
from shared.clock import CITY_TZ
from shared.worktime import Calendar

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy/catalogue"
SAMPLES = ROOT / "deploy/local/dossiers-sample.jsonl"
DAY = date(2026, 1, 14)


@cache
def items() -> dict[str, dict[str, Any]]:
    """The items as they would be published."""
    return load_dir(FOLDER)


@cache
def catalogue() -> Catalogue:
    """The catalogue as a service reads it."""
    return Catalogue.from_items(items())


@cache
def with_a_fee_before_work() -> Catalogue:
    """The same, but a business household registers once its fee is paid, within five working days."""
    made = deepcopy(items())
    version = made["procedure:business-household:1"]
    version["fees"] = {**version["fees"], "before_work_days": 5}
    return Catalogue.from_items(made)


def without_ward_items(code: str) -> dict[str, dict[str, Any]]:
    """The items once this ward was dissolved."""
    made = deepcopy(items())
    wards = made["organisation"]["wards"]
    made["organisation"]["wards"] = [ward for ward in wards if ward["code"] != code]
    return made


@cache
def without_ward(code: str) -> Catalogue:
    """The catalogue once this ward was dissolved."""
    return Catalogue.from_items(without_ward_items(code))


@cache
def samples() -> tuple[dict[str, Any], ...]:
    """The sample dossiers, in order of time."""
    return tuple(map(json.loads, SAMPLES.read_text(encoding="utf-8").splitlines()))


def at(text: str) -> datetime:
    """An instant of the city: `2026-03-06 15:00` or with seconds."""
    return datetime.fromisoformat(text).replace(tzinfo=CITY_TZ)


def hn(known: str = "2026-06-01 08:00") -> Calendar:
    """The city's calendar as known at an instant."""
    return catalogue().calendar("hn", at(known))
