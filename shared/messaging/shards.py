"""Who relays which shard: 64 advisory locks held by one lasting connection, which also hears the bell."""

import asyncpg

from shared.db.pool import connect
from shared.messaging.murmur2 import SHARDS
from shared.messaging.wake import Bell

_LOCKS = """
SELECT n FROM generate_series(0, $1::int - 1) AS n
 WHERE NOT n = ANY($2::int[])
   AND pg_try_advisory_lock(hashtext('outbox.' || current_schema()), n)"""


class Shards:
    """The shards this process may send from, for as long as its connection lives."""

    def __init__(self, url: str, bell: Bell) -> None:
        self._url, self._bell = url, bell
        self._connection: asyncpg.Connection | None = None
        self._channel = ""
        self.held: frozenset[int] = frozenset()

    @property
    def alive(self) -> bool:
        """Whether the locks still stand; without them another process may be sending already."""
        return self._connection is not None and not self._connection.is_closed()

    async def open(self) -> None:
        """Connect, listen, and take what is free."""
        connection = await connect(self._url, application="motcua relay")
        connection.add_termination_listener(self._lost)
        self._connection = connection
        self._channel = "outbox." + str(await connection.fetchval("SELECT current_schema()"))
        await connection.add_listener(self._channel, lambda *_: self._bell.ring(near=False))
        await self.take_free()

    async def take_free(self) -> None:
        """Take shards nobody holds (any more)."""
        if self._connection is not None and len(self.held) < SHARDS:
            rows = await self._connection.fetch(_LOCKS, SHARDS, list(self.held))
            self.held |= {row["n"] for row in rows}

    async def tell_others(self) -> None:
        """Rows were committed here whose shard another process holds: one NOTIFY for many commits."""
        if self._connection is not None and len(self.held) < SHARDS:
            await self._connection.execute("SELECT pg_notify($1, '')", self._channel)

    async def close(self) -> None:
        """Let the locks go."""
        connection, self._connection, self.held = self._connection, None, frozenset()
        if connection is not None and not connection.is_closed():
            connection.remove_termination_listener(self._lost)
            try:
                await connection.close(timeout=2)
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                connection.terminate()

    def _lost(self, _connection: object) -> None:
        self.held = frozenset()
        self._bell.ring(near=False)
