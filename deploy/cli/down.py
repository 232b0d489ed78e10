"""motcua down."""

from __future__ import annotations

from deploy.cli import exits, screen
from deploy.local.home import home
from deploy.local.launching import control


def down() -> int:
    """Stop the stack. Its data stays."""
    stopped = control.stop(home())
    screen.say("Stopped. The data is kept." if stopped else "Nothing was running.")
    return exits.DONE
