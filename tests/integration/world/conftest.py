"""The late world, built once for the tests of a worker that only look at it."""

from collections.abc import AsyncIterator

import pytest

from tests.builders.pages import Browsers, browsers
from tests.builders.world import World, late_world
from tests.databases import copy_of_templates


@pytest.fixture(scope="session")
async def world(postgres_url: str) -> AsyncIterator[World]:
    """The city on Tuesday 3 February 2026 at ten. Nobody changes it."""
    database = await copy_of_templates(postgres_url)
    try:
        yield await late_world(database)
    finally:
        await database.drop()


@pytest.fixture(scope="session")
def pages(world: World) -> Browsers:
    """The pages of its three services."""
    return browsers(world.city)
