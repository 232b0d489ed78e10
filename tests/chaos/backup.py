"""A backup of the city's database, and putting it back; nobody may be connected meanwhile."""

import asyncpg

from tests.databases import ROOT, Database


async def take(database: Database) -> str:
    """Copy it as it is now; answers the copy's name."""
    name = f"{database.name}_backup"
    await _on_server(database, [f"CREATE DATABASE {name} TEMPLATE {database.name}_city"])
    return name


async def put_back(database: Database, name: str) -> None:
    """In place of what is there now, which is lost."""
    await _on_server(
        database,
        [
            f"DROP DATABASE {database.name}_city WITH (FORCE)",
            f"CREATE DATABASE {database.name}_city TEMPLATE {name}",
            f"DROP DATABASE {name}",
        ],
    )
    city = await asyncpg.connect(database.city_admin_url)  # rights to connect are not copied with a template
    await city.execute((ROOT / "deploy" / "postgres" / "city.sql").read_text("utf-8"))
    await city.close()


async def _on_server(database: Database, statements: list[str]) -> None:
    connection = await asyncpg.connect(database.admin_url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()
