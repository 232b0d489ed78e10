"""Stories whose clock moves: most share the city of all stories, one after another."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.local.home import Home
from deploy.local.stack import Stack
from tests.e2e.stories.days import Days, OwnDays


@pytest.fixture
async def days(city_home: Home, stack: Stack) -> AsyncIterator[Days]:
    """The shared city; a story begins with `days.begin(at)`, be it before the end of another."""
    days = Days(city_home, stack)
    try:
        yield days
    finally:
        await days.close()


@pytest.fixture
async def own_days(tmp_path: Path) -> AsyncIterator[OwnDays]:
    """A city of this story alone, not yet open: it is shut meanwhile, or changes for everybody."""
    days = OwnDays(Home(tmp_path))
    try:
        yield days
    finally:
        await days.close()
