"""A topic with thousands of records takes no more than its share of a batch while others have some."""

from collections.abc import Collection
from typing import Any

import pytest
from aiokafka import ConsumerRecord, TopicPartition

from shared.messaging.fetch.fair_share import SHARES, FairFetcher, Records

MOST = 80
SHARE = MOST // SHARES


class Fetched:
    """What aiokafka has fetched. Like aiokafka it empties one partition before it looks at the next."""

    def __init__(self, **counts: int) -> None:
        self.waiting: dict[TopicPartition, list[Any]] = {}
        for name, count in counts.items():
            topic, _, partition = name.partition("_")
            place = TopicPartition(topic, int(partition or 0))
            self.waiting[place] = [_record(place, offset) for offset in range(count)]
        self.unreadable: TopicPartition | None = None

    async def take(self, places: Collection[TopicPartition], timeout_ms: int, max_records: int) -> Records:
        """As `AIOKafkaConsumer.getmany`."""
        taken: Records = {}
        for place, records in self.waiting.items():
            if places and place not in places:
                continue
            if place == self.unreadable:
                if taken:
                    return taken
                raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "a header's name")
            if records and max_records:
                taken[place] = records[:max_records]
                max_records -= len(taken[place])
                del records[: len(taken[place])]
        return taken


def _record(place: TopicPartition, offset: int) -> Any:
    return ConsumerRecord(place.topic, place.partition, offset, 0, 0, None, None, None, -1, -1, ())


async def _batches(fetched: Fetched, count: int) -> list[dict[str, int]]:
    """How many records of each topic the next batches have."""
    fetcher = FairFetcher(fetched.take, 1000)
    batches: list[dict[str, int]] = []
    for _ in range(count):
        batch = await fetcher.fetch_batch(list(fetched.waiting), MOST)
        counts: dict[str, int] = {}
        for place, records in batch.items():
            counts[place.topic] = counts.get(place.topic, 0) + len(records)
        batches.append(counts)
    return batches


async def test_everybody_who_waits_has_a_share_of_each_batch() -> None:
    batches = await _batches(Fetched(flood=1000, flood_1=1000, quiet=1, steady=25), 3)
    assert batches == [
        {"flood": MOST - 1 - SHARE, "quiet": 1, "steady": SHARE},
        {"flood": MOST - SHARE, "steady": SHARE},
        {"flood": MOST - 5, "steady": 5},
    ]


async def test_one_alone_fills_the_batch() -> None:
    assert await _batches(Fetched(flood=1000), 2) == [{"flood": MOST}, {"flood": MOST}]


async def test_few_records_are_one_call() -> None:
    assert await _batches(Fetched(one=3, two=2), 1) == [{"one": 3, "two": 2}]


async def test_more_floods_than_shares_take_turns() -> None:
    fetched = Fetched(**{f"flood{n}": 1000 for n in range(SHARES * 2)})
    batches = await _batches(fetched, SHARES * 2)
    assert set().union(*batches) == {f"flood{n}" for n in range(SHARES * 2)}


async def test_the_order_of_a_partition_stays() -> None:
    fetched = Fetched(flood=1000, quiet=1)
    batch = await FairFetcher(fetched.take, 1000).fetch_batch(list(fetched.waiting), MOST)
    offsets = [record.offset for record in batch[TopicPartition("flood", 0)]]
    assert offsets == list(range(MOST - 1))


async def test_a_record_that_cannot_be_read_loses_none_of_another_party() -> None:
    fetched = Fetched(flood=1000, broken=5)
    fetched.unreadable = TopicPartition("broken", 0)
    fetcher = FairFetcher(fetched.take, 1000)
    batch = await fetcher.fetch_batch(list(fetched.waiting), MOST)
    assert batch
    assert batch[TopicPartition("flood", 0)][0].offset == 0

    fetched.waiting[TopicPartition("flood", 0)].clear()
    with pytest.raises(UnicodeDecodeError):
        await fetcher.fetch_batch(list(fetched.waiting), MOST)
