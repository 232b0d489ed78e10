"""motcua reconcile."""

from __future__ import annotations

import asyncio
import importlib
import os
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from deploy.cli import exits, screen
from deploy.cli.exits import CommandFailedError, UsageError
from deploy.local.home import home
from deploy.local.launching.lock import is_held
from deploy.local.stack import NotRunningError

if TYPE_CHECKING:
    from shared.messaging.recovery.reconcile import ReconcileReport

INSTRUCTIONS = {
    "dossier_lost": "lost with the database: file it again with the citizen",
    "desk_act_lost": "done at a desk and lost: do it again",
    "message_in_doubt": "may have been sent: look before writing again",
}


def reconcile(*, dry_run: bool = False, margin: int | None = None, json: bool = False) -> int:
    """Repair databases after a restore from what Kafka has, and list what a person must do.

    Services whose database is behind Kafka stay closed until this has run.

    Parameters
    ----------
    dry_run
        Only say what would be done.
    margin
        How many serials a receiving office passes over, for codes printed that never reached Kafka
        (MOTCUA_SERIAL_MARGIN, else 100).
    json
        One object instead of tables.
    """
    passed_over = _margin(os.environ.get("MOTCUA_SERIAL_MARGIN", "100") if margin is None else str(margin))
    local = importlib.import_module("deploy.local.reconcile")
    try:
        reports = asyncio.run(local.reconcile_here(margin=passed_over, dry_run=dry_run))
    except local.AWAY as error:
        if not is_held(home()):
            raise NotRunningError from error
        raise CommandFailedError(f"PostgreSQL or Kafka does not answer ({type(error).__name__})") from error
    if json:
        screen.as_json({"dry_run": dry_run, "services": [asdict(report) for report in reports]})
    else:
        _show(reports, dry_run)
    return exits.DONE


def _margin(text: str) -> int:
    if not text.isdecimal() or len(text) > 6:
        raise UsageError(f"{text!r} is no margin: say how many serials to pass over, like 100")
    return int(text)


def _show(reports: Sequence[ReconcileReport], dry_run: bool) -> None:
    for report in reports:
        settled = ", ".join(f"{name} {count}" for name, count in report.settled.items() if count)
        screen.say(
            f"{report.service}\t{report.raised_keys} numbers behind Kafka"
            + (f"; {settled}" if settled else "")
        )
    rows = [
        (
            report.service,
            repair.code,
            repair.at.isoformat(timespec="minutes"),
            repair.office,
            INSTRUCTIONS[repair.what],
            repair.detail,
        )
        for report in reports
        for repair in report.manual_repairs
    ]
    if rows:
        screen.table("For a person", ("service", "code", "when", "office", "what", "detail"), rows)
    if dry_run:
        screen.note("Nothing was changed: this was a dry run.")
