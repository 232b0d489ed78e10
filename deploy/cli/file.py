"""motcua file."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import httpx
from cyclopts import Parameter
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from deploy.cli import exits, screen
from deploy.cli.exits import UsageError
from deploy.cli.services import calling, reason_of
from deploy.local.parties import read_parties
from deploy.local.stack import Stack, read_stack

BY_COUNTER = frozenset({"counter", "post", "home"})
NOT_SENT = ("expect", "submitted_at", "submission_id")


def file(path: Annotated[Path, Parameter(name="FILE.jsonl")], /, *, json: bool = False) -> int:
    """Hand in every dossier of a file, one JSON object a line, through intake's own HTTP.

    Each line's submission_id is its idempotency key: the same file twice files nothing twice.
    Exit code 1 if some were refused.

    Parameters
    ----------
    path
        The dossiers.
    json
        One object at the end instead of a line each.
    """
    dossiers = read_dossiers(path)
    stack = read_stack()
    results: list[dict[str, Any]] = []
    with calling(stack.intake_url) as intake, _bar(len(dossiers)) as forward:
        for dossier in dossiers:
            results.append(_result(dossier, _hand_in(intake, stack, dossier)))
            if not json:
                screen.say(_line(results[-1]))
            forward()
    refused = sum(1 for result in results if not result["accepted"])
    if json:
        screen.as_json({"filed": len(results) - refused, "refused": refused, "results": results})
    else:
        screen.note(f"{len(results) - refused} filed, {refused} refused")
    return exits.FAILED if refused else exits.DONE


def read_dossiers(path: Path) -> list[dict[str, Any]]:
    """The lines of the file; a line that is no object with a submission_id is the caller's mistake."""
    if not path.is_file():
        raise UsageError(f"there is no file {path}")
    lines = path.read_text("utf-8").splitlines()
    return [_dossier(number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def _dossier(number: int, line: str) -> dict[str, Any]:
    try:
        dossier = jsonlib.loads(line)
    except ValueError as wrong:
        raise UsageError(f"line {number} is not JSON: {wrong}") from None
    if not isinstance(dossier, dict) or "submission_id" not in dossier:
        raise UsageError(f"line {number} is not a dossier: it has no submission_id")
    return dossier


def _hand_in(intake: httpx.Client, stack: Stack, dossier: Mapping[str, Any]) -> httpx.Response:
    headers = {"Idempotency-Key": str(dossier["submission_id"])}
    if key := key_for(stack, dossier):
        headers["Authorization"] = f"Bearer {key}"
    body = {name: value for name, value in dossier.items() if name not in NOT_SENT}
    return intake.post("/v1/dossiers", json=body, headers=headers)


def key_for(stack: Stack, dossier: Mapping[str, Any]) -> str | None:
    """The key this way of filing needs: the counter's, that project's investor's, or none."""
    if dossier.get("channel") in BY_COUNTER:
        return stack.counter_api_key
    if dossier.get("channel") != "investor":
        return None
    project = (dossier.get("place") or {}).get("project")
    return next((stack.agencies.get(p.name) for p in read_parties() if project in p.projects), None)


def _result(dossier: Mapping[str, Any], answer: httpx.Response) -> dict[str, Any]:
    said = {"submission_id": dossier["submission_id"], "status": answer.status_code}
    if answer.is_success:
        got = answer.json()
        return {**said, "accepted": True, "code": got["code"], "state": got["state"], "secret": got["secret"]}
    return {**said, "accepted": False, "reason": reason_of(answer)}


def _line(result: Mapping[str, Any]) -> str:
    if result["accepted"]:
        return f"{result['submission_id']}\tfiled\t{result['code']}\t{result['state']}\t{result['secret']}"
    return f"{result['submission_id']}\trefused\t{result['status']}\t{result['reason']}"


@contextmanager
def _bar(total: int) -> Iterator[Any]:
    columns = (TextColumn("filing"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=screen.err, disable=not screen.err.is_terminal, transient=True) as bar:
        task = bar.add_task("filing", total=total)
        yield lambda: bar.advance(task)
