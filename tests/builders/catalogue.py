"""The city's real catalogue, loaded once, and the samples that go with it."""

import json
from copy import deepcopy
from datetime import date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from deploy.cli.catalogue import files_of
from shared.catalogue import Catalogue
from shared.catalogue.loading.load import load_folder
from shared.clock import CITY_TZ
from shared.worktime import Calendar

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy/catalogue"
SAMPLES = ROOT / "deploy/demo/dossiers-sample.jsonl"
DAY = date(2026, 1, 14)


@cache
def items() -> dict[str, dict[str, Any]]:
    """The items as they would be published; whoever changes one takes a copy."""
    return load_folder(FOLDER)


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


DISSOLVED, NEIGHBOUR = "00091", "00103"
"""Phú Thượng, and Tây Hồ beside it."""


def files_without_the_ward(into: str | None = None) -> dict[str, str]:
    """The catalogue's files once this ward is no more; its neighbour takes over if it is named."""
    files = files_of(FOLDER)
    taken = f', into: "{into}"' if into else ""
    end = f'{{ward: "{DISSOLVED}", day: 2026-03-06{taken}, decision: "made up", evidence: made_up}}'
    said = files["organisation.yaml"].replace("\nended: []", f"\nended: [{end}]", 1)
    return files | {"organisation.yaml": said}


@cache
def items_without_the_ward(into: str | None = None) -> dict[str, dict[str, Any]]:
    """The same, as they would be published."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "procedures").mkdir()
        for file, text in files_without_the_ward(into).items():
            (folder / file).write_text(text, encoding="utf-8")
        return load_folder(folder)


@cache
def without_the_ward(into: str | None = None) -> Catalogue:
    """The same, as a service reads it."""
    return Catalogue.from_items(items_without_the_ward(into))


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
