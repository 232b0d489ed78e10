"""Distribution of 64 shards among relays by advisory locks of one connection, which also listens.

The relays of a service share them evenly: each takes free shards up to its share, and releases others.
"""

from typing import Any

import asyncpg

from shared.db.pool import connect
from shared.messaging.publish.wakeup import WakeupEvent
from shared.messaging.record.murmur2 import SHARDS

_LOCKS = """
SELECT n FROM generate_series(0, $1::int - 1) AS n
 WHERE NOT n = ANY($2::int[])
   AND pg_try_advisory_lock(hashtext('outbox.' || current_schema()), n)
 LIMIT $3"""

_UNLOCK = "SELECT pg_advisory_unlock(hashtext('outbox.' || current_schema()), n) FROM unnest($1::int[]) AS n"

_RELAYS = """
SELECT pid FROM pg_stat_activity
 WHERE datname = current_database() AND usename = current_user AND application_name = $1"""

APPLICATION = "motcua relay"


class ShardLocks:
    """The shards that this process may send, while its connection lives."""

    def __init__(self, url: str, wakeup_event: WakeupEvent) -> None:
        self._url, self._wakeup_event = url, wakeup_event
        self._connection: asyncpg.Connection | None = None
        self._channel = ""
        self.locked_shards: frozenset[int] = frozenset()

    @property
    def is_connected(self) -> bool:
        """Whether the locks are still held; if not, another process may be sending already."""
        return self._connection is not None and not self._connection.is_closed()

    async def open(self) -> None:
        """Connect, listen, and take free shards."""
        # A plan cached while the outbox was empty would read and sort all of it each time.
        connection = await connect(self._url, application=APPLICATION, enable_seqscan="off")
        connection.add_termination_listener(self._lost)
        self._connection = connection
        self._channel = "outbox." + str(await connection.fetchval("SELECT current_schema()"))
        await connection.add_listener(self._channel, lambda *_: self._wakeup_event.set(local=False))
        await self.rebalance()

    async def rebalance(self) -> None:
        """Take free shards up to an even share, and release others. Call it while nothing is being sent."""
        connection = self._connection
        if connection is None:
            return
        relays = len(await connection.fetch(_RELAYS, APPLICATION))
        surplus = len(self.locked_shards) - -(-SHARDS // relays)
        if surplus > 0:
            released = sorted(self.locked_shards)[-surplus:]
            self.locked_shards -= frozenset(released)
            await connection.execute(_UNLOCK, released)
        elif surplus < 0:
            rows = await connection.fetch(_LOCKS, SHARDS, list(self.locked_shards), -surplus)
            self.locked_shards |= {row["n"] for row in rows}

    async def query(self, query: str, *arguments: Any) -> list[asyncpg.Record]:
        """Query over the connection of the locks: an answer means that they are held. Empty without one."""
        return [] if self._connection is None else await self._connection.fetch(query, *arguments)

    async def notify_owners(self) -> None:
        """Notify other processes of rows in their shards: one NOTIFY for many commits."""
        if self._connection is not None and len(self.locked_shards) < SHARDS:
            await self._connection.execute("SELECT pg_notify($1, '')", self._channel)

    async def close(self) -> None:
        """Release the locks."""
        connection, self._connection, self.locked_shards = self._connection, None, frozenset()
        if connection is not None and not connection.is_closed():
            connection.remove_termination_listener(self._lost)
            try:
                await connection.close(timeout=2)
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                connection.terminate()

    def _lost(self, _connection: object) -> None:
        self.locked_shards = frozenset()
        self._wakeup_event.set(local=False)
