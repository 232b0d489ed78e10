"""What the desk's HTTP and pages ask for: one transaction, one act, the answer or its refusal."""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from services.routing.domain.case import Case
from services.routing.domain.kinds import Opening
from services.routing.domain.resend import Resend
from services.routing.usecases.act_on_tasks import Acted, DeskAct, act_on_tasks
from services.routing.usecases.catalogue_in_force import CatalogueInForce
from services.routing.usecases.open_cases import open_cases
from services.routing.usecases.resend_tasks import resend_tasks
from shared.db.coalesce import Coalescer
from shared.db.transaction import transaction


@dataclass(frozen=True, slots=True)
class OfficeWork:
    """Acts that arrive while a batch runs share the next commit. A refusal is written down, then raised."""

    acts: Coalescer[DeskAct, Acted]
    resends: Coalescer[Resend, Acted]
    openings: Coalescer[Opening, Case]


def office_work(pool: asyncpg.Pool, catalogue: CatalogueInForce) -> OfficeWork:
    """The verbs of an office, ready to be called by many at once."""

    async def act(batch: Sequence[DeskAct]) -> Sequence[Acted | Exception]:
        async with transaction(pool) as tx:
            return await act_on_tasks(tx, batch, catalogue=await catalogue.current(tx))

    async def resend(batch: Sequence[Resend]) -> Sequence[Acted | Exception]:
        async with transaction(pool) as tx:
            return await resend_tasks(tx, batch, catalogue=await catalogue.current(tx))

    async def bring(batch: Sequence[Opening]) -> Sequence[Case | Exception]:
        async with transaction(pool) as tx:
            return await open_cases(tx, batch, catalogue=await catalogue.current(tx))

    return OfficeWork(Coalescer(act), Coalescer(resend), Coalescer(bring))
