"""The databases of a service, opened with migrated schemas."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

import shared.messaging
from shared.db.migrate import migrate
from shared.db.pool import create_pool
from shared.security import keyring
from shared.security.keyring import Keyring
from shared.service.settings import KeyringSettings, ServiceSettings

MESSAGING_MIGRATIONS = Path(shared.messaging.__file__).parent / "migrations"


@asynccontextmanager
async def open_pool(settings: ServiceSettings, folder: Path) -> AsyncIterator[asyncpg.Pool]:
    """The service's own database; `folder` is its package, which has a folder of migrations."""
    streams = (("messaging", MESSAGING_MIGRATIONS), (settings.service, folder / "migrations"))
    url = settings.database_url.get_secret_value()
    async with await create_pool(url, application=settings.service) as pool:
        await migrate(pool, streams)
        yield pool


@asynccontextmanager
async def open_keyring(settings: KeyringSettings) -> AsyncIterator[Keyring]:
    """The keyring of persons' data keys, in a database that services share."""
    url = settings.keyring_url.get_secret_value()
    async with await create_pool(url, min_size=1, max_size=4, application=settings.service) as pool:
        await migrate(pool, (("keyring", keyring.MIGRATIONS),))
        yield Keyring(pool, settings.master_key_bytes)
