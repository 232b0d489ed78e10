"""Report of signs that offices game the clock, over the period of the catalogue's rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.routing.store import gaming_signs
from services.routing.store.gaming_signs import OfficeSignCounts
from shared.catalogue import Catalogue
from shared.db.transaction import Tx


@dataclass(frozen=True, slots=True)
class GamingReport:
    """Counts of signs by office. `alarm_from`: from how many signs on an office is an alarm."""

    since: datetime
    alarm_from: int
    offices: Sequence[OfficeSignCounts]
    days: int = 0


def report_start(catalogue: Catalogue, now: datetime) -> datetime:
    """From when on signs count; `now` if the catalogue has no rules for it."""
    rules = catalogue.oversight()
    return now - rules.counted if rules else now


async def gaming_report(tx: Tx, catalogue: Catalogue, now: datetime) -> GamingReport:
    """Count the signs of every office; none if the catalogue has no rules for it."""
    rules, since = catalogue.oversight(), report_start(catalogue, now)
    if rules is None:
        return GamingReport(since, 0, ())
    return GamingReport(
        since, rules.alarm_from, await gaming_signs.count_by_office(tx, since), rules.counted.days
    )
