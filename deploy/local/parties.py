"""The parties of the organisation data, which get keys and topics."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from deploy.local.home import CHECKOUT

ORGANISATION = CHECKOUT / "deploy" / "catalogue" / "organisation.yaml"


@dataclass(frozen=True)
class Party:
    """A party: with its own topics, or at the desk page."""

    name: str
    desk: bool
    topics: bool
    projects: tuple[str, ...]

    @property
    def investor(self) -> bool:
        return bool(self.projects)


def read_parties(organisation: Path = ORGANISATION) -> list[Party]:
    """All parties in the order of the file; empty if there is no file."""
    if not organisation.exists():
        return []
    rows = yaml.safe_load(organisation.read_text("utf-8"))["parties"]
    return [_party(name, row) for name, row in rows.items()]


def _party(name: str, row: dict[str, Any]) -> Party:
    desk = bool(row.get("desk"))
    topics = not desk and row.get("topics") != "none"
    return Party(name, desk=desk, topics=topics, projects=tuple(row.get("projects") or ()))
