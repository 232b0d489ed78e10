"""The data of a checkout: whether a demo created it, and its deletion."""

from __future__ import annotations

import json
import shutil

from deploy.local.home import Home, write_private
from deploy.local.servers.shelter import remove_shelter

FOLDERS = ("postgres", "kafka", "logs", "private")
FILES = ("stack.json", "launcher.json", "world.json")
"""Not `launcher.lock`: whoever holds a removed file's lock is alone with it."""


def has_data(home: Home) -> bool:
    """Whether there is any data."""
    return (home.private / "keys.json").exists()


def is_demo(home: Home) -> bool:
    """Whether the data is of a demo, which the next demo may delete."""
    file = home.folder / "world.json"
    return file.exists() and json.loads(file.read_text()).get("made_by") == "demo"


def mark_demo(home: Home) -> None:
    """Mark the data as a demo's."""
    home.make()
    write_private(home.folder / "world.json", {"made_by": "demo"})


def forget(home: Home) -> None:
    """Delete all data, keys and logs of a stopped stack, and no other files in the folder."""
    for name in FOLDERS:
        shutil.rmtree(home.folder / name, ignore_errors=True)
    for name in FILES:
        (home.folder / name).unlink(missing_ok=True)
    remove_shelter(home.folder / "postgres")
