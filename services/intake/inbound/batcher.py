"""Batching of submissions and decisions: calls that arrive together share one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.intake.domain.dossier.dossier import Dossier
from services.intake.usecases.context import IntakeContext
from services.intake.usecases.decide_dossiers import Decision, decide_dossiers
from services.intake.usecases.submission_request import SubmissionReceipt, SubmissionRequest
from services.intake.usecases.submit_dossiers import submit_dossiers
from shared.db.batching_queue import BatchingQueue

LANES = 2
"""Concurrent batches of submissions: one is checked while the other waits for PostgreSQL. A third does not
help, because smaller batches cost more.
"""


@dataclass(frozen=True, slots=True)
class IntakeBatcher:
    """Queues of submissions and decisions. A batch is whatever waits when the last one has finished."""

    context: IntakeContext
    filings: BatchingQueue[SubmissionRequest, SubmissionReceipt]
    decisions: BatchingQueue[Decision, Dossier]


def create_batcher(context: IntakeContext) -> IntakeBatcher:
    """The queues for this context."""

    async def file(batch: Sequence[SubmissionRequest]) -> Sequence[SubmissionReceipt | Exception]:
        return await submit_dossiers(context, batch)

    async def decide(batch: Sequence[Decision]) -> Sequence[Dossier | Exception]:
        return await decide_dossiers(context, batch)

    return IntakeBatcher(context, BatchingQueue(file, lanes=LANES), BatchingQueue(decide))
