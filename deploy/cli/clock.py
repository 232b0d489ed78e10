"""motcua clock show | set | step."""

from __future__ import annotations

import asyncio
from datetime import datetime

from cyclopts import App

from deploy.cli import exits, screen
from deploy.cli.examples import examples_of
from deploy.cli.instants import parse_instant
from deploy.cli.services import calling, read
from deploy.local.clock import read_clock, set_clock
from deploy.local.stack import Stack, read_stack

app = App(
    name="clock",
    help="The city's clock: one for all services, kept in the database.",
    help_epilogue=examples_of(
        "motcua clock show", "motcua clock set 2026-03-09T08:00:00+07:00", "motcua clock step"
    ),
)


@app.command
def show(*, json: bool = False) -> int:
    """Show the city's time, and whether its clock stands still."""
    now = asyncio.run(read_clock(read_stack().postgres_url))
    if json:
        screen.as_json({"now": now.now.isoformat(), "standing": now.is_standing})
    else:
        screen.say(f"{now.now.isoformat()} ({'stands' if now.is_standing else 'runs with the machine'})")
    return exits.DONE


@app.command(name="set")
def set_(instant: str, /) -> int:
    """Set the clock to stand at an instant; `machine` lets it run again."""
    at = None if instant == "machine" else parse_instant(instant)
    asyncio.run(set_clock(read_stack().postgres_url, at))
    return show()


@app.command
def step() -> int:
    """Move the clock to the next deadline or warning."""
    stack = read_stack()
    due = next_due(stack)
    if due is None:
        screen.say("Nothing falls due; the clock stays.")
        return exits.DONE
    asyncio.run(set_clock(stack.postgres_url, due))
    return show()


def next_due(stack: Stack) -> datetime | None:
    """The next instant for routing: something falls due, or a clock warns, breaches or escalates."""
    with calling(stack.routing_url, stack.operator_api_key) as routing:
        answer = read(routing, "/v1/next-due") or {}
    instants = (answer.get("next_due_at"), answer.get("next_deadline_at"))
    return min((datetime.fromisoformat(instant) for instant in instants if instant), default=None)
