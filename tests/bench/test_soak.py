"""A soak says what grows; its history is made of real rows."""

from pathlib import Path

import asyncpg
import pytest

from tests.bench import history, soak
from tests.bench.rig import Rig
from tests.bench.soak import Look, Soak


def look(memory_mib: int, outbox_rows: int = 10) -> Look:
    return Look(100.0, 0, 5.0, outbox_rows, 0, 0, {"intake": memory_mib * 2**20})


def verdict(of: Soak) -> dict[str, str]:
    return {row[0]: row[-1] for row in soak.rows(of)}


def test_memory_that_stays_is_flat_and_memory_that_climbs_is_called_so() -> None:
    steady = Soak(200.0, looks=[look(100) for _ in range(9)])
    leaking = Soak(200.0, looks=[look(100 + 20 * n) for n in range(9)])

    assert verdict(steady)["memory of intake, MiB"] == "flat"
    assert verdict(leaking)["memory of intake, MiB"] == "GROWS"


def test_an_outbox_that_fills_is_called_so() -> None:
    filling = Soak(200.0, looks=[look(100, outbox_rows=5000 * n) for n in range(9)])

    assert verdict(filling)["rows in outboxes"] == "GROWS"


def test_what_was_accepted_and_never_arrived_is_lost() -> None:
    assert Soak(200.0, filed=100, arrived=97).lost == 3


@pytest.mark.integration
async def test_history_fills_the_real_tables(rig: Rig, tmp_path: Path) -> None:
    async with rig.databases(1) as [database]:
        await history.fill(database, 1100, tmp_path)

        connection = await asyncpg.connect(database.city_admin_url)
        found = await connection.fetchrow(
            """SELECT (SELECT count(*) FROM intake.dossiers) AS dossiers,
                      (SELECT count(*) FROM routing.tasks) AS tasks,
                      (SELECT count(*) FROM routing.case_history) AS told"""
        )
        await connection.close()
    assert found is not None
    assert tuple(found) == (100, 200, 200)
