"""The command as a person runs it, in its short form; the long one is `motcua chaos`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from deploy.local.home import CHECKOUT

SEED = "4"
"""Its first eight faults meet all three services, a relay, PostgreSQL and Kafka."""


def test_eight_kills_among_a_hundred_and_fifty_dossiers_lose_double_and_disorder_nothing(
    tmp_path: Path,
) -> None:
    report = chaos(tmp_path, "--kills", "8", "--seed", SEED, "--dossiers", "150")

    assert report["holds"], report["findings"]
    assert report["counts"] == dict.fromkeys(report["counts"], 0)
    assert (len(report["faults"]), report["dossiers"]) == (8, 150)


def chaos(folder: Path, *arguments: str) -> dict[str, Any]:
    """Run the command in a home of its own; its report."""
    report = folder / "report.json"
    command = [sys.executable, "-m", "deploy.cli", "chaos", *arguments, "--report", str(report)]
    told = {"PYTHONPATH": str(CHECKOUT), "MOTCUA_HOME": str(folder / "home")}
    ended = subprocess.run(
        command, env=os.environ | told, cwd="/", capture_output=True, text=True, check=False
    )
    assert report.exists(), ended.stdout + ended.stderr
    return json.loads(report.read_text("utf-8"))
