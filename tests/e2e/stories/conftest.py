"""Each story has a city of its own, since its clock moves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.stories.days import Days


@pytest.fixture
async def days(tmp_path: Path) -> AsyncIterator[Days]:
    """A city not yet open; a story begins with `days.begin(at)`."""
    made = Days(tmp_path)
    try:
        yield made
    finally:
        await made.close()
