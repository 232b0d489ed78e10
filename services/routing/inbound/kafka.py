"""Subscribers of routing, and the topics it publishes; the relay sends those from the outbox."""

from typing import Annotated, Any

from faststream import AckPolicy, Context, Depends
from faststream.kafka import KafkaRouter

from services.routing.usecases.apply_intake_events import apply_intake_events
from services.routing.usecases.case_unit_of_work import CaseUnitOfWork
from services.routing.usecases.catalogue_cache import CatalogueCache
from services.routing.usecases.record_replies import record_replies, report_unreadable
from shared.events.agency_replies import AgencyReply
from shared.events.dossier import DossierFact
from shared.events.envelope import Event
from shared.messaging.consume.inbox import CurrentTx
from shared.messaging.record.batch import Batch

router = KafkaRouter(ack_policy=AckPolicy.MANUAL)
router.publisher("case.updates", description="The whole state of a case after every change.")
router.publisher("catalogue.versions", description="Each item of the catalogue as published.")
router.publisher("agency.{party}.tasks", description="Work for one party.")
router.publisher("agency.{party}.problems", description="Replies of one party that we could not use.")


async def current_cases(
    batch: Batch[Any], tx: CurrentTx, catalogue: Annotated[CatalogueCache, Context("catalogue")]
) -> CaseUnitOfWork:
    """Lock the batch's cases and read the catalogue as stored now."""
    return await catalogue.unit_of_work(tx, batch.roots)


CurrentCases = Annotated[CaseUnitOfWork, Depends(current_cases, cast=False)]


@router.subscriber("dossier.events", batch=True, group_id="routing.dossier.events")
async def follow_dossiers(batch: Batch[Event[DossierFact]], tx: CurrentTx, cases: CurrentCases) -> None:
    """Apply intake's events to the cases of their dossiers."""
    await apply_intake_events(tx, batch, cases)


@router.subscriber("agency.{party}.replies", batch=True, group_id="routing.agency.replies")
async def follow_replies(batch: Batch[AgencyReply], tx: CurrentTx, cases: CurrentCases) -> None:
    """Apply the replies of parties, and report unreadable records to their senders."""
    if batch.events:
        await record_replies(tx, batch, cases)
    if batch.unreadable:
        await report_unreadable(tx, batch.unreadable)
