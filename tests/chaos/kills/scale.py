"""One routing process beside two: as many dossiers, the same judge, and how many are carried a second.

In two legs of each round a routing process is killed with -9 in the middle; the launcher starts it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.table import Table

from deploy.local.home import Home
from tests.chaos.kills.plan import Fault, Kind
from tests.chaos.kills.run import Options, Outcome, run

NAMES = {
    (1, False): "one",
    (2, False): "two",
    (1, True): "one, killed",
    (2, True): "two, one killed",
}


@dataclass(frozen=True)
class Leg:
    """One run of the comparison: a round, how many routing processes, whether one died, what came out."""

    number: int
    kind: tuple[int, bool]
    outcome: Outcome


def compare(dossiers: int, rounds: int, seed: int, place: Home, console: Console) -> list[Leg]:
    """In turns, each in a stack of its own."""
    return [
        Leg(number, kind, run(_options(dossiers, kind, seed + number), place, console))
        for number in range(1, rounds + 1)
        for kind in NAMES
    ]


def show(legs: list[Leg], console: Console) -> None:
    """The table, a line a run."""
    columns = ("round", "routing processes", "dossiers/s", "all holds")
    table = Table(*columns, title="Routing processes", title_justify="left")
    for leg in legs:
        table.add_row(
            str(leg.number),
            NAMES[leg.kind],
            f"{leg.outcome.facts['dossiers_a_second']:.1f}",
            "yes" if leg.outcome.verdict.holds else "no",
        )
    console.print(table)
    for kind, name in NAMES.items():
        legs_of = [leg.outcome.facts for leg in legs if leg.kind == kind]
        rate = median(facts["dossiers_a_second"] for facts in legs_of)
        console.print(f"{name}: {rate:.1f} dossiers/s in the median; shared {legs_of[-1]['sharing']}")


def _options(dossiers: int, kind: tuple[int, bool], seed: int) -> Options:
    """All dossiers come at once; the blow falls when half of them are done."""
    routings, killed = kind
    blow = Fault(1, after=0.0, victim="routing-1" if routings == 2 else "routing", kind=Kind.KILL)
    return Options(seed, [blow] if killed else [], dossiers, routings, halfway=True)
