"""Topics that intake reads, and topics that it writes. The relay publishes the latter from the outbox."""

from typing import Annotated

from faststream import AckPolicy, Context
from faststream.kafka import KafkaRouter

from services.intake.usecases.catalogue_replica import CatalogueReplica
from services.intake.usecases.save_views import save_case_views, save_message_states
from shared.events.case import CaseHeadline
from shared.events.catalogue import CatalogueItemPublished
from shared.events.envelope import Event
from shared.events.notices import NotificationResult
from shared.messaging.consume.inbox import CurrentTx
from shared.messaging.record.batch import Batch

router = KafkaRouter(ack_policy=AckPolicy.MANUAL)
router.publisher("dossier.events", description="What happened to a dossier before and beside its case.")
router.publisher("citizen.contacts", description="How to reach a person, sealed.")


@router.subscriber("case.updates", batch=True, group_id="intake.case.updates")
async def follow_cases(batch: Batch[Event[CaseHeadline]], tx: CurrentTx) -> None:
    """Keep the last state of each case for the citizen's page."""
    await save_case_views(tx, batch)


@router.subscriber("notification.results", batch=True, group_id="intake.notification.results")
async def follow_messages(batch: Batch[Event[NotificationResult]], tx: CurrentTx) -> None:
    """Keep the last state of each message."""
    await save_message_states(tx, batch)


@router.subscriber("catalogue.versions", batch=True, group_id="intake.catalogue.versions")
async def follow_catalogue(
    batch: Batch[Event[CatalogueItemPublished]],
    tx: CurrentTx,
    catalogue: Annotated[CatalogueReplica, Context("catalogue")],
) -> None:
    """Keep the published catalogue."""
    await catalogue.save_published(tx, batch)
