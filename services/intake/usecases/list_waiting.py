"""The queue of a counter: dossiers that wait for acceptance or refusal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from services.intake.domain.dossier.dossier import Dossier
from services.intake.domain.submission.access import is_counter_officer, is_operator
from services.intake.store import lookups
from services.intake.store.lookups import CounterDay
from services.intake.usecases.context import IntakeContext
from shared.actor import Actor
from shared.clock import CITY_TZ
from shared.db.transaction import city_now, transaction
from shared.web import words as web_words

PAGE = 100


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """A page of the queue, the number of waiting dossiers, and the decisions of today."""

    dossiers: list[Dossier]
    waiting: int
    today: CounterDay
    now: datetime
    page: int

    @property
    def page_count(self) -> int:
        """The number of pages, at least 1."""
        return max(1, -(-self.waiting // PAGE))


async def list_waiting(
    context: IntakeContext, offices: Sequence[str] | None, page: int = 1, limit: int = PAGE
) -> WaitingPage:
    """The dossiers that wait at these offices (None: all), longest waiting first."""
    async with transaction(context.pool) as tx:
        now = await city_now(tx)
        midnight = datetime.combine(now.date(), time(), CITY_TZ)
        return WaitingPage(
            dossiers=await lookups.list_waiting(tx, offices, limit=limit, offset=(page - 1) * limit),
            waiting=await lookups.count_waiting(tx, offices),
            today=await lookups.count_decided_since(tx, offices, midnight),
            now=now,
            page=page,
        )


async def visible_offices(
    context: IntakeContext, actor: Actor, office_filter: str | None
) -> Sequence[str] | None:
    """The offices whose queue this actor may see (None: all). Raises the refusal `forbidden`.

    An officer sees their own office, a party the offices it serves, an operator any office.
    """
    if is_operator(actor):
        return [office_filter] if office_filter else None
    if is_counter_officer(actor) and office_filter in (None, actor.office):
        return [actor.office or ""]
    if actor.kind in ("party", "investor") and actor.party:
        async with transaction(context.pool) as tx:
            today = (await city_now(tx)).date()
        offices = context.catalogue.current.offices_of_party(actor.party, today)
        served = [office.id for office in offices]
        if office_filter is None:
            return served
        if office_filter in served:
            return [office_filter]
    raise web_words.refuse("forbidden")
