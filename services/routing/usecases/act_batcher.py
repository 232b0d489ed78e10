"""Acts from HTTP and pages in batches: many callers share one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from services.routing.domain.acts.case_kinds import CaseRequest
from services.routing.domain.acts.reassignment import Reassignment
from services.routing.domain.case.case import Case
from services.routing.usecases.act_on_tasks import ActResult, DeskAct, act_on_tasks
from services.routing.usecases.catalogue_cache import CatalogueCache
from services.routing.usecases.open_cases import open_cases
from services.routing.usecases.reassign_tasks import reassign_tasks
from shared.db.batching_queue import BatchingQueue
from shared.db.transaction import transaction


@dataclass(frozen=True, slots=True)
class OfficeActBatcher:
    """Queues of acts. Those that arrive while a batch runs share the next commit.

    A refusal is raised in its caller after the commit, which writes it to the audit chain where required.
    """

    acts: BatchingQueue[DeskAct, ActResult]
    resends: BatchingQueue[Reassignment, ActResult]
    openings: BatchingQueue[CaseRequest, Case]


def create_batcher(pool: asyncpg.Pool, catalogue: CatalogueCache) -> OfficeActBatcher:
    """Create the queues on this pool."""

    async def act(batch: Sequence[DeskAct]) -> Sequence[ActResult | Exception]:
        async with transaction(pool) as tx:
            return await act_on_tasks(tx, batch, await catalogue.rules(tx))

    async def resend(batch: Sequence[Reassignment]) -> Sequence[ActResult | Exception]:
        async with transaction(pool) as tx:
            return await reassign_tasks(tx, batch, await catalogue.rules(tx))

    async def bring(batch: Sequence[CaseRequest]) -> Sequence[Case | Exception]:
        async with transaction(pool) as tx:
            return await open_cases(tx, batch, await catalogue.rules(tx))

    return OfficeActBatcher(BatchingQueue(act), BatchingQueue(resend), BatchingQueue(bring))
