"""Subscriptions of routing: which events go to which use case."""

from services.routing.usecases.apply_intake_events import apply_intake_events
from services.routing.usecases.catalogue_cache import CatalogueCache
from services.routing.usecases.record_replies import record_replies, report_unreadable
from shared.db.transaction import Tx
from shared.events import dossier, topics
from shared.events.agency_replies import AgencyReply
from shared.events.envelope import Event
from shared.messaging.consume.consumer import Consumer
from shared.messaging.record.batch import Batch


def subscribe(consumer: Consumer, catalogue: CatalogueCache) -> None:
    """Subscribe to intake's events and parties' replies; each batch uses the catalogue as stored then."""

    async def follow(tx: Tx, batch: Batch[Event]) -> None:
        await apply_intake_events(tx, batch, await catalogue.unit_of_work(tx, batch.roots))

    async def record(tx: Tx, batch: Batch[AgencyReply]) -> None:
        await record_replies(tx, batch, await catalogue.unit_of_work(tx, batch.roots))

    facts = (
        dossier.SUBMITTED,
        dossier.ACCEPTED,
        dossier.REFUSED,
        dossier.WITHDRAWAL_REQUESTED,
        dossier.WITHDRAWAL_CANCELLED,
        dossier.SUPPLEMENTED,
        dossier.SUPPLEMENT_REQUESTED,
        dossier.STOPPED,
        dossier.PAID,
        dossier.RETURNED,
    )
    consumer.subscribe(topics.DOSSIER_EVENTS, facts, follow)
    consumer.subscribe_replies(record, report_unreadable)
