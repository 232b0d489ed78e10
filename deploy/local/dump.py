"""The decrypted business data of all services as text. Equal data give equal text."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from deploy.local.home import home
from deploy.local.keys import Keys, read_keys
from deploy.local.launching.assemble import service_secrets
from deploy.local.stack import Stack
from services.intake.usecases import dump_world as intake
from services.notification.usecases import dump_world as notification
from services.routing.usecases import dump_world as routing
from shared.db.pool import create_pool
from shared.db.transaction import transaction
from shared.security.keyring import Keyring


async def canonical(stack: Stack) -> str:
    """One JSON line per row, ordered by code and service, without ids, machine times and nonces."""
    keys = read_keys(home())
    async with _pool(keys, stack, "routing", "DATABASE") as pool, transaction(pool) as tx:
        rows_by_service = {"routing": await routing.dump_rows(tx)}
    async with _sealed(keys, stack, "intake") as (pool, keyring), transaction(pool) as tx:
        rows_by_service["intake"] = await intake.dump_rows(tx, keyring)
    async with _sealed(keys, stack, "notification") as (pool, keyring), transaction(pool) as tx:
        rows_by_service["notification"] = await notification.dump_rows(tx, keyring)
    return as_text(rows_by_service)


def as_text(rows_by_service: Mapping[str, Iterable[Mapping[str, Any]]]) -> str:
    """The lines in order; those without a code come last."""
    lines = [
        (str(row.get("code") or "~"), service, json.dumps(row, ensure_ascii=False, sort_keys=True))
        for service, rows in rows_by_service.items()
        for row in rows
    ]
    return "".join(f"{service} {row}\n" for _, service, row in sorted(lines))


@asynccontextmanager
async def _sealed(keys: Keys, stack: Stack, service: str) -> AsyncIterator[tuple[asyncpg.Pool, Keyring]]:
    """A service's pool, with the keyring that decrypts its data."""
    master = base64.b64decode(keys.master_keys["master"])
    async with (
        _pool(keys, stack, service, "DATABASE") as pool,
        _pool(keys, stack, service, "KEYRING") as keyring_pool,
    ):
        yield pool, Keyring(keyring_pool, master)


@asynccontextmanager
async def _pool(keys: Keys, stack: Stack, service: str, purpose: str) -> AsyncIterator[asyncpg.Pool]:
    url = service_secrets(service, keys, stack.postgres_url)[f"MOTCUA_{purpose}_URL"]
    pool = await create_pool(url, min_size=1, max_size=2)
    try:
        yield pool
    finally:
        await pool.close()
