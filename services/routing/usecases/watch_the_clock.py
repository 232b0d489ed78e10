"""What the city sees of how offices use the clock, over the time its rules say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.routing.store import unfair
from services.routing.store.unfair import OfficeSigns
from shared.catalogue import Catalogue
from shared.db.transaction import Tx


@dataclass(frozen=True, slots=True)
class UnfairClock:
    """Signs since when, and from how many on an office is an alarm."""

    since: datetime
    alarm_from: int
    offices: Sequence[OfficeSigns]
    days: int = 0


def watched_since(catalogue: Catalogue, now: datetime) -> datetime:
    """From when on signs count; now, while the catalogue has no rules for it."""
    rules = catalogue.oversight()
    return now - rules.counted if rules else now


async def unfair_clock(tx: Tx, catalogue: Catalogue, now: datetime) -> UnfairClock:
    """Every office with a sign; none while the catalogue has no rules for it."""
    rules, since = catalogue.oversight(), watched_since(catalogue, now)
    if rules is None:
        return UnfairClock(since, 0, ())
    return UnfairClock(since, rules.alarm_from, await unfair.by_office(tx, since), rules.counted.days)
