"""Recount all open dates in batches after a calendar was published, while work goes on."""

from collections import Counter
from dataclasses import dataclass, field

import asyncpg

from services.routing.domain.case.case import BY_RULE, Cause
from services.routing.domain.case.rules import Rules
from services.routing.domain.editions.calendar_check import CALENDAR
from services.routing.domain.family.family import recompute_family
from services.routing.domain.plan.recompute_dates import MovedDate, date_shift, recompute_dates
from services.routing.store import cases, recounts
from services.routing.usecases.case_unit_of_work import CaseUnitOfWork
from services.routing.usecases.catalogue_cache import CatalogueCache
from shared.catalogue import Catalogue
from shared.db.transaction import Tx, city_now, transaction
from shared.events.catalogue import published_type
from shared.observability.logs import get_logger

log = get_logger(__name__)
BECAUSE = published_type(CALENDAR)
PAGE = 500


@dataclass
class RecountForecast:
    """The effect of a calendar: numbers of open and of moved dossiers, and the first moved ones."""

    open: int = 0
    by_days: Counter[int] = field(default_factory=Counter)
    examples: list[MovedDate] = field(default_factory=list)

    @property
    def moved_count(self) -> int:
        """The number of dossiers whose date would move."""
        return self.by_days.total()


async def recount_next_batch(tx: Tx, limit: int, *, catalogue: CatalogueCache) -> int:
    """Recount the next cases of the oldest run; return how many there were, 0 if there is no run."""
    at = await city_now(tx)
    run = await recounts.lock_due_run(tx, at)
    if run is None:
        return 0
    page = await recounts.next_open_cases(tx, run.cursor, limit)
    # The catalogue is read after the run: both were written in one commit, so the calendar is never older.
    rules = Rules(await catalogue.current(tx), at)
    work = CaseUnitOfWork(await cases.lock_cases(tx, sorted(root for _, root in page)), rules)
    cause = Cause(BECAUSE, f"{CALENDAR}/{run.digest[:16]}", run.actor)
    moved_count = 0
    for _, root in page:
        case = work.current(root)
        if case is None:
            continue
        change = recompute_family(case, cause, rules)
        if change is not None:
            work.apply(change)
            moved_count += date_shift(case, change.case) is not None
    await work.save(tx)
    cursor = None
    if len(page) == limit:
        cursor = page[-1]
    await recounts.advance_run(tx, run, cursor=cursor, seen=len(page), moved=moved_count)
    log.info("dates.recounted", seen=len(page), moved=moved_count, round=run.round)
    return len(page)


async def forecast_recount(pool: asyncpg.Pool, offered: Catalogue, show: int) -> RecountForecast:
    """Compute what this catalogue's calendar would move, page by page, without locks and without saving."""
    forecast, cursor = RecountForecast(), None
    while True:
        async with transaction(pool) as tx:
            page = await recounts.next_open_cases(tx, cursor, PAGE)
            page_cases = await cases.read_cases(tx, [root for _, root in page])
            at = await city_now(tx)
        for case in page_cases.values():
            change = recompute_dates(case, Cause(BECAUSE, "foreseen", BY_RULE), Rules(offered, at))
            if change is None:
                continue
            shift = date_shift(case, change.case)
            if shift is not None:
                forecast.by_days[shift.calendar_days] += 1
                if len(forecast.examples) < show:
                    forecast.examples.append(shift)
        forecast.open += len(page)
        if len(page) < PAGE:
            return forecast
        cursor = page[-1]
