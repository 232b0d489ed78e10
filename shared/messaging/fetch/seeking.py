"""Positions a consumer at the offsets of the table `consumed`."""

import asyncio
from collections.abc import Callable, Collection
from typing import Any

import asyncpg
from aiokafka import TopicPartition

from shared.messaging.faults import is_transient, retry_delays
from shared.messaging.fetch.log_ends import log_ends
from shared.messaging.record import positions
from shared.messaging.record.positions import Place
from shared.observability.logs import get_logger

log = get_logger(__name__)


async def seek_to_stored(
    consumer: Any,
    pool: asyncpg.Pool,
    assigned: Collection[TopicPartition],
    *,
    prefix: str,
    bootstrap: str,
    is_current: Callable[[], bool],
) -> None:
    """Seek each partition to its stored offset; a new or recreated one to its beginning.

    The consumer's own end is the last stable offset. What was stored beyond it is checked against the log's
    end: an open transaction is not a recreated topic.
    """
    if not assigned:
        return
    places = {tp: (tp.topic.removeprefix(prefix), tp.partition) for tp in assigned}
    for pause in retry_delays():
        if not is_current():
            return
        try:
            async with asyncio.timeout(15):
                await _seek(consumer, pool, places, bootstrap)
            return
        except Exception as failure:
            log.warning("seek.failed", error=type(failure).__name__, passing=is_transient(failure))
            await asyncio.sleep(min(pause, 1.0))


async def _seek(
    consumer: Any, pool: asyncpg.Pool, places: dict[TopicPartition, Place], bootstrap: str
) -> None:
    stored_offsets = await positions.next_offsets(pool, list(places.values()))
    first = await consumer.beginning_offsets(list(places))
    end = await consumer.end_offsets(list(places))
    beyond_end = [tp for tp, place in places.items() if stored_offsets.get(place, 0) > end[tp]]
    if beyond_end:
        end |= await log_ends(bootstrap, beyond_end)
    for tp, place in places.items():
        offset = stored_offsets.get(place)
        if offset is not None and offset > end[tp]:
            log.error("topic.recreated", topic=place[0], partition=place[1], consumed=offset, end=end[tp])
            await positions.forget_offset(pool, place)
            offset = None
        elif offset is not None and offset < first[tp]:
            log.error("records.expired", topic=place[0], partition=place[1], missed=first[tp] - offset)
        consumer.seek(tp, first[tp] if offset is None else max(offset, first[tp]))
