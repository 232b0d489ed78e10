"""What every test may ask for."""

import os
from pathlib import Path

import hypothesis  # its plugin imports it at the very end of a run, too deep for Python 3.11's parser
import pytest

# No test asserts a time: a busy machine is no fault.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for the whole run, the same for all its workers."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def run_pid() -> int:
    """The process whose end ends the run: ours, or the one that started us as a worker."""
    return os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
