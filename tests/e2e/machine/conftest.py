"""A city of its own: a minute passes in it now and then, which other stories would not like."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.home import Home
from deploy.local.launching import control
from tests.e2e.machine.doors import MORNING, City


@pytest.fixture(scope="package")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """Everything up, on a Friday morning."""
    folder = Path(tmp_path_factory.mktemp("machine"))
    with control.running_stack(Home(folder), MORNING.isoformat(), lambda _: None) as standing:
        made = City(standing.stack)
        yield made
        made.close()
