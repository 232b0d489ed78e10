"""How many records of its partitions a subscription has still to handle."""

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Any

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from shared.messaging.record import positions

if TYPE_CHECKING:
    from shared.messaging.consume.subscription import Subscription

ANSWER_SECONDS = 5  # a consumer stopped while it asks never gets its answer


async def consumer_lag(subscription: "Subscription") -> dict[str, int] | None:
    """By logical topic: Kafka's end less our next offset. None when Kafka does not answer now."""
    consumer = subscription.consumer
    assigned = list(consumer.assignment()) if consumer is not None else []
    if consumer is None or not assigned:
        return {}
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            return await _count(subscription, consumer, assigned)
    except (KafkaError, OSError, TimeoutError):
        return None


async def _count(
    subscription: "Subscription", consumer: Any, assigned: list[TopicPartition]
) -> dict[str, int]:
    prefix = subscription.topic_prefix
    places = {tp: (tp.topic.removeprefix(prefix), tp.partition) for tp in assigned}
    end = await consumer.end_offsets(assigned)
    first = await consumer.beginning_offsets(assigned)
    known = await positions.next_offsets(subscription.pool, list(places.values()))
    found: Counter[str] = Counter()
    for tp, place in places.items():
        found[place[0]] += max(0, end[tp] - max(known.get(place, 0), first[tp]))
    return dict(found)
