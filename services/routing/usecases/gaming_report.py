"""Report of signs that offices game the clock, over the period of the catalogue's rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.routing.domain.case.rules import Rules
from services.routing.store import gaming_signs
from services.routing.store.gaming_signs import OfficeSignCounts
from shared.db.transaction import Tx


@dataclass(frozen=True, slots=True)
class GamingReport:
    """Counts of signs by office. `alarm_from`: from how many signs on an office is an alarm."""

    since: datetime
    alarm_from: int
    offices: Sequence[OfficeSignCounts]
    days: int = 0


def report_start(rules: Rules) -> datetime:
    """From when on signs count; now if the catalogue does not oversee the clock."""
    oversight = rules.catalogue.oversight()
    if oversight is None:
        return rules.now
    return rules.now - oversight.counted


async def gaming_report(tx: Tx, rules: Rules) -> GamingReport:
    """Count the signs of every office; none if the catalogue does not oversee the clock."""
    oversight, since = rules.catalogue.oversight(), report_start(rules)
    if oversight is None:
        return GamingReport(since, 0, ())
    counts = await gaming_signs.count_by_office(tx, since)
    return GamingReport(since, oversight.alarm_from, counts, oversight.counted.days)
