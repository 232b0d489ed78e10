"""Notification's use cases on a real database, against real sinks on loopback."""

from collections.abc import AsyncIterator

import pytest

from services.notification.store.leases import SenderLease
from tests.builders.notification import FRIDAY, Office
from tests.databases import Database


@pytest.fixture
async def office(database: Database) -> Office:
    """Notification with the catalogue published, on a Friday morning."""
    await database.set_clock(FRIDAY)
    made = Office(await database.pool("notification"), await database.pool("keyring"))
    await made.learn()
    return made


@pytest.fixture
async def lease(database: Database) -> AsyncIterator[SenderLease]:
    """This process's right to send."""
    held = SenderLease(database.url("notification"))
    await held.acquire()
    yield held
    await held.release()
