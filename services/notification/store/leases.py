"""A sender's lease: an advisory lock that falls free when its holder dies, however it dies."""

import secrets

import asyncpg

from shared.db.pool import connect

LOCK_CLASS = 0x6E6F7469  # "noti"


class Lease:
    """A number of our own, locked for as long as this process can speak to the database."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: asyncpg.Connection | None = None
        self.number = secrets.randbelow(2**31 - 1) + 1

    async def hold(self) -> None:
        """Take the lock, again if the connection was lost."""
        if self._connection is not None and not self._connection.is_closed():
            return
        connection = await connect(self._url, application="notification-lease")
        await connection.execute("SELECT pg_advisory_lock($1, $2)", LOCK_CLASS, self.number)
        self._connection = connection

    async def release(self) -> None:
        """Let it go: what is still marked `sending` is then in doubt."""
        if self._connection is not None:
            await self._connection.close()
            self._connection = None
