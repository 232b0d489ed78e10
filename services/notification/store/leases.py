"""A sender's lease: an advisory lock that PostgreSQL releases when its holder's connection ends."""

import asyncio
import secrets

import asyncpg

from shared.db.pool import connect

LOCK_CLASS = 0x6E6F7469  # "noti"


class SenderLease:
    """A random number, locked for as long as this process is connected to the database."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: asyncpg.Connection | None = None
        self._lock = asyncio.Lock()
        self.number = secrets.randbelow(2**31 - 1) + 1

    async def acquire(self) -> None:
        """Take the lock if it is not held, or if its connection was lost. Concurrent calls wait in turn."""
        async with self._lock:
            if self._connection is not None and not self._connection.is_closed():
                return
            connection = await connect(self._url, application="notification-lease")
            try:
                await connection.execute("SELECT pg_advisory_lock($1, $2)", LOCK_CLASS, self.number)
            except BaseException:
                connection.terminate()
                raise
            self._connection = connection

    async def release(self) -> None:
        """Release the lock. Messages still marked `sending` then count as abandoned."""
        if self._connection is not None:
            await self._connection.close()
            self._connection = None
