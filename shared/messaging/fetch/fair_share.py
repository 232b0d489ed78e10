"""Fetching of a batch in which no topic takes more than its share while others have records waiting."""

from collections.abc import Awaitable, Callable, Collection
from typing import Any

from aiokafka import ConsumerRecord, TopicPartition

Records = dict[TopicPartition, list[ConsumerRecord[Any, Any]]]
Fetch = Callable[[Collection[TopicPartition], int, int], Awaitable[Records]]
"""Takes fetched records of these partitions (all, if none is named): `timeout_ms`, `max_records`."""

SHARES = 8
"""A topic takes one of so many shares of a batch before every other topic has had its turn."""


class FairFetcher:
    """Takes records of many topics in turns. aiokafka alone empties one partition before the next.

    Each topic gets its share first; what room is left is filled with whatever waits.
    """

    def __init__(self, fetch: Fetch, timeout_ms: int) -> None:
        self._fetch, self._timeout_ms = fetch, timeout_ms
        self._turn = 0

    async def fetch_batch(self, assigned: Collection[TopicPartition], max_records: int) -> Records:
        """At most so many records, in the order of their partitions; waits until there is one.

        Raises what a fetch raises, unless there are records already: then the next call does.
        """
        share = max(1, max_records // SHARES)
        batch = await self._fetch((), self._timeout_ms, share)
        if _count(batch) < share:
            return batch
        try:
            for places in self._in_turns(assigned, last={place.topic for place in batch}):
                room = max_records - _count(batch)
                if not room:
                    return batch
                _add(batch, await self._fetch(places, 0, min(share, room)))
            room = max_records - _count(batch)
            if room:
                _add(batch, await self._fetch((), 0, room))
        except UnicodeDecodeError:
            pass  # of a record behind these; aiokafka fetches it again
        return batch

    def _in_turns(
        self, assigned: Collection[TopicPartition], last: Collection[str]
    ) -> list[list[TopicPartition]]:
        """The partitions of each topic but those that had a share, beginning with another topic each time."""
        by_topic: dict[str, list[TopicPartition]] = {}
        for place in sorted(assigned):
            by_topic.setdefault(place.topic, []).append(place)
        self._turn += 1
        start = self._turn % max(1, len(by_topic))
        topics = list(by_topic)
        return [by_topic[topic] for topic in (*topics[start:], *topics[:start]) if topic not in last]


def _count(batch: Records) -> int:
    return sum(len(records) for records in batch.values())


def _add(batch: Records, more: Records) -> None:
    for place, records in more.items():
        batch.setdefault(place, []).extend(records)
