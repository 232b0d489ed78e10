"""What every test may ask for, and how a run is spread over workers."""

import gc
import os
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests.effort import size
from tests.spread import start_long_ones_first

# No test asserts a time: a busy machine is no fault.
hypothesis.settings.register_profile("motcua", max_examples=size(25, 2_000), deadline=None)
hypothesis.settings.load_profile("motcua")

# A test's broker lives for a minute: to compile its code once, and not again for speed, saves a third of it.
os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1")

# A collection reads every module, and a million objects stay: looked through again and again they took a
# fifth of the pure tests' time. What is there before the first test is never looked at again.
gc.disable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first."""
    start_long_ones_first(items)


def pytest_collection_finish() -> None:
    """Collect garbage again, of what tests leave."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
    gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Tests that share something expensive stay with one worker."""
    from tests.spread import SharingScheduler

    return SharingScheduler(config, log)


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for the whole run, the same for all its workers."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def run_pid() -> int:
    """The process whose end ends the run: ours, or the one that started us as a worker."""
    return os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
