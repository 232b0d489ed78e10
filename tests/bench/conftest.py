"""Benches in tests show that they run; no speed is asserted, since a test machine is never quiet."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import databases, servers
from tests.bench import cpu
from tests.bench.rig import Rig


@pytest.fixture(scope="session")
async def rig(run_folder: Path, run_pid: int, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Rig]:
    """A rig over the run's own PostgreSQL and Kafka (which need not be durable here)."""
    url = servers.address("postgres", run_folder, run_pid)
    bootstrap = servers.address("kafka", run_folder, run_pid)
    with servers.alone(run_folder / "templates.lock"):
        built = run_folder / "templates.built"
        if not built.exists():
            await databases.build_templates(url)
            built.touch()
    meter = cpu.Meter({"postgres": [], "kafka": []})
    made = Rig(tmp_path_factory.mktemp("bench"), url, bootstrap, meter)
    async with made.stack:
        yield made
