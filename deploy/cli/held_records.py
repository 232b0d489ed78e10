"""motcua held list | show | replay | drop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from cyclopts import App

from deploy.cli import exits, screen
from deploy.cli.examples import examples_of
from deploy.cli.exits import CommandFailedError, UsageError
from deploy.cli.services import calling, read, send
from deploy.local.services import SERVICES
from deploy.local.stack import read_stack

app = App(
    name="held",
    help="Records a service could not use and has set aside. Their names: SERVICE/NUMBER.",
    help_epilogue=examples_of(
        "motcua held list", "motcua held replay routing/3", "motcua held drop routing/3 --reason 'sent twice'"
    ),
)


@app.command(name="list", help_epilogue=examples_of("motcua held list", "motcua held list --json"))
def list_(*, json: bool = False) -> int:
    """List the held records of all services.

    Parameters
    ----------
    json
        One object instead of a table.
    """
    rows = [{"service": name, **row} for name in SERVICES for row in _of_service(name)]
    if json:
        screen.as_json({"held": rows})
    elif rows:
        columns = [key for key in rows[0] if key not in ("service", "id")]
        table_rows = [(f"{row['service']}/{row['id']}", *(row[key] for key in columns)) for row in rows]
        screen.table("Held records", ("name", *columns), table_rows)
    else:
        screen.say("Nothing is held.")
    return exits.DONE


@app.command(help_epilogue=examples_of("motcua held show routing/3"))
def show(record: str, /) -> int:
    """Show one held record as JSON, with its original bytes and the reason.

    Parameters
    ----------
    record
        Its name, as `held list` shows it.
    """
    with _service_of(record) as (client, number):
        detail = read(client, f"/v1/held/{number}")
    if detail is None:
        raise CommandFailedError(f"there is no held record {record}")
    screen.as_json(detail)
    return exits.DONE


@app.command(
    help_epilogue=examples_of(
        "motcua held replay routing/3", "motcua held replay routing/3 routing/4 --over-gap"
    )
)
def replay(*records: str, over_gap: bool = False) -> int:
    """Replay held records in their service, in order.

    Parameters
    ----------
    records
        Their names, as `held list` shows them.
    over_gap
        Accept that what lies between was lost.
    """
    query = "?over_gap=true" if over_gap else ""
    return _each(records, f"replay{query}", {})


@app.command(help_epilogue=examples_of("motcua held drop routing/3 --reason 'sent twice by its party'"))
def drop(*records: str, reason: str) -> int:
    """Give held records up for good.

    Parameters
    ----------
    records
        Their names, as `held list` shows them.
    reason
        Why; it is kept with your name.
    """
    return _each(records, "drop", {"reason": reason})


def _each(records: tuple[str, ...], act: str, body: dict[str, str]) -> int:
    if not records:
        raise UsageError("name at least one record, like routing/3")
    exit_code = exits.DONE
    for record in records:
        with _service_of(record) as (client, number):
            outcomes = send(client, f"/v1/held/{number}/{act}", body)
        for outcome in outcomes:
            screen.say(f"{record}\t{outcome.get('outcome')}\t{outcome.get('reason') or ''}".rstrip())
            if outcome.get("outcome") not in ("replayed", "dropped"):
                exit_code = exits.FAILED
    return exit_code


def _of_service(name: str) -> list[dict[str, Any]]:
    stack = read_stack()
    with calling(stack.service_urls[name], stack.operator_api_key) as client:
        return read(client, "/v1/held") or []


@contextmanager
def _service_of(record: str) -> Iterator[tuple[httpx.Client, int]]:
    service, _, number = record.partition("/")
    if service not in SERVICES or not number.isdecimal():
        raise UsageError(f"{record!r} names no held record; write it like routing/3")
    stack = read_stack()
    with calling(stack.service_urls[service], stack.operator_api_key) as client:
        yield client, int(number)
