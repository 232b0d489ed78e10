"""The city's calendars with a day more, as a person would announce it."""

from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any

from shared.catalogue.load import load_dir

FOLDER = Path("deploy/catalogue")
HEAD = "national:\n"


def items() -> dict[str, dict[str, Any]]:
    """The city's own data."""
    return load_dir(FOLDER)


def with_day(day: str, *, published: datetime, kind: str = "day_off") -> dict[str, dict[str, Any]]:
    """All items, the national calendar with one line more."""
    made = deepcopy(items())
    like = made["calendar"]["national"][-1]
    made["calendar"]["national"].append(
        {**like, "date": day, "kind": kind, "published": published.isoformat()}
    )
    return made


def file_with_day(day: str, *, published: datetime, kind: str = "day_off") -> str:
    """The text of `calendars.yaml` with one line more."""
    line = (
        f'- {{date: {day}, kind: {kind}, name: {{vi: "nghỉ theo thông báo", en: "announced"}}, '
        f'decision: "made up", published: "{published.isoformat()}", evidence: plausible}}\n'
    )
    text = (FOLDER / "calendars.yaml").read_text(encoding="utf-8")
    return text.replace(HEAD, HEAD + line, 1)
