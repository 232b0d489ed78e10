"""A second checkout of the same code, as `git clone` would make it: the tracked files, elsewhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.home import CHECKOUT, Home
from deploy.local.stack import Stack

LEFT_OUT = "oidc,sinks,notification"
"""Two stacks at once are heavy: a dossier needs none of these on its way to a party."""


@dataclass(frozen=True)
class Clone:
    """One checkout, and `motcua` in it."""

    folder: Path

    @property
    def home(self) -> Home:
        return Home(self.folder / ".motcua")

    def motcua(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command as its owner would, with nothing of ours in the environment."""
        told = {name: value for name, value in os.environ.items() if not name.startswith("MOTCUA_")}
        return subprocess.run(
            [sys.executable, "-P", "-m", "deploy.cli", *arguments],
            cwd=self.folder,
            env=told | {"PYTHONPATH": str(self.folder), "MOTCUA_WITHOUT": LEFT_OUT},
            capture_output=True,
            text=True,
            check=False,
        )

    def up(self) -> Stack:
        """Start its stack; its addresses."""
        started = self.motcua("up", "--detach", "--json", "--at", "2026-03-06T09:00:00+07:00")
        assert started.returncode == 0, started.stderr
        return Stack.from_json(json.loads(started.stdout))

    def status(self) -> dict[str, Any]:
        """What its stack says of itself."""
        return json.loads(self.motcua("status", "--json").stdout)


def clone(into: Path) -> Clone:
    """Copy what git tracks here (and what it would), and nothing else."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    for name in listed:
        source, copy = CHECKOUT / name, into / name
        if source.is_file():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copy)
    return Clone(into)
