"""The published table of states, read as data: where a fact leads, told apart by its guard, or nowhere.

Nothing here looks at the services' own tables: both must agree with the same file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path("deploy/catalogue/states.yaml")
SUPPLEMENT, WITHDRAWAL = "supplement_requested", "withdrawal_requested"


@dataclass(frozen=True)
class Place:
    """Where a dossier stands."""

    state: str
    stage: str | None = None
    resume_to: Place | None = None

    def __str__(self) -> str:
        within = self.stage or (f"from {self.resume_to}" if self.resume_to else "")
        return f"{self.state} ({within})" if within else self.state


DRAFT, SUBMITTED, ACCEPTED = Place("draft"), Place("submitted"), Place("accepted")
AT_THE_DOOR = (SUBMITTED, Place(SUPPLEMENT, "intake"))
ENDED = frozenset({"refused", "stopped", "completed", "returned"})


@dataclass(frozen=True)
class Row:
    """One line of the file."""

    n: int
    from_: str
    fact: str
    to: str
    owner: str
    when: str

    def __str__(self) -> str:
        return f"{self.n}-{self.from_}-{self.fact.removeprefix('dossier.')}" + (
            f"-{self.when}" if self.when else ""
        )

    def holds(self, place: Place) -> bool:
        """Is this a row of a dossier that stands there?"""
        return place.state == self.from_ and _guard(self.when, place)

    def leads(self, place: Place) -> Place:
        """To where."""
        if self.fact == "dossier.withdrawal_cancelled":
            assert place.resume_to is not None
            return place.resume_to
        if self.to == WITHDRAWAL:
            return Place(WITHDRAWAL, resume_to=place)
        if self.to == SUPPLEMENT:
            return Place(SUPPLEMENT, "intake" if self.owner == "intake" else "processing")
        return Place(self.to)


def _guard(when: str, place: Place) -> bool:
    match when.split("=", maxsplit=1)[0]:
        case "":
            return True
        case "stage":
            return when == f"stage={place.stage}"
        case "resume_to" if place.resume_to:
            stage = f", stage={place.resume_to.stage}" if place.resume_to.stage else ""
            return when == f"resume_to={place.resume_to.state}{stage}"
        case "resume_to is any other":
            return place.resume_to not in AT_THE_DOOR
        case _ if when.startswith("resume_to is submitted or"):
            return place.resume_to in AT_THE_DOOR
        case _:
            raise AssertionError(f"a guard nobody reads: {when}")


@cache
def _data() -> dict[str, Any]:
    return yaml.safe_load(FILE.read_text("utf-8"))


@cache
def rows() -> tuple[Row, ...]:
    """All of them, in the file's order."""
    return tuple(
        Row(n, one["from"], one["event"], one["to"], one["owner"], one.get("when", ""))
        for n, one in enumerate(_data()["transitions"], start=1)
    )


def row_of(place: Place, fact: str) -> Row | None:
    """The row by which this fact moves a dossier that stands there; None: it is refused."""
    found = [row for row in rows() if row.fact == fact and row.holds(place)]
    assert len(found) <= 1, (place, fact, found)
    return found[0] if found else None


def never() -> list[tuple[str, str]]:
    """Pairs no fact may join."""
    return [(before, after) for before, after in _data()["never"]]


def never_after() -> list[tuple[tuple[str, ...], str]]:
    """Histories, and the state they must not lead to by the next fact."""
    return [(tuple(one["history"]), one["refused"]) for one in _data()["never_after"]]
