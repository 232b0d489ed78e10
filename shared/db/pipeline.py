"""A pipeline that sends several writes as one statement, in one round trip."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

from shared.db.transaction import Tx, Write, execute_combined, take_deferred


class _WriteCollector:
    """A transaction that runs queries at once and collects writes."""

    def __init__(self, tx: Tx) -> None:
        self.fetch, self.fetchrow, self.fetchval = tx.fetch, tx.fetchrow, tx.fetchval
        self.writes: list[Write] = []

    async def execute(self, query: str, *arguments: Any) -> None:
        self.writes.append((query, arguments))


@asynccontextmanager
async def pipeline(tx: Tx) -> AsyncIterator[Tx]:
    """Run queries at once, and send all writes (INSERT, UPDATE, DELETE) together at the end.

    Each write sees the rows as before all of them: none may read or change a row that another writes.
    Foreign keys are checked at the end of all. After an exception nothing is sent. Names of WITH queries
    must differ.
    """
    collector = _WriteCollector(tx)
    yield cast(Tx, collector)
    if writes := take_deferred(tx) + collector.writes:
        await execute_combined(tx, writes)
