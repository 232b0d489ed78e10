"""motcua file."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import httpx
from cyclopts import Parameter
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from deploy.cli import exits, screen
from deploy.cli.exits import UsageError
from deploy.cli.language import Language
from deploy.cli.services import calling, reason_of
from deploy.local.counters import AT_A_COUNTER, filing_counter
from deploy.local.parties import Party, read_parties
from deploy.local.stack import Stack, read_stack

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
COLUMNS = ("submission", "result", "code or status", "state or reason")
NOT_SENT = ("expect", "submitted_at", "submission_id")


def file(
    path: Annotated[Path, Parameter(name="FILE.jsonl")],
    /,
    *,
    lang: Language | None = None,
    show_secrets: bool = False,
    json: bool = False,
) -> int:
    """File every dossier of a file (one JSON object per line) through intake's API.

    Each line's submission_id is its idempotency key: the same file twice files nothing twice.
    Exit code 1 if some were refused.

    Parameters
    ----------
    path
        The dossiers; deploy/demo/dossiers-sample.jsonl has some.
    lang
        The language of refusals, vi or en (else that of LC_ALL, LC_MESSAGES or LANG).
    show_secrets
        Also print the secret of each slip, with which its citizen follows the dossier.
    json
        One object at the end instead of a line each.
    """
    dossiers = read_dossiers(path)
    stack = read_stack()
    results: list[dict[str, Any]] = []
    if not json:
        screen.say("\t".join((*COLUMNS, "secret") if show_secrets else COLUMNS))
    with calling(stack.intake_url) as intake, _bar(len(dossiers)) as advance:
        for dossier in dossiers:
            result = _result(dossier, _submit(intake, stack, dossier), lang)
            if not show_secrets:
                result.pop("secret", None)
            results.append(result)
            if not json:
                screen.say(_line(result))
            advance()
    refused = sum(1 for result in results if not result["accepted"])
    if json:
        screen.as_json({"filed": len(results) - refused, "refused": refused, "results": results})
    else:
        hint = "" if show_secrets else "; the secrets of their slips: --show-secrets"
        screen.note(f"{len(results) - refused} filed, {refused} refused{hint}")
    return exits.FAILED if refused else exits.DONE


def read_dossiers(path: Path) -> list[dict[str, Any]]:
    """The lines of the file. Raises UsageError for a line that is no object with a submission_id."""
    lines = _content(path).removeprefix(BYTE_ORDER_MARK).split(b"\n")
    return [_dossier(number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def _content(path: Path) -> bytes:
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file with one JSON object a line")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise UsageError(f"there is no file {path}") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None


def _dossier(number: int, line: bytes) -> dict[str, Any]:
    try:
        dossier = jsonlib.loads(line.decode())
    except UnicodeDecodeError as error:
        raise UsageError(
            f"line {number} is not UTF-8 at byte {error.start + 1}; save the file as UTF-8"
        ) from None
    except RecursionError:
        raise UsageError(f"line {number} is nested too deep to be a dossier") from None
    except ValueError as error:
        raise UsageError(f"line {number} is not JSON: {error}") from None
    if not isinstance(dossier, dict) or "submission_id" not in dossier:
        raise UsageError(f"line {number} is not a dossier: it has no submission_id")
    if not _is_uuid(dossier["submission_id"]):
        raise UsageError(f"line {number}: submission_id must be a UUID, in quotes")
    return dossier


def _is_uuid(value: Any) -> bool:
    try:
        return bool(UUID(value))
    except (ValueError, TypeError, AttributeError):
        return False


def _submit(intake: httpx.Client, stack: Stack, dossier: Mapping[str, Any]) -> httpx.Response:
    headers = {"Idempotency-Key": str(dossier["submission_id"])}
    if key := key_for(stack, dossier):
        headers["Authorization"] = f"Bearer {key}"
    if dossier.get("channel") in tuple(AT_A_COUNTER):
        headers["X-Office"] = filing_counter(dossier.get("place"))
    body = {name: value for name, value in dossier.items() if name not in NOT_SENT}
    # Escaped, so that any content of a line reaches intake, which reports its errors.
    content = jsonlib.dumps(body).encode()
    return intake.post(
        "/v1/dossiers", content=content, headers=headers | {"Content-Type": "application/json"}
    )


def key_for(stack: Stack, dossier: Mapping[str, Any]) -> str | None:
    """The API key for this channel: of the counter, of the project's investor, or none."""
    channel, place = dossier.get("channel"), dossier.get("place")
    if channel in tuple(AT_A_COUNTER):
        return stack.counter_api_key
    if channel != "investor" or not isinstance(place, Mapping):
        return None
    project = place.get("project")
    return next(
        (stack.agencies.get(party.name) for party in _parties() if project in tuple(party.projects)), None
    )


@cache
def _parties() -> Sequence[Party]:
    return read_parties()


def _result(
    dossier: Mapping[str, Any], response: httpx.Response, language: Language | None
) -> dict[str, Any]:
    outcome = {"submission_id": dossier["submission_id"], "status": response.status_code}
    if response.is_success:
        receipt = response.json()
        return {
            **outcome,
            "accepted": True,
            "code": receipt["code"],
            "state": receipt["state"],
            "secret": receipt["secret"],
        }
    return {**outcome, "accepted": False, "reason": reason_of(response, language)}


def _line(result: Mapping[str, Any]) -> str:
    if result["accepted"]:
        cells = [result["submission_id"], "filed", result["code"], result["state"]]
        return "\t".join([*cells, result["secret"]] if "secret" in result else cells)
    return f"{result['submission_id']}\trefused\t{result['status']}\t{result['reason']}"


@contextmanager
def _bar(total: int) -> Iterator[Any]:
    columns = (TextColumn("filing"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=screen.err, disable=not screen.err.is_terminal, transient=True) as bar:
        task = bar.add_task("filing", total=total)
        yield lambda: bar.advance(task)
