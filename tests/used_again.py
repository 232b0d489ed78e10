"""Databases that tests use one after another.

To copy the templates writes 18 MB a test. A database that was used is emptied instead, gets the rows it began
with, and a new name, so that whatever is still running for the last test finds nothing. Tables that a test
made are dropped; a database whose schema it changed otherwise is dropped as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from uuid import uuid4

import asyncpg

from deploy.local.servers.provision import DATABASES
from deploy.local.servers.urls import url_for
from tests import databases
from tests.databases import Database

SCHEMAS = ("city", "keyring", "intake", "routing", "notification", "public")
FINGERPRINT = r"""
    WITH ours AS (SELECT oid, nspname, nspacl FROM pg_namespace WHERE nspname = ANY ($1)),
         relations AS (SELECT c.* FROM pg_class c JOIN ours ON ours.oid = relnamespace)
    SELECT md5(string_agg(line, E'\n' ORDER BY line)) FROM (
        SELECT datacl::text FROM pg_database WHERE datname = current_database()
        UNION ALL SELECT format('%s %s', nspname, nspacl) FROM ours
        UNION ALL SELECT format('%s %s %s %s', oid::regclass, relkind, relacl, reloptions) FROM relations
        UNION ALL
        SELECT format('%s %s %s %s %s %s', attrelid::regclass, attname, atttypid::regtype, attnotnull,
                      attidentity, pg_get_expr(adbin, adrelid))
          FROM pg_attribute LEFT JOIN pg_attrdef ON (adrelid, adnum) = (attrelid, attnum)
         WHERE attrelid IN (SELECT oid FROM relations) AND attnum > 0 AND NOT attisdropped
        UNION ALL SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
          FROM pg_constraint WHERE connamespace IN (SELECT oid FROM ours)
        UNION ALL SELECT format('%s %s %s', tgrelid::regclass, tgname, tgenabled)
          FROM pg_trigger WHERE tgrelid IN (SELECT oid FROM relations)
        UNION ALL SELECT format('%s %s %s', oid::regprocedure, proacl, pg_get_functiondef(oid))
          FROM pg_proc WHERE pronamespace IN (SELECT oid FROM ours) AND prokind = 'f'
    ) AS lines (line)"""
"""Everything of a schema but its rows."""
TABLES = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY ($1) ORDER BY 1, 2"
WHICH_HAVE_ROWS = """
    SELECT string_agg(format('SELECT %L, %L WHERE EXISTS (SELECT FROM %I.%I)',
                             schemaname, tablename, schemaname, tablename), ' UNION ALL ')
      FROM pg_tables WHERE schemaname = ANY ($1)"""
SEQUENCES = """
    SELECT format('%I.%I', schemaname, sequencename) AS name, start_value, last_value FROM pg_sequences"""

Table = tuple[str, str]
"""A schema's name and a table's."""


@dataclass(frozen=True)
class Beginning:
    """What a database is before any test: its fingerprint, its rows by table, where its sequences stand."""

    fingerprint: str
    tables: frozenset[Table]
    rows: Mapping[Table, bytes]
    sequences: Mapping[str, int | None]


_beginnings: dict[str, Beginning] = {}
_spare: list[Database] = []


async def take(admin_url: str) -> Database:
    """A database as new."""
    if _spare:
        return _spare.pop()
    database = await databases.copy_of_templates(admin_url)
    if not _beginnings:
        for kind in DATABASES:
            connection = await asyncpg.connect(url_for(admin_url, f"{database.name}_{kind}"))
            _beginnings[kind] = await _read(connection)
            await connection.close()
    return database


async def give_back(database: Database) -> None:
    """Make it as new for the next test, or drop it."""
    for pool in database.pools:
        pool.terminate()
    renamed = await _rename(database)
    for kind in DATABASES:
        if not await _restore(renamed, kind):
            await renamed.drop()
            return
    _spare.append(renamed)


async def _rename(database: Database) -> Database:
    """The same under another name, with nobody connected."""
    renamed = Database(database.admin_url, f"t{uuid4().hex[:12]}")
    server = await asyncpg.connect(database.admin_url)
    try:
        for kind in DATABASES:
            name = f"{database.name}_{kind}"
            await server.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1", name
            )
            await server.execute(f"ALTER DATABASE {name} RENAME TO {renamed.name}_{kind}")
    finally:
        await server.close()
    return renamed


async def _restore(database: Database, kind: str) -> bool:
    """Put back the rows of the beginning; False if the schema is another."""
    beginning = _beginnings[kind]
    connection = await asyncpg.connect(url_for(database.admin_url, f"{database.name}_{kind}"))
    try:
        for schema, table in await _tables(connection):
            if (schema, table) not in beginning.tables:
                await connection.execute(f"DROP TABLE {schema}.{table} CASCADE")
        if await connection.fetchval(FINGERPRINT, SCHEMAS) != beginning.fingerprint:
            return False
        async with connection.transaction():
            await connection.execute("SET LOCAL session_replication_role = replica")  # no trigger looks on
            await _empty(connection)
            for (schema, table), rows in beginning.rows.items():
                await connection.copy_to_table(
                    table, schema_name=schema, source=BytesIO(rows), format="binary"
                )
            for row in await connection.fetch(SEQUENCES):
                await _set_sequence(connection, row, beginning.sequences[row["name"]])
    finally:
        await connection.close()
    return True


async def _read(connection: asyncpg.Connection) -> Beginning:
    rows: dict[Table, bytes] = {}
    for schema, table in await _filled(connection):
        copy = BytesIO()
        await connection.copy_from_table(table, schema_name=schema, output=copy, format="binary")
        rows[schema, table] = copy.getvalue()
    sequences = {row["name"]: row["last_value"] for row in await connection.fetch(SEQUENCES)}
    tables = frozenset(await _tables(connection))
    fingerprint = str(await connection.fetchval(FINGERPRINT, SCHEMAS))
    return Beginning(fingerprint, tables, rows, sequences)


async def _tables(connection: asyncpg.Connection) -> list[Table]:
    return [(schema, table) for schema, table in await connection.fetch(TABLES, SCHEMAS)]


async def _filled(connection: asyncpg.Connection) -> list[Table]:
    """Tables with a row."""
    question = await connection.fetchval(WHICH_HAVE_ROWS, SCHEMAS)
    return [(schema, table) for schema, table in await connection.fetch(question)]


async def _empty(connection: asyncpg.Connection) -> None:
    filled = [f"{schema}.{table}" for schema, table in await _filled(connection)]
    if filled:
        await connection.execute(f"TRUNCATE {', '.join(filled)} CASCADE")


async def _set_sequence(connection: asyncpg.Connection, row: asyncpg.Record, last: int | None) -> None:
    if row["last_value"] != last:
        next_value = row["start_value"] if last is None else last + 1
        await connection.execute("SELECT setval($1::text::regclass, $2, false)", row["name"], next_value)
