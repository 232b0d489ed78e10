"""The verbs of the door, ready to be called by many at once: what arrives together shares one commit."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.intake.domain.dossier.dossier import Dossier
from services.intake.usecases.context import IntakeContext
from services.intake.usecases.decide_dossiers import Decision, decide_dossiers
from services.intake.usecases.submission_request import SubmissionReceipt, SubmissionRequest
from services.intake.usecases.submit_dossiers import submit_dossiers
from shared.db.batching_queue import BatchingQueue

LANES = 2
"""Batches of filings under way at once: one is judged while the other waits for PostgreSQL. A third found
nothing to do, and smaller batches cost more.
"""


@dataclass(frozen=True, slots=True)
class IntakeBatcher:
    """Filings and decisions, coalesced without a timer."""

    context: IntakeContext
    filings: BatchingQueue[SubmissionRequest, SubmissionReceipt]
    decisions: BatchingQueue[Decision, Dossier]


def create_batcher(context: IntakeContext) -> IntakeBatcher:
    """The verbs over this door."""

    async def file(batch: Sequence[SubmissionRequest]) -> Sequence[SubmissionReceipt | Exception]:
        return await submit_dossiers(context, batch)

    async def decide(batch: Sequence[Decision]) -> Sequence[Dossier | Exception]:
        return await decide_dossiers(context, batch)

    return IntakeBatcher(context, BatchingQueue(file, lanes=LANES), BatchingQueue(decide))
