"""What each office is like: how fast, how forgetful, how careless. Same facts and seed, same temper."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Temper:
    """Shares of tasks that go wrong in one way, and the part of the allowed time a good day takes."""

    quickest: float = 0.05
    usual: float = 0.25
    slow: float = 0.0
    declines: float = 0.0
    twice: float = 0.0
    rubbish: float = 0.0


ORDINARY = Temper()
KNOWN = {
    "land-registry": Temper(slow=0.08, declines=0.04),
    "civil-status": Temper(usual=0.2, twice=0.10),
    "ward-police": Temper(slow=0.05, twice=0.05, rubbish=0.03),
    "city-police": Temper(usual=0.3, rubbish=0.08),
    "justice": Temper(twice=0.08, declines=0.04),
    "tax": Temper(slow=0.12, usual=0.3),
    "social-insurance": Temper(slow=0.08, declines=0.05),
    "construction": Temper(usual=0.2, rubbish=0.06),
    "wards": Temper(slow=0.05, declines=0.03, usual=0.2),
    "pasc": Temper(usual=0.3),
}


def of(party: str) -> Temper:
    """The temper of a party's people."""
    return KNOWN.get(party, ORDINARY)


def roll(*facts: object) -> float:
    """A number in [0, 1) that depends on these facts alone."""
    digest = hashlib.sha256("\x1f".join(map(str, facts)).encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def share_of_time(temper: Temper, *facts: object) -> float:
    """Which part of the allowed time this piece of work takes; above 1 it is late."""
    if roll("slow", *facts) < temper.slow:
        return 0.9 + 0.4 * roll("how slow", *facts)
    return temper.quickest + (temper.usual - temper.quickest) * 2 * roll("pace", *facts) ** 1.5
