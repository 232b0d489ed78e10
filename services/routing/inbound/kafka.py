"""Which fact goes to which verb. Nothing else."""

from functools import partial

from services.routing.usecases.follow_dossiers import follow_dossiers
from services.routing.usecases.record_replies import record_replies, report_unreadable
from shared.catalogue import Catalogue
from shared.events import dossier, topics
from shared.messaging.consumer import Consumer


def subscribe(consumer: Consumer, catalogue: Catalogue) -> None:
    """Intake's facts and parties' replies."""
    facts = (dossier.SUBMITTED, dossier.ACCEPTED, dossier.REFUSED)
    consumer.on(topics.DOSSIER_EVENTS, facts, partial(follow_dossiers, catalogue=catalogue))
    consumer.on_replies(partial(record_replies, catalogue=catalogue), report_unreadable)
