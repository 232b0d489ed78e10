"""Acts from HTTP and pages in batches: many callers share one transaction."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import asyncpg

from services.routing.domain.acts.case_kinds import CaseRequest
from services.routing.domain.acts.reassignment import Reassignment
from services.routing.domain.case.case import Case
from services.routing.domain.case.rules import Rules
from services.routing.usecases.act_on_tasks import ActResult, DeskAct, act_on_tasks
from services.routing.usecases.catalogue_cache import CatalogueCache
from services.routing.usecases.open_cases import open_cases
from services.routing.usecases.reassign_tasks import reassign_tasks
from shared.db.batching_queue import BatchingQueue
from shared.db.transaction import Tx, transaction

A = TypeVar("A")
R = TypeVar("R")
UseCase: TypeAlias = Callable[[Tx, Sequence[A], Rules], Awaitable[Sequence[R | Exception]]]


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

    def queue(use_case: UseCase[A, R]) -> BatchingQueue[A, R]:
        async def run(batch: Sequence[A]) -> Sequence[R | Exception]:
            async with transaction(pool) as tx:
                return await use_case(tx, batch, await catalogue.rules(tx))

        return BatchingQueue(run)

    return OfficeActBatcher(queue(act_on_tasks), queue(reassign_tasks), queue(open_cases))
