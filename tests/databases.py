"""A fresh database a test: copies of templates in which every service's schema is migrated already."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import asyncpg

from deploy.local.servers.provision import DATABASES, provision_databases
from deploy.local.servers.urls import url_for
from shared.db.migrate import migrate
from shared.db.pool import create_pool

PASSWORD = "only-for-tests"
SERVICES = ("intake", "routing", "notification")
ROLES = (*SERVICES, "keyring_user")
ROOT = Path(__file__).parents[1]
PLUMBING = ROOT / "shared" / "messaging" / "migrations"


@dataclass
class Database:
    """Copies of `city` and `keyring` for one test."""

    admin_url: str
    name: str
    pools: list[asyncpg.Pool] = field(default_factory=list)

    def url(self, role: str) -> str:
        """The connection of a service's role (or `keyring`) to this test's database."""
        if role == "keyring":
            return url_for(self.admin_url, f"{self.name}_keyring", "keyring_user", PASSWORD)
        return url_for(self.admin_url, f"{self.name}_city", role, PASSWORD)

    @property
    def city_admin_url(self) -> str:
        """The administrator's connection to the copy of `city`."""
        return url_for(self.admin_url, f"{self.name}_city")

    async def pool(self, role: str, *, max_size: int = 6) -> asyncpg.Pool:
        """A pool of that role, closed with the database."""
        pool = await create_pool(self.url(role), min_size=1, max_size=max_size)
        self.pools.append(pool)
        return pool

    async def set_clock(self, at: datetime | None) -> None:
        """Let the city's clock stand at an instant, or run with the machine's again."""
        connection = await asyncpg.connect(self.city_admin_url)
        try:
            await connection.execute("UPDATE city.clock SET standing_at = $1", at)
        finally:
            await connection.close()

    async def drop(self) -> None:
        """Close what is open and forget it all."""
        for pool in self.pools:
            pool.terminate()
        await _on_server(
            self.admin_url,
            [f"DROP DATABASE IF EXISTS {self.name}_{kind} WITH (FORCE)" for kind in DATABASES],
        )


async def build_templates(admin_url: str) -> None:
    """The databases as a start would leave them, made once a run."""
    await provision_databases(admin_url, dict.fromkeys(ROLES, PASSWORD))
    for service in SERVICES:
        pool = await create_pool(url_for(admin_url, "city", service, PASSWORD), min_size=1, max_size=1)
        own = ROOT / "services" / service / "migrations"
        await migrate(pool, streams=[("messaging", PLUMBING), (service, own)])
        await pool.close()


async def copy_of(database: Database) -> Database:
    """The same world once more; nobody may be connected to the first, so its pools are closed."""
    for pool in database.pools:
        await pool.close()
    database.pools.clear()
    return await _copied(database.admin_url, f"{database.name}_")


async def copy_of_templates(admin_url: str) -> Database:
    """A database of its own for one test."""
    return await _copied(admin_url, "")


async def _copied(admin_url: str, template: str) -> Database:
    made = Database(admin_url, f"t{uuid4().hex[:12]}")
    server = await asyncpg.connect(admin_url)
    try:
        for kind in DATABASES:
            copy, original = f"{made.name}_{kind}", f"{template}{kind}"
            await server.execute(f"CREATE DATABASE {copy} TEMPLATE {original} STRATEGY FILE_COPY")
            await _copy_rights(server, original, copy)
    finally:
        await server.close()
    return made


async def _copy_rights(server: asyncpg.Connection, original: str, copy: str) -> None:
    """Grant on the copy what is granted on the original: `CREATE DATABASE … TEMPLATE` leaves it out."""
    grants = await server.fetch(
        """SELECT format('GRANT %s ON DATABASE %I TO %I', privilege_type, $2::text, pg_get_userbyid(grantee))
             FROM pg_database, aclexplode(datacl)
            WHERE datname = $1 AND grantee <> 0""",
        original,
        copy,
    )
    statements = [f"REVOKE ALL ON DATABASE {copy} FROM PUBLIC", *(grant[0] for grant in grants)]
    await server.execute("; ".join(statements))


async def _on_server(admin_url: str, statements: list[str]) -> None:
    connection = await asyncpg.connect(admin_url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()
