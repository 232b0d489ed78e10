"""Which process is hit, how and when: dealt from a seed before anything starts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from random import Random

GROUPS = ("services", "relay", "postgres", "kafka")
SERVICES = ("intake", "routing", "notification")


class Kind(StrEnum):
    """What happens to a victim."""

    KILL = "kill"
    """SIGKILL."""
    FREEZE = "freeze"
    """SIGSTOP, and SIGCONT some seconds later."""
    FREEZE_KILL = "freeze-kill"
    """SIGSTOP, and SIGKILL some seconds later."""
    CUT = "cut"
    """A relay's database session, and with it all its locks, is ended by the server."""


@dataclass(frozen=True)
class Fault:
    """One blow: so many seconds into its round; `seconds` is how long the victim is frozen, if it is."""

    n: int
    after: float
    victim: str
    kind: Kind
    seconds: float = 0.0

    def __str__(self) -> str:
        frozen = f" for {self.seconds:.1f} s" if self.seconds else ""
        whose = f"{self.victim}'s relay" if self.kind is Kind.CUT else self.victim
        return f"{self.kind} {whose}{frozen}"


def make(
    seed: int, kills: int, what: Collection[str] = GROUPS, instances: Sequence[str] = SERVICES
) -> list[Fault]:
    """So many faults, dealt from shuffled decks, so that few faults too meet every kind of victim."""
    chance = Random(seed)
    deck: list[str] = []
    plan: list[Fault] = []
    for n in range(1, kills + 1):
        deck = deck or chance.sample(drawn := _deck(what, instances), len(drawn))
        plan.append(_fault(chance, n, deck.pop(), instances))
    return plan


def digest(plan: Sequence[Fault]) -> str:
    """A short name of a plan: the same faults in the same order have the same one."""
    text = json.dumps([asdict(fault) for fault in plan], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _deck(what: Collection[str], instances: Sequence[str]) -> list[str]:
    cards = {"services": [*instances, *instances], "relay": ["relay", "relay"]}
    return [card for group in GROUPS if group in what for card in cards.get(group, [group])]


def _fault(chance: Random, n: int, card: str, instances: Sequence[str]) -> Fault:
    after = round(chance.uniform(0.2, 2.5), 2)
    if card == "relay":
        return Fault(n, after, chance.choice(instances), Kind.CUT)
    kind = chance.choices([Kind.KILL, Kind.FREEZE, Kind.FREEZE_KILL], [12, 5, 3])[0]
    seconds = 0.0 if kind is Kind.KILL else round(chance.uniform(0.5, 5.0), 1)
    return Fault(n, after, card, kind, seconds)
