"""Writes nobody waits for, sent as one statement: a round trip for all of them instead of one each."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

from shared.db.transaction import Tx, Write, execute_combined, take_deferred


class _WriteCollector:
    """A transaction that fetches at once and keeps what it is to execute."""

    def __init__(self, tx: Tx) -> None:
        self.fetch, self.fetchrow, self.fetchval = tx.fetch, tx.fetchrow, tx.fetchval
        self.writes: list[Write] = []

    async def execute(self, query: str, *arguments: Any) -> None:
        self.writes.append((query, arguments))


@asynccontextmanager
async def pipeline(tx: Tx) -> AsyncIterator[Tx]:
    """What is fetched within runs at once; INSERT, UPDATE, DELETE executed within go together at the end.

    Each of them sees the rows as they were before all: none may read or change a row that another writes.
    Foreign keys are checked at the end, over what all have written. Left by an exception, nothing is sent.
    What they name by WITH is theirs alone: two of them may not use one name.
    """
    collector = _WriteCollector(tx)
    yield cast(Tx, collector)
    if writes := take_deferred(tx) + collector.writes:
        await execute_combined(tx, writes)
