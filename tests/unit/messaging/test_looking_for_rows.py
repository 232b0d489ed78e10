"""While it sends, the relay looks for more only where there may be more."""

from collections.abc import Callable
from functools import partial
from typing import Any, cast

import asyncpg
import pytest

from shared.messaging.publish import relay
from shared.messaging.publish.relay import Relay
from shared.messaging.publish.shards import ShardLocks
from shared.messaging.publish.wakeup import WakeupEvent


class Table:
    """An outbox of so many rows, and how often it was looked at."""

    def __init__(self, rows: int = 0) -> None:
        self.rows, self.looks, self.told = rows, 0, 0
        self.locked_shards = frozenset({0})
        self.meanwhile: Callable[[], None] = lambda: None

    async def query(self, _query: str, _usable: list[int], in_flight: list[int], limit: int) -> list[Any]:
        self.looks += 1
        self.meanwhile()
        left = [n for n in range(self.rows) if n not in in_flight][:limit]
        return [(n, 0, "dossier.events", "key", b"", b"[]") for n in left]

    async def notify_owners(self) -> None:
        self.told += 1


async def looks(table: Table, bell: WakeupEvent) -> tuple[Relay, ShardLocks]:
    """A relay that has taken its first rows."""
    own = Relay(cast(asyncpg.Pool, None), "kafka", url="", source="intake")
    shards = cast(ShardLocks, table)
    await own._read(shards, bell, [])
    table.looks = 0
    return own, shards


async def test_behind_the_last_rows_it_does_not_look_again() -> None:
    table, bell = Table(3), WakeupEvent()
    own, shards = await looks(table, bell)
    assert await own._read_next(shards, bell, [0, 1, 2]) == []
    assert table.looks == 0


async def test_a_commit_while_it_sends_makes_it_look_once() -> None:
    table, bell = Table(3), WakeupEvent()
    own, shards = await looks(table, bell)
    table.rows = 4
    bell.set(local=True)
    assert [row.position for row in await own._read_next(shards, bell, [0, 1, 2])] == [3]
    assert await own._read_next(shards, bell, [0, 1, 2, 3]) == []
    assert (table.looks, table.told) == (1, 1)


async def test_a_commit_while_it_looks_makes_it_look_again() -> None:
    table, bell = Table(1), WakeupEvent()
    own, shards = await looks(table, bell)
    table.meanwhile = partial(bell.set, local=True)
    bell.set(local=True)
    assert await own._read_next(shards, bell, [0]) == []
    table.rows = 2
    assert [row.position for row in await own._read_next(shards, bell, [0])] == [1]


async def test_behind_a_full_chunk_it_looks_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "CHUNK", 2)
    table, bell = Table(3), WakeupEvent()
    own, shards = await looks(table, bell)
    assert [row.position for row in await own._read_next(shards, bell, [0, 1])] == [2]
    assert await own._read_next(shards, bell, [0, 1, 2]) == []
    assert table.looks == 1
