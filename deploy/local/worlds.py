"""The data of a checkout as a whole: whose it is, and forgetting it."""

from __future__ import annotations

import json
import shutil

from deploy.local.home import Home, write_private
from deploy.local.servers.shelter import remove_shelter

FOLDERS = ("postgres", "kafka", "logs", "private")
FILES = ("stack.json", "launcher.json", "launcher.lock", "world.json")


def has_data(home: Home) -> bool:
    """Whether a stack was ever started here."""
    return (home.private / "keys.json").exists()


def is_demo(home: Home) -> bool:
    """Whether the data is only a demo's, which the next demo may throw away."""
    file = home.folder / "world.json"
    return file.exists() and json.loads(file.read_text()).get("made_by") == "demo"


def mark_demo(home: Home) -> None:
    """Remember that this data is a demo's."""
    home.make()
    write_private(home.folder / "world.json", {"made_by": "demo"})


def forget(home: Home) -> None:
    """Remove all data, keys and logs of a stopped stack; nothing else that may lie in the folder."""
    for name in FOLDERS:
        shutil.rmtree(home.folder / name, ignore_errors=True)
    for name in FILES:
        (home.folder / name).unlink(missing_ok=True)
    remove_shelter(home.folder / "postgres")
