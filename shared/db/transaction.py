"""Transactions. Only the code that opens one commits it."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any, TypeAlias, cast

import asyncpg

from shared.clock import to_city_time
from shared.db.combine_statements import combine_statements

Tx: TypeAlias = asyncpg.Connection
AfterCommit: TypeAlias = Callable[[asyncpg.Pool], None]

Write: TypeAlias = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class _OpenTransaction:
    """An open transaction: deferred writes, and callbacks for its commit."""

    tx: Tx
    writes: list[Write] = field(default_factory=list)
    callbacks: dict[AfterCommit, None] = field(default_factory=dict)


_open: ContextVar[_OpenTransaction | None] = ContextVar("open_transaction", default=None)


@asynccontextmanager
async def transaction(pool: asyncpg.Pool) -> AsyncIterator[Tx]:
    """A transaction: leaving normally commits, an exception rolls back.

    Callbacks of `after_commit` run right after the commit, before the connection is released.
    """
    outer = _open.get()
    async with pool.acquire() as connection:
        current = _OpenTransaction(cast(Tx, connection))
        _open.set(current)
        try:
            async with connection.transaction():
                yield current.tx
                if writes := take_deferred(current.tx):
                    await execute_combined(current.tx, writes)
        finally:
            _open.set(outer)
        for callback in current.callbacks:
            callback(pool)


@asynccontextmanager
async def read_connection(pool: asyncpg.Pool) -> AsyncIterator[Tx]:
    """A connection for single queries, each of which sees everything committed before it."""
    async with pool.acquire() as connection:
        yield cast(Tx, connection)


def after_commit(callback: AfterCommit) -> None:
    """Call this once after the surrounding `transaction` has committed. No effect outside of one."""
    current = _open.get()
    if current is not None:
        current.callbacks[callback] = None


async def defer_write(tx: Tx, query: str, *arguments: Any) -> None:
    """Send a write together with the next pipeline, at the latest before the commit; at once outside of a
    `transaction`. Until then nothing may read or write its rows.
    """
    current = _open.get()
    if current is None or current.tx is not tx:
        await tx.execute(query, *arguments)
    else:
        current.writes.append((query, arguments))


def take_deferred(tx: Tx) -> list[Write]:
    """Remove and return the deferred writes of this transaction; the caller must send them."""
    current = _open.get()
    if current is None or current.tx is not tx:
        return []
    writes = current.writes.copy()
    current.writes.clear()
    return writes


async def execute_combined(tx: Tx, writes: Sequence[Write]) -> None:
    """Execute these writes as one statement."""
    query = combine_statements(
        tuple(query for query, _ in writes), tuple(len(arguments) for _, arguments in writes)
    )
    await tx.execute(query, *chain.from_iterable(arguments for _, arguments in writes))


async def city_now(tx: Tx) -> datetime:
    """The city's time (+07:00), the same for all processes. All business facts use it."""
    now: datetime = await tx.fetchval("SELECT city.now()")  # pyright: ignore[reportAssignmentType]  (never null)
    return to_city_time(now)
