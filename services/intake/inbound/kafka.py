"""Which fact goes to which verb. Nothing else."""

from services.intake.usecases.follow_case import follow_case
from services.intake.usecases.follow_notices import follow_notices
from services.intake.usecases.remember_catalogue import CatalogueCopy
from shared.events import catalogue, notices, registry, topics
from shared.messaging.consumer import Consumer


def subscribe(consumer: Consumer, copy: CatalogueCopy) -> None:
    """What routing and notification say of our dossiers, and the catalogue."""
    consumer.on(topics.CASE_UPDATES, registry.types_of(topics.CASE_UPDATES), follow_case)
    results = tuple(notices.result_type(state) for state in notices.STATES)
    consumer.on(topics.NOTIFICATION_RESULTS, results, follow_notices)
    published = tuple(f"{kind}.version_published.v1" for kind in catalogue.KINDS)
    consumer.on(topics.CATALOGUE_VERSIONS, published, copy.remember)
