"""The folder of a checkout's running state, and the tag that identifies its processes."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.servers.shelter import tag_of

CHECKOUT = Path(__file__).resolve().parents[2]
TAG_VARIABLE = "MOTCUA_STACK"


@dataclass(frozen=True)
class Home:
    """The folder `.motcua` (or MOTCUA_HOME) and the paths inside it."""

    folder: Path

    @property
    def tag(self) -> str:
        return tag_of(self.folder)

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def private(self) -> Path:
        return self.folder / "private"

    @property
    def stack_file(self) -> Path:
        return self.folder / "stack.json"

    @property
    def progress_file(self) -> Path:
        return self.folder / "launcher.json"

    @property
    def lock_file(self) -> Path:
        return self.folder / "launcher.lock"

    def log_of(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def make(self) -> None:
        """Create it. Other users may pass through, as PostgreSQL's user must, but not list it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o711)
        for folder in (self.logs, self.private):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o700)


def home() -> Home:
    """The folder of this checkout, or MOTCUA_HOME."""
    configured = os.environ.get("MOTCUA_HOME")
    return Home(Path(configured).resolve() if configured else CHECKOUT / ".motcua")


def write_private(path: Path, content: Mapping[str, Any] | list[Any]) -> None:
    """Write JSON atomically, readable by its owner only."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:  # noqa: PTH123
        json.dump(content, file, ensure_ascii=False, indent=2)
        file.write("\n")
    partial.replace(path)
