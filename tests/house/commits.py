"""Subjects of commits."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path


class HistoryMissing(Exception):
    """There is no git history here, or it does not reach back to the commit that is named."""


@dataclass(frozen=True)
class Commit:
    """A commit by its short hash and its first line."""

    hash: str
    subject: str


def commits_after(root: Path, since: str, until: str = "HEAD") -> list[Commit]:
    """Commits of `until` that `since` does not have, newest first; all of them where `since` is empty.

    Raises `HistoryMissing`.
    """
    if since and not _has(root, since):
        raise HistoryMissing(f"the git history here does not hold commit {since}")
    selection = f"{since}..{until}" if since else until
    lines = _git(root, "log", "--format=%h %s", selection).splitlines()
    return [Commit(*line.split(" ", maxsplit=1)) for line in lines]


def _has(root: Path, commit: str) -> bool:
    try:
        _git(root, "merge-base", "--is-ancestor", commit, "HEAD")
    except HistoryMissing:
        return False
    return True


def _git(root: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise HistoryMissing(f"git {' '.join(arguments)} failed") from error
    return done.stdout
