"""The city's calendars with a day more, as a person would announce it."""

from copy import deepcopy
from datetime import datetime
from typing import Any

from tests.builders.catalogue import items


def with_day(day: str, *, published: datetime, kind: str = "day_off") -> dict[str, dict[str, Any]]:
    """All items, the national calendar with one line more."""
    made = deepcopy(items())
    like = made["calendar"]["national"][-1]
    made["calendar"]["national"].append(
        {**like, "date": day, "kind": kind, "published": published.isoformat()}
    )
    return made
