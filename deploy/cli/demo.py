"""motcua demo."""

from __future__ import annotations

import asyncio
import importlib
import os

from deploy.cli import exits, screen
from deploy.cli.exits import CommandFailedError
from deploy.cli.rising import StartProgress, show_links
from deploy.local import worlds
from deploy.local.home import Home, home
from deploy.local.launching import control
from deploy.local.launching.lock import hold_lock

BEGINS = "2026-01-14T07:00:00+07:00"


def demo(*, once: bool = False, seed: int = 1) -> int:
    """Start everything, simulate three weeks of the city's work, and check all data at the end.

    It starts without data: that of an earlier demo is deleted, other data never.

    Parameters
    ----------
    once
        End by itself, with exit code 0 only if the closing check passes; else the pages stay until Ctrl-C.
    seed
        Another number, another three weeks.
    """
    place = home()
    _prepare_home(place)
    os.environ.setdefault("MOTCUA_FILINGS_PER_ADDRESS", "0")  # the whole city files from this machine
    with control.running_stack(place, BEGINS, StartProgress().report) as standing:
        show_links(standing.stack)
        day = importlib.import_module("deploy.demo.city_day")  # much to import, and only here
        failed = asyncio.run(day.run(standing.stack, seed=seed, once=once, console=screen.drawn))
        if not once:
            screen.note("The pages stay open. Ctrl-C stops it all.")
            standing.launcher.wait()
    return exits.FAILED if failed else exits.DONE


def _prepare_home(place: Home) -> None:
    """Forget an earlier demo. Raises AlreadyRunningError, and deletes nothing, if a stack runs or starts."""
    place.make()
    with hold_lock(place, patience=0.5):
        if worlds.has_data(place) and not worlds.is_demo(place):
            raise CommandFailedError("there is data here that no demo made; forget it first: ./motcua reset")
        worlds.forget(place)
        worlds.mark_demo(place)
