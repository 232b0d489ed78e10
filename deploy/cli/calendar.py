"""motcua calendar diff | publish."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import httpx
from cyclopts import App

from deploy.cli import exits, screen
from deploy.cli.examples import examples_of
from deploy.cli.exits import UsageError
from deploy.cli.services import calling, read, send
from deploy.local.stack import read_stack

app = App(
    name="calendar",
    help="Days off, make-up days and hours of work: what a new calendar would move, and putting it in force.",
    help_epilogue=examples_of(
        "motcua calendar diff deploy/catalogue/calendars.yaml",
        "motcua calendar publish deploy/catalogue/calendars.yaml",
    ),
)
POLL_SECONDS = 0.5
WALK_SECONDS = 600


@app.command(help_epilogue=examples_of("motcua calendar diff deploy/catalogue/calendars.yaml --show 5"))
def diff(file: Path, /, *, show: int = 20, json: bool = False) -> int:
    """Show which open dossiers a calendar would move, and by how much, without changing anything.

    Parameters
    ----------
    file
        A whole `calendars.yaml`.
    show
        How many of the moved to name.
    json
        One object instead of tables.
    """
    stack = read_stack()
    with calling(stack.routing_url, stack.operator_api_key) as client:
        answer = send(client, "/v1/calendar", _body(file, show, dry_run=True))
    if json:
        screen.as_json(answer)
    else:
        _show(answer)
        screen.note("Nothing was changed: `./motcua calendar publish` does it.")
    return exits.DONE


@app.command(help_epilogue=examples_of("motcua calendar publish deploy/catalogue/calendars.yaml"))
def publish(file: Path, /, *, show: int = 20, json: bool = False) -> int:
    """Publish a calendar: open dates are counted again in the background, and moved dates are announced.

    Parameters
    ----------
    file
        A whole `calendars.yaml`. It must contain all earlier exceptions; new ones must lie in the future.
    show
        How many of the moved to name.
    json
        One object instead of tables.
    """
    stack = read_stack()
    with calling(stack.routing_url, stack.operator_api_key) as client:
        answer = send(client, "/v1/calendar", _body(file, show, dry_run=False))
        if not json:
            _show(answer)
        walk = _follow(client) if answer["changed"] else None
    if json:
        screen.as_json(answer | {"walk": walk})
    elif walk:
        screen.say(f"In force. {walk['seen']} open dossiers counted again, {walk['moved']} moved and told.")
    return exits.DONE if walk or not answer["changed"] else exits.FAILED


def _body(file: Path, show: int, *, dry_run: bool) -> dict[str, Any]:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read ({error}); name a calendars.yaml") from None
    return {"text": text, "dry_run": dry_run, "show": show}


def _follow(client: httpx.Client) -> dict[str, Any] | None:
    """The newest recount once its first round is over; None if that takes too long (it goes on)."""
    deadline = time.monotonic() + WALK_SECONDS
    last_text = ""
    while time.monotonic() < deadline:
        walk = read(client, "/v1/calendar/recounts")[0]
        if walk["round"] > 1 or walk["done"]:
            return walk
        text = f"counting: {walk['seen']} looked at, {walk['moved']} moved"
        if screen.err.is_terminal:
            screen.rewrite(text)
        elif text != last_text:
            screen.note(text)
        last_text = text
        time.sleep(POLL_SECONDS)
    screen.complain("the counting goes on; see `GET /v1/calendar/recounts` of routing")
    return None


def _show(answer: dict[str, Any]) -> None:
    if not answer["changed"]:
        screen.say("Nothing differs: this calendar is in force already.")
        return
    screen.say(f"{answer['moved']} of {answer['open']} open dossiers move.")
    if answer["by_days"]:
        rows = [(f"{int(days):+d}", count) for days, count in answer["by_days"].items()]
        screen.table("By how many days", ("days", "dossiers"), rows)
        first = [
            (dossier["code"], dossier["office"], dossier["before"][:16], dossier["after"][:16])
            for dossier in answer["first"]
        ]
        screen.table("The first of them", ("code", "office", "due", "would be"), first)
