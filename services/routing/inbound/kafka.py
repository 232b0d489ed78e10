"""Which fact goes to which verb. Nothing else."""

from services.routing.usecases.catalogue_in_force import CatalogueInForce
from services.routing.usecases.follow_dossiers import follow_dossiers
from services.routing.usecases.record_replies import record_replies, report_unreadable
from shared.db.transaction import Tx
from shared.events import dossier, topics
from shared.events.agency import AgencyReplied
from shared.events.envelope import Event
from shared.messaging.batch import Batch
from shared.messaging.consumer import Consumer


def subscribe(consumer: Consumer, catalogue: CatalogueInForce) -> None:
    """Intake's facts and parties' replies, each batch by the catalogue as stored then."""

    async def follow(tx: Tx, batch: Batch[Event]) -> None:
        await follow_dossiers(tx, batch, await catalogue.book(tx, batch.roots))

    async def record(tx: Tx, batch: Batch[AgencyReplied]) -> None:
        await record_replies(tx, batch, await catalogue.book(tx, batch.roots))

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
    consumer.on(topics.DOSSIER_EVENTS, facts, follow)
    consumer.on_replies(record, report_unreadable)
