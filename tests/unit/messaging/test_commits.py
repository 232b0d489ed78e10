"""Offsets are told to Kafka now and then, the last ones when the reader stops."""

import asyncio
from collections.abc import Mapping

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import CommitFailedError

from shared.messaging.fetch import commits
from shared.messaging.fetch.commits import OffsetCommitter

PLACE = TopicPartition("dossier.events", 3)


class Broker:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.told: list[int] = []
        self.heard = asyncio.Event()
        self.fails = False

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        self.told.append(offsets[PLACE])
        self.heard.set()
        if self.fails:
            raise CommitFailedError


async def test_the_first_is_told_at_once_and_what_follows_together() -> None:
    broker = Broker()
    telling = OffsetCommitter(broker.commit)
    telling.mark({PLACE: 1})
    await broker.heard.wait()
    for offset in range(2, 50):
        telling.mark({PLACE: offset})
        await asyncio.sleep(0)
    assert broker.told == [1]
    await telling.flush()
    assert broker.told == [1, 49]


async def test_after_a_rest_what_came_meanwhile_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commits, "REST_SECONDS", 0.01)
    broker = Broker()
    telling = OffsetCommitter(broker.commit)
    telling.mark({PLACE: 1})
    await broker.heard.wait()
    broker.heard.clear()
    telling.mark({PLACE: 2})
    async with asyncio.timeout(5):
        await broker.heard.wait()
    assert broker.told == [1, 2]
    await telling.flush()


async def test_a_refusal_does_not_end_the_telling() -> None:
    broker = Broker()
    broker.fails = True
    telling = OffsetCommitter(broker.commit)
    telling.mark({PLACE: 1})
    await broker.heard.wait()
    telling.mark({PLACE: 2})
    await telling.flush()
    assert broker.told == [1, 2]
