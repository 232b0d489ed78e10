"""Provisioning of PostgreSQL and Kafka: roles, schemas, databases, the clock, topics.

Run as `python -m deploy.local.servers.provision` with MOTCUA_ADMIN_URL, MOTCUA_ROLE_PASSWORDS (JSON) and
MOTCUA_KAFKA, and with MOTCUA_CITY_AT for a clock that stands. It may be run any number of times.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import asyncpg

from deploy.local.clock import set_clock
from deploy.local.servers.topics import create_topics
from deploy.local.servers.urls import url_for
from shared.db.migrate import migrate
from shared.db.pool import create_pool
from shared.security.keyring import MIGRATIONS as KEYRING_MIGRATIONS

SQL = Path(__file__).parents[2] / "postgres"
DATABASES = ("city", "keyring")
KEYRING_ROLE = "keyring_user"


async def provision_databases(admin_url: str, passwords: Mapping[str, str]) -> None:
    """Create roles with these passwords, and both databases by the scripts in deploy/postgres."""
    server = await asyncpg.connect(admin_url)
    try:
        await server.execute((SQL / "roles.sql").read_text("utf-8"))
        await _set_passwords(server, passwords)
        for name in DATABASES:
            if not await server.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
                await server.execute(f"CREATE DATABASE {name}")
    finally:
        await server.close()
    for name in DATABASES:
        await _run_sql(url_for(admin_url, name), (SQL / f"{name}.sql").read_text("utf-8"))
    await _migrate_keyring(url_for(admin_url, "keyring", KEYRING_ROLE, passwords[KEYRING_ROLE]))


async def _set_passwords(server: asyncpg.Connection, passwords: Mapping[str, str]) -> None:
    for role, password in passwords.items():
        statement = await server.fetchval(
            "SELECT format('ALTER ROLE %I PASSWORD %L', $1::text, $2::text)", role, password
        )
        await server.execute(str(statement))


async def _run_sql(url: str, text: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(text)
    finally:
        await connection.close()


async def _migrate_keyring(url: str) -> None:
    pool = await create_pool(url, min_size=1, max_size=1)
    try:
        await migrate(pool, streams=[("keyring", KEYRING_MIGRATIONS)])
    finally:
        await pool.close()


async def _main() -> None:
    admin_url = os.environ["MOTCUA_ADMIN_URL"]
    await provision_databases(admin_url, json.loads(os.environ["MOTCUA_ROLE_PASSWORDS"]))
    if at := os.environ.get("MOTCUA_CITY_AT"):
        await set_clock(url_for(admin_url, "city"), datetime.fromisoformat(at))
    created = create_topics(os.environ["MOTCUA_KAFKA"])
    print(f"provisioned; {created} topics made")  # noqa: T201


if __name__ == "__main__":
    asyncio.run(_main())
