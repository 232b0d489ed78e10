"""Topics that notification reads, and the topic that it writes. The relay publishes it from the outbox."""

from typing import Annotated

from faststream import AckPolicy, Context
from faststream.kafka import KafkaRouter

from services.notification.usecases.plan_messages import plan_messages
from services.notification.usecases.remember_contact import remember_contact
from services.notification.usecases.template_cache import TemplateCache, save_published
from shared.db.transaction import AfterCommit, after_commit
from shared.events.case import CaseFact
from shared.events.catalogue import CatalogueItemPublished
from shared.events.contacts import ContactChanged
from shared.events.envelope import Event
from shared.messaging.consume.inbox import CurrentTx
from shared.messaging.record.batch import Batch

router = KafkaRouter(ack_policy=AckPolicy.MANUAL)
router.publisher("notification.results", description="How each message to a citizen fares.")
WakeWorker = Annotated[AfterCommit, Context("wake_worker")]
"""Wakes the renderer of messages after the commit."""


@router.subscriber("catalogue.versions", batch=True, group_id="notification.catalogue.versions")
async def follow_catalogue(batch: Batch[Event[CatalogueItemPublished]], tx: CurrentTx) -> None:
    """Keep the published catalogue, checking its texts."""
    await save_published(tx, batch)


@router.subscriber("case.updates", batch=True, group_id="notification.case.updates")
async def follow_cases(
    batch: Batch[Event[CaseFact]],
    tx: CurrentTx,
    templates: Annotated[TemplateCache, Context("templates")],
    wake_worker: WakeWorker,
) -> None:
    """Plan a message for every update that calls for one."""
    await plan_messages(tx, batch, template_cache=templates)
    after_commit(wake_worker)


@router.subscriber("citizen.contacts", batch=True, group_id="notification.citizen.contacts")
async def follow_contacts(
    batch: Batch[Event[ContactChanged]], tx: CurrentTx, wake_worker: WakeWorker
) -> None:
    """Keep the newest contact of each person."""
    await remember_contact(tx, batch)
    after_commit(wake_worker)
