"""How much of a proof one run does: a short form in every build, all of it with `motcua prove NAME --full`.

The short form takes a sample of what the proof knows. The commit chooses it, so that every commit tries other
parts, and a run can be repeated; `MOTCUA_SEED=…` chooses another.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from functools import cache
from random import Random
from typing import TypeVar

from deploy.local.home import CHECKOUT

FULL = os.environ.get("MOTCUA_PROOF") == "full"
T = TypeVar("T")


@cache
def seed() -> int:
    """What chooses the sample: MOTCUA_SEED, else the checked-out commit, else (outside git) 1."""
    if given := os.environ.get("MOTCUA_SEED"):
        return int(given)
    argv = ["git", "rev-parse", "--short=8", "HEAD"]
    asked = subprocess.run(argv, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    return int(asked.stdout, 16) if asked.returncode == 0 else 1


def sample(everything: Sequence[T], count: int) -> list[T]:
    """All of it in the full form; else so many, in their order."""
    if FULL or count >= len(everything):
        return list(everything)
    chosen = Random(seed()).sample(range(len(everything)), count)
    return [everything[place] for place in sorted(chosen)]


def size(short: int, full: int) -> int:
    """A number of examples, lines or rounds."""
    return full if FULL else short
