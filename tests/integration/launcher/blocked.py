"""A process with our watchdog whose event loop is blocked, in the way that its first argument names."""

import asyncio
import re
import sys
import threading

from shared.observability.logs import configure_logging
from shared.service.loop_watchdog import LoopWatchdog


def busy_in_python() -> None:
    """Python goes round and round."""
    while True:
        pass


def waiting_in_a_call() -> None:
    """A call that does not return."""
    threading.Event().wait()


def busy_in_c() -> None:
    """A call into C that keeps Python's lock."""
    re.match(r"(a+)+$", "a" * 60 + "b")


def nothing() -> None:
    """The loop goes on."""


BLOCKERS = (busy_in_python, waiting_in_a_call, busy_in_c, nothing)


async def run(name: str, seconds: float) -> None:
    """Be well for a moment, then be blocked."""
    LoopWatchdog(seconds).start()
    await asyncio.sleep(2 * seconds)
    sys.stdout.write("well\n")
    sys.stdout.flush()
    next(blocker for blocker in BLOCKERS if blocker.__name__ == name)()
    await asyncio.sleep(3600)


if __name__ == "__main__":
    configure_logging("blocked", "json")
    asyncio.run(run(sys.argv[1], float(sys.argv[2])))
