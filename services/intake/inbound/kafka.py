"""Which fact goes to which verb. Nothing else."""

from services.intake.usecases.catalogue_replica import CatalogueReplica
from services.intake.usecases.save_case_views import save_case_views
from services.intake.usecases.save_message_states import save_message_states
from shared.events import catalogue, notices, registry, topics
from shared.messaging.consume.consumer import Consumer


def subscribe(consumer: Consumer, catalogue_replica: CatalogueReplica) -> None:
    """What routing and notification say of our dossiers, and the catalogue."""
    consumer.subscribe(topics.CASE_UPDATES, registry.types_of(topics.CASE_UPDATES), save_case_views)
    results = tuple(notices.result_type(state) for state in notices.STATES)
    consumer.subscribe(topics.NOTIFICATION_RESULTS, results, save_message_states)
    version_events = tuple(f"{kind}.version_published.v1" for kind in catalogue.KINDS)
    consumer.subscribe(topics.CATALOGUE_VERSIONS, version_events, catalogue_replica.save_published)
