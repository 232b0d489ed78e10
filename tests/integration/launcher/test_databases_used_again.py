"""A database that a test has used is as new for the next one."""

import asyncpg
import pytest

from tests import used_again
from tests.databases import Database

pytestmark = pytest.mark.integration


async def run(database: Database, *statements: str) -> None:
    connection = await asyncpg.connect(database.city_admin_url)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


async def contents(database: Database) -> dict[str, list[asyncpg.Record]]:
    connection = await asyncpg.connect(database.city_admin_url)
    tables = await connection.fetch(used_again.TABLES, used_again.SCHEMAS)
    names = [f"{schema}.{table}" for schema, table in tables]
    rows = {name: await connection.fetch(f"TABLE {name}") for name in names}
    rows["sequences"] = await connection.fetch(used_again.SEQUENCES)
    await connection.close()
    return rows


async def test_rows_sequences_and_tables_of_a_test_are_gone_and_nobody_finds_it_by_its_name(
    postgres_url: str,
) -> None:
    used = await used_again.take(postgres_url)
    beginning = await contents(used)
    await run(
        used,
        "UPDATE city.clock SET standing_at = now()",
        "DELETE FROM intake.schema_migrations",
        "SELECT nextval('routing.outbox_position_seq')",
        "CREATE TABLE routing.effects (n bigint)",
    )
    assert await contents(used) != beginning

    await used_again.give_back(used)
    again = await used_again.take(postgres_url)

    assert await contents(again) == beginning
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await asyncpg.connect(used.city_admin_url)
    await used_again.give_back(again)


async def test_a_database_whose_schema_was_changed_is_not_used_again(postgres_url: str) -> None:
    used = await used_again.take(postgres_url)
    connection = await asyncpg.connect(used.city_admin_url)
    oid = await connection.fetchval("SELECT oid FROM pg_database WHERE datname = current_database()")
    await connection.execute("ALTER TABLE city.clock ADD COLUMN note text")
    await connection.close()

    await used_again.give_back(used)

    server = await asyncpg.connect(postgres_url)
    assert not await server.fetchval("SELECT true FROM pg_database WHERE oid = $1", oid)
    await server.close()
