"""How each party works: how fast, how late, how carelessly. The same facts and seed give the same result."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Temper:
    """How a party works. `quickest`, `usual`: shares of the allowed time that an ordinary task takes.

    The other fields are shares of tasks (0 to 1): finished late, declined, completed twice, and preceded by
    an invalid reply.
    """

    quickest: float = 0.05
    usual: float = 0.25
    late: float = 0.0
    declines: float = 0.0
    duplicates: float = 0.0
    invalid: float = 0.0


ORDINARY = Temper()
TEMPERS = {
    "land-registry": Temper(late=0.08, declines=0.04),
    "civil-status": Temper(usual=0.2, duplicates=0.10),
    "ward-police": Temper(late=0.05, duplicates=0.05, invalid=0.03),
    "city-police": Temper(usual=0.3, invalid=0.08),
    "justice": Temper(duplicates=0.08, declines=0.04),
    "tax": Temper(late=0.12, usual=0.3),
    "social-insurance": Temper(late=0.08, declines=0.05),
    "construction": Temper(usual=0.2, invalid=0.06),
    "wards": Temper(late=0.05, declines=0.03, usual=0.2),
    "pasc": Temper(usual=0.3),
}


def temper_of(party: str) -> Temper:
    """The temper of this party."""
    return TEMPERS.get(party, ORDINARY)


def roll(*facts: object) -> float:
    """A number in [0, 1) that depends only on these facts."""
    digest = hashlib.sha256("\x1f".join(map(str, facts)).encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def share_of_time(temper: Temper, *facts: object) -> float:
    """The share of the allowed time that a task takes; above 1 it is late."""
    if roll("slow", *facts) < temper.late:
        return 0.9 + 0.4 * roll("how slow", *facts)
    return temper.quickest + (temper.usual - temper.quickest) * 2 * roll("pace", *facts) ** 1.5
