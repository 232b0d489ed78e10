"""motcua up."""

from __future__ import annotations

from deploy.cli import exits, screen
from deploy.cli.instants import parse_instant
from deploy.cli.rising import StartProgress, show_links
from deploy.local.home import Home, home
from deploy.local.launching import control
from deploy.local.launching.lock import AlreadyRunningError, is_held
from deploy.local.stack import Stack


def up(*, detach: bool = False, json: bool = False, at: str | None = None) -> int:
    """Start the whole stack. It runs until Ctrl-C, or with --detach until `motcua down`.

    Parameters
    ----------
    detach
        Return as soon as all is ready; the stack stays.
    json
        Print what .motcua/stack.json holds, as one object: addresses, and the keys of the stack.
    at
        Let the city's clock stand at this instant (otherwise it is the machine's, or stands where it stood).
    """
    instant = parse_instant(at).isoformat() if at else None
    place = home()
    if is_held(place):
        return _show_running(place, instant, json)
    try:
        return _start(place, instant, detach=detach, json=json)
    except AlreadyRunningError:  # another start was quicker
        return _show_running(place, instant, json)


def _start(place: Home, instant: str | None, *, detach: bool, json: bool) -> int:
    if detach:
        launcher = control.start_launcher(place, instant, tied=False)
        _show(control.follow(place, launcher, StartProgress().report), json)
        return exits.DONE
    with control.running_stack(place, instant, StartProgress().report) as stack:
        _show(stack.stack, json)
        screen.note("Ctrl-C stops it all.")
        return exits.DONE if stack.launcher.wait() == 0 else exits.FAILED


def _show_running(place: Home, instant: str | None, json: bool) -> int:
    if instant:
        raise exits.UsageError("it is running already; move its clock: ./motcua clock set INSTANT")
    stack = control.follow(place, None, StartProgress().report)
    screen.note("It is running already.")
    _show(stack, json)
    return exits.DONE


def _show(stack: Stack, json: bool) -> None:
    if json:
        screen.as_json(stack.to_json())
    else:
        show_links(stack)
