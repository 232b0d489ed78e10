"""The connection pool of a service, with time limits on both sides of the socket."""

from typing import Any

import asyncpg
import orjson

SERVER_LIMITS = {
    "statement_timeout": "30s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
    "jit": "off",
}


async def create_pool(
    url: str, *, min_size: int = 2, max_size: int = 8, application: str = "motcua"
) -> asyncpg.Pool:
    """An open pool. `jsonb` is read and written as Python values.

    Use `connect` for session state (locks, LISTEN, SET): a released connection is rolled back if necessary
    and not reset, which would cost a statement after each use.
    """
    return await asyncpg.create_pool(
        url,
        min_size=min_size,
        max_size=max_size,
        command_timeout=35,
        init=prepare_connection,
        reset=_keep_session,
        server_settings={**SERVER_LIMITS, "application_name": application},
    )


async def connect(url: str, *, application: str = "motcua", **settings: str) -> asyncpg.Connection:
    """A single connection outside the pool, for session state: locks, LISTEN, settings."""
    connection = await asyncpg.connect(
        url, command_timeout=35, timeout=10, server_settings={"application_name": application, **settings}
    )
    await prepare_connection(connection)
    return connection


async def prepare_connection(connection: asyncpg.Connection) -> None:
    """Set the JSON codecs of a connection."""
    for name in ("json", "jsonb"):
        await connection.set_type_codec(name, encoder=_to_json, decoder=orjson.loads, schema="pg_catalog")


async def _keep_session(_: asyncpg.Connection) -> None:
    """Replaces asyncpg's reset, which is a query."""


def _to_json(value: Any) -> str:
    return orjson.dumps(value).decode()
