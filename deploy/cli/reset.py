"""motcua reset."""

from __future__ import annotations

import sys

from deploy.cli import exits, screen
from deploy.local import worlds
from deploy.local.home import home
from deploy.local.launching import control
from deploy.local.launching.lock import hold_lock


def reset(*, yes: bool = False) -> int:
    """Delete all data of this checkout: dossiers, topics, keys and logs. A running stack is stopped first.

    Parameters
    ----------
    yes
        Do not ask first.
    """
    place = home()
    if not yes and not _agreed(str(place.folder)):
        screen.say("Nothing was deleted.")
        return exits.FAILED
    control.stop(place)
    place.make()
    with hold_lock(place):
        worlds.forget(place)
    screen.say("All data is forgotten.")
    return exits.DONE


def _agreed(folder: str) -> bool:
    if not sys.stdin.isatty():
        raise exits.UsageError("reset forgets all data; say so with --yes")
    answer = screen.out.input(f"Forget all data under {folder}? [y/N] ")
    return answer.strip().lower() in ("y", "yes")
