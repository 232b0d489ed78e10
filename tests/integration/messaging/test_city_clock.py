"""One clock for all services, and one schema for each."""

from datetime import datetime

import asyncpg
import pytest

from shared.clock import CITY_TZ, machine_now
from shared.db.transaction import city_now, transaction
from tests.databases import Database
from tests.integration.conftest import PoolFor

pytestmark = pytest.mark.integration
TET = datetime(2026, 2, 16, 9, 0, tzinfo=CITY_TZ)


async def test_the_city_keeps_machine_time_until_somebody_stops_its_clock(
    database: Database, pool_for: PoolFor
) -> None:
    pool = await pool_for("routing")
    async with transaction(pool) as tx:
        assert abs((await city_now(tx) - machine_now()).total_seconds()) < 60
    await database.set_clock(TET)
    async with transaction(pool) as tx:
        now = await city_now(tx)
    assert now == TET
    assert now.utcoffset() == TET.utcoffset()


async def test_no_service_reads_the_tables_of_another(pool_for: PoolFor) -> None:
    notification = await pool_for("notification")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await notification.fetch("SELECT 1 FROM intake.outbox")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await notification.execute("UPDATE city.clock SET standing_at = now()")
