"""The command as a person runs it, in its short form; the long one is `motcua chaos`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from deploy.local.home import CHECKOUT
from tests.effort import seed, size

KILLS, DOSSIERS = size(4, 40), size(60, 2_000)


def test_some_kills_while_dossiers_flow_lose_double_and_disorder_nothing(tmp_path: Path) -> None:
    sizes = ("--kills", str(KILLS), "--dossiers", str(DOSSIERS))
    report = chaos(tmp_path, *sizes, "--seed", str(seed()))

    assert report["holds"], report["findings"]
    assert report["counts"] == dict.fromkeys(report["counts"], 0)
    assert (len(report["faults"]), report["dossiers"]) == (KILLS, DOSSIERS)


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
