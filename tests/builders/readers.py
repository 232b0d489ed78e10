"""A broker whose handlers a test gives: intake's facts to one, parties' replies to the other."""

from typing import Any

import asyncpg
from faststream import AckPolicy
from faststream.kafka import KafkaRouter

from shared.events.agency_replies import AgencyReply
from shared.events.dossier import DossierAccepted, DossierRefused, DossierSubmitted
from shared.events.envelope import Event
from shared.messaging.consume.broker import Broker
from shared.messaging.consume.inbox import CurrentTx
from shared.messaging.record.batch import Batch, Handler

Fact = DossierSubmitted | DossierAccepted | DossierRefused


def reading_broker(
    pool: asyncpg.Pool,
    kafka: str,
    topic_prefix: str,
    *,
    facts: Handler | None = None,
    replies: Handler | None = None,
    parties: tuple[str, ...] = ("city-police",),
    **options: Any,
) -> Broker:
    """Routing's broker with a router of its own, so that several may run in one process."""

    async def list_parties() -> tuple[str, ...]:
        return parties

    broker = Broker(
        kafka, pool=pool, service="routing", topic_prefix=topic_prefix, list_parties=list_parties, **options
    )
    broker.include_router(reading_router(facts, replies), prefix=topic_prefix)
    return broker


def reading_router(facts: Handler | None, replies: Handler | None) -> KafkaRouter:
    """Subscribers that pass their batch on to these handlers."""
    router = KafkaRouter(ack_policy=AckPolicy.MANUAL)
    if facts is not None:

        @router.subscriber("dossier.events", batch=True, group_id="routing.dossier.events")
        async def read_facts(batch: Batch[Event[Fact]], tx: CurrentTx) -> None:
            await facts(tx, batch)

    if replies is not None:

        @router.subscriber("agency.{party}.replies", batch=True, group_id="routing.agency.replies")
        async def read_replies(batch: Batch[AgencyReply], tx: CurrentTx) -> None:
            await replies(tx, batch)

    return router
