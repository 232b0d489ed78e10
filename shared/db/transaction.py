"""The transaction: whoever opens it commits it, nobody inside does."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import TypeAlias, cast

import asyncpg

from shared.clock import in_city

Tx: TypeAlias = asyncpg.Connection
AfterCommit: TypeAlias = Callable[[asyncpg.Pool], None]

_waiting: ContextVar[dict[AfterCommit, None] | None] = ContextVar("after_commit", default=None)


@asynccontextmanager
async def transaction(pool: asyncpg.Pool) -> AsyncIterator[Tx]:
    """One transaction on one connection; leaving normally commits, an exception rolls back.

    What waits for the commit is done at once behind it, before the connection is given back.
    """
    outer, acts = _waiting.get(), dict[AfterCommit, None]()
    async with pool.acquire() as connection:
        _waiting.set(acts)
        try:
            async with connection.transaction():
                yield cast(Tx, connection)
        finally:
            _waiting.set(outer)
        for act in acts:
            act(pool)


@asynccontextmanager
async def reading(pool: asyncpg.Pool) -> AsyncIterator[Tx]:
    """A connection for single reads, each of which sees all that was committed before it."""
    async with pool.acquire() as connection:
        yield cast(Tx, connection)


def after_commit(act: AfterCommit) -> None:
    """Do this once, when the surrounding `transaction` has committed; nothing outside of one."""
    acts = _waiting.get()
    if acts is not None:
        acts[act] = None


async def city_now(tx: Tx) -> datetime:
    """The city's time (+07:00), one for all processes. Business facts take this and nothing else."""
    now: datetime = await tx.fetchval("SELECT city.now()")  # pyright: ignore[reportAssignmentType]  (never null)
    return in_city(now)
