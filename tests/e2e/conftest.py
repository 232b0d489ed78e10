"""One whole city for nearly all stories, started by the launcher as a person would start it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from deploy.local.clock import set_clock
from deploy.local.home import Home
from deploy.local.launching import control
from deploy.local.stack import Stack
from tests.e2e.town import Town

FRIDAY_MORNING = datetime.fromisoformat("2026-03-06T09:00:00+07:00")
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All stories share one city, so they stay with one worker; bringing it up takes its time."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.timeout(420))


@pytest.fixture(scope="session")
def city_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The folder of the city that the stories share."""
    return Home(tmp_path_factory.mktemp("city"))


@pytest.fixture(scope="session")
def stack(city_home: Home) -> Iterator[Stack]:
    """A stack of its own in a folder of its own; its clock stands on a Friday morning."""
    before = os.environ.get("MOTCUA_HOME")
    os.environ["MOTCUA_HOME"] = str(city_home.folder)
    try:
        with control.running_stack(city_home, FRIDAY_MORNING.isoformat(), lambda _: None) as standing:
            yield standing.stack
    finally:
        os.environ.pop("MOTCUA_HOME")
        if before is not None:
            os.environ["MOTCUA_HOME"] = before


@pytest.fixture
async def town(stack: Stack) -> AsyncIterator[Town]:
    """Everyone who acts in a story; it is Friday morning, whatever the story before has made of the clock."""
    await set_clock(stack.postgres_url, FRIDAY_MORNING)
    async with Town.open(stack) as opened:
        yield opened
