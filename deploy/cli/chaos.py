"""motcua chaos."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from deploy.cli.exits import UsageError
from deploy.local.home import CHECKOUT

GROUPS = ("services", "relay", "postgres", "kafka")


def chaos(
    *,
    kills: int = 40,
    seed: int = 1,
    what: Annotated[str, Parameter(help="services, relay, postgres, kafka: which may be hit, by comma.")] = (
        "services,relay,postgres,kafka"
    ),
    dossiers: int = 2000,
    routing: int = 1,
    report: Path | None = None,
) -> int:
    """Kill random processes while dossiers flow, then judge all data. Starts a whole stack of its own.

    A fault is `kill -9`, or SIGSTOP for some seconds and then SIGCONT or `kill -9`; the launcher starts
    again what died. PostgreSQL is hit with all its backends. `relay` is no process of its own: its database
    session, and with it the locks on its shards, is ended by the server at a random moment. The same seed
    gives the same faults in the same order. Those who receive texts and mails are never hit: they witness.

    Parameters
    ----------
    kills
        How many faults, one after another.
    seed
        Another number, another order of faults and other dossiers.
    dossiers
        How many are filed meanwhile.
    routing
        2: a second routing process shares the work, and is hit too.
    report
        Write the verdict, the figures and every fault to this file, as JSON.
    """
    unknown = set(what.split(",")) - set(GROUPS)
    if unknown:
        raise UsageError(f"--what knows {', '.join(GROUPS)}; not {', '.join(sorted(unknown))}")
    if kills < 0 or dossiers < 1 or routing not in (1, 2):
        raise UsageError("--kills from 0, --dossiers from 1, --routing 1 or 2")
    argv = ["kills", "--kills", str(kills), "--seed", str(seed), "--what", what]
    argv += ["--dossiers", str(dossiers), "--routing", str(routing)]
    argv += ["--report", str(report.resolve())] if report else []
    os.chdir(CHECKOUT)
    # The rig lies among the tests, which this program does not know: it becomes the rig.
    os.execve(  # noqa: S606 - no shell is meant
        sys.executable,
        [sys.executable, "-m", "tests.chaos", *argv],
        os.environ | {"PYTHONPATH": str(CHECKOUT)},
    )
