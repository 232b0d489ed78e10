"""Several stacks that start at once on a new machine fetch Kafka's jars into one cache, one after another."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

FETCH = "from deploy.local.servers import kafka_jars as jars; print(len(jars.fetch(jars.read_lock()[:4])))"


def test_three_processes_may_fetch_into_an_empty_cache(tmp_path: Path) -> None:
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path)}
    argv = [sys.executable, "-c", FETCH]
    processes = [subprocess.Popen(argv, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    outputs = [process.communicate(timeout=120)[0] for process in processes]
    assert outputs == ["4\n"] * 3
