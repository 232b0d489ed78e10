"""Which topics must be read first: a reply makes sense only once the fact its task came from is known.

In step the order comes by itself, since nobody answers a task that was not made. A database set back to an
earlier moment reads both anew, and the answer may come first.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any

import asyncpg
from aiokafka import TopicPartition

from shared.events import topics
from shared.messaging.faults import retry_delays
from shared.messaging.record import positions
from shared.messaging.record.positions import Place
from shared.observability.logs import get_logger

if TYPE_CHECKING:
    from shared.messaging.consume.subscription import Subscription

log = get_logger(__name__)
LOOK_SECONDS = 0.05
ANSWER_SECONDS = 10


async def wait_until_caught_up(
    subscriptions: Sequence["Subscription"], pool: asyncpg.Pool, still_wanted: Callable[[], bool]
) -> None:
    """Return once these have read all that their topics held when this was asked, whoever of us reads it."""
    for subscription in subscriptions:
        ends = await _ends(subscription, still_wanted)
        waits = retry_delays(LOOK_SECONDS, 1.0)
        while still_wanted() and await _behind(pool, ends):  # noqa: ASYNC110  (the table is the only teller)
            await asyncio.sleep(next(waits))


async def _ends(subscription: "Subscription", still_wanted: Callable[[], bool]) -> dict[Place, int]:
    label, prefix = subscription.route.label, subscription.topic_prefix
    for pause in retry_delays():
        if not still_wanted():
            return {}
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await _held(subscription.consumer, _places(subscription), prefix)
        except Exception as failure:
            log.warning("consumer.waits", topic=label, error=type(failure).__name__)
            await asyncio.sleep(min(pause, 1.0))
    raise AssertionError("pauses never end")


def _places(subscription: "Subscription") -> list[TopicPartition]:
    """Every partition of what it reads, in whosever hands; of the parties' topics those there are now."""
    consumer, topic = subscription.consumer, subscription.route.topic
    if topic is None:
        return [TopicPartition(name, n) for name in consumer.subscription() for n in _numbers(consumer, name)]
    own = next((one for one in topics.SERVICE_TOPICS if one.name == topic), None)
    if own is None or own.compacted:
        return []
    return [TopicPartition(subscription.topic_prefix + topic, number) for number in range(own.partitions)]


def _numbers(consumer: Any, name: str) -> Collection[int]:
    return consumer.partitions_for_topic(name) or ()


async def _held(consumer: Any, places: Sequence[TopicPartition], prefix: str) -> dict[Place, int]:
    """The ends of partitions that hold any record."""
    ends = await consumer.end_offsets(places)
    first = await consumer.beginning_offsets(places)
    return {
        (place.topic.removeprefix(prefix), place.partition): ends[place]
        for place in places
        if ends[place] > first[place]
    }


async def _behind(pool: asyncpg.Pool, ends: dict[Place, int]) -> bool:
    try:
        known = await positions.next_offsets(pool, list(ends))
    except Exception as failure:
        log.warning("consumer.waits", topic="", error=type(failure).__name__)
        return True
    return any(known.get(place, 0) < end for place, end in ends.items())
