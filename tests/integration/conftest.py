"""A real PostgreSQL and a real Kafka, started once a run; databases and topics fresh for each test."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from tests import databases, servers, used_again
from tests.builders.templates import compiled_once
from tests.databases import Database
from tests.leftover_topics import delete_topics

PoolFor = Callable[[str], Awaitable[asyncpg.Pool]]


@pytest.fixture(scope="session", autouse=True)
def templates_compiled_once() -> Iterator[None]:
    """For every app of these tests."""
    with compiled_once():
        yield


@pytest.fixture(scope="session")
async def postgres_url(run_folder: Path, run_pid: int) -> str:
    """The administrator's address, with the templates built."""
    url = servers.address("postgres", run_folder, run_pid)
    with servers.alone(run_folder / "templates.lock"):
        built = run_folder / "templates.built"
        if not built.exists():
            await databases.build_templates(url)
            built.touch()
    return url


@pytest.fixture(scope="session")
def kafka(run_folder: Path, run_pid: int) -> str:
    """Bootstrap servers of the run's Kafka."""
    return servers.address("kafka", run_folder, run_pid)


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[Database]:
    """All schemas as new for this test, with the city's clock running."""
    made = await used_again.take(postgres_url)
    yield made
    await used_again.give_back(made)


@pytest.fixture
def pool_for(database: Database) -> PoolFor:
    """`await pool_for("intake")`: a pool of that role (or of `keyring`), closed after the test."""
    return database.pool


@pytest.fixture
def topic_prefix(request: pytest.FixtureRequest) -> Iterator[str]:
    """What this test puts before its topics, so that tests sharing a Kafka never meet."""
    prefix = f"t{uuid4().hex[:10]}."
    yield prefix
    if "kafka" in request.fixturenames:
        delete_topics(request.getfixturevalue("kafka"), prefix)
