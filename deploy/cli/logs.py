"""motcua logs."""

from __future__ import annotations

import sys
import time
from collections import deque
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from deploy.cli import exits
from deploy.local.home import home
from deploy.local.stack import NotRunningError


def logs(service: str, /, *, follow: Annotated[bool, Parameter(alias="-f")] = False, lines: int = 200) -> int:
    """Show the log of one process: intake, routing, notification, postgres, kafka, sinks, oidc, launcher …

    Parameters
    ----------
    service
        Whose log.
    follow
        Go on as it grows, until Ctrl-C.
    lines
        How many of the last lines.
    """
    place = home()
    names = sorted(path.stem for path in place.logs.glob("*.log"))
    if not names:
        raise NotRunningError
    if service not in names:
        raise exits.UsageError(f"no log of {service!r}; there are: {', '.join(names)}")
    path = place.log_of(service)
    with path.open("rb") as log:
        for line in deque(log, maxlen=max(lines, 0)):
            sys.stdout.buffer.write(line)
        sys.stdout.flush()
        end = log.tell()
    if follow:
        _follow(path, end)
    return exits.DONE


def _follow(path: Path, end: int) -> None:
    with path.open("rb") as log:
        log.seek(end)
        while True:
            if added := log.read():
                sys.stdout.buffer.write(added)
                sys.stdout.flush()
            else:
                time.sleep(0.2)
