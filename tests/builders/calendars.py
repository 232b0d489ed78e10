"""The city's calendars with a day more, as a person would announce it."""

from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any

from shared.catalogue.loading.load import load_folder

FOLDER = Path("deploy/catalogue")


def items() -> dict[str, dict[str, Any]]:
    """The city's own data."""
    return load_folder(FOLDER)


def with_day(day: str, *, published: datetime, kind: str = "day_off") -> dict[str, dict[str, Any]]:
    """All items, the national calendar with one line more."""
    made = deepcopy(items())
    like = made["calendar"]["national"][-1]
    made["calendar"]["national"].append(
        {**like, "date": day, "kind": kind, "published": published.isoformat()}
    )
    return made
