"""What waits at the counter of an office."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from services.intake.domain.dossier.dossier import Dossier
from services.intake.domain.submission.access import is_counter_officer
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
    """A page of waiting dossiers, how many there are in all, and what was done today."""

    dossiers: list[Dossier]
    waiting: int
    today: CounterDay
    now: datetime
    page: int

    @property
    def page_count(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.waiting // PAGE))


async def list_waiting(
    context: IntakeContext, offices: Sequence[str] | None, page: int = 1, limit: int = PAGE
) -> WaitingPage:
    """The dossiers waiting at these offices (None: all), those waiting longest first."""
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
    """Whose queue this actor may see: an officer the own office, a party its offices, the key any."""
    if is_counter_officer(actor) and actor.office is None:
        return [office_filter] if office_filter else None
    if is_counter_officer(actor) and office_filter in (None, actor.office):
        return [actor.office or ""]
    if actor.kind in ("party", "investor") and actor.party:
        async with transaction(context.pool) as tx:
            today = (await city_now(tx)).date()
        served_offices = [
            office.id for office in context.catalogue.current.offices_of_party(actor.party, today)
        ]
        if office_filter is None or office_filter in served_offices:
            return [office_filter] if office_filter else served_offices
    raise web_words.refuse("forbidden")
