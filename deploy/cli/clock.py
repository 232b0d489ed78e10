"""motcua clock show | set | step."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from cyclopts import App

from deploy.cli import exits, screen
from deploy.cli.examples import examples_of
from deploy.cli.exits import CommandFailedError, UsageError
from deploy.cli.instants import parse_instant
from deploy.cli.services import asking_servers, calling, read
from deploy.local.clock import CityTime, read_clock, set_clock
from deploy.local.stack import Stack, read_stack
from shared.clock import machine_now, to_city_time

SHOWN_DAYS = 14

app = App(
    name="clock",
    help="The city's clock: one for all services, kept in the database.",
    help_epilogue=examples_of(
        "motcua clock show", "motcua clock set 2026-03-09T08:00:00+07:00", "motcua clock step"
    ),
)


@app.command(help_epilogue=examples_of("motcua clock show", "motcua clock show --json"))
def show(*, json: bool = False) -> int:
    """Show the city's time, and whether its clock stands still.

    Parameters
    ----------
    json
        One object instead of a line.
    """
    now = _read(read_stack())
    if json:
        screen.as_json({"now": now.now.isoformat(), "standing": now.is_standing})
    else:
        screen.say(f"{now.now.isoformat()} ({'stands' if now.is_standing else 'runs with the machine'})")
    return exits.DONE


@app.command(
    name="set",
    help_epilogue=examples_of(
        "motcua clock set 2026-03-09T08:00:00+07:00",
        "motcua clock set machine",
        "motcua clock set 2026-03-02T08:00:00+07:00 --force",
    ),
)
def set_(instant: str, /, *, force: bool = False) -> int:
    """Set the clock to stand at an instant; `machine` lets it run again.

    What it passes over on its way forward is told, by day. Backwards it goes only with --force: what was
    said and counted later than that instant stays.

    Parameters
    ----------
    instant
        Like 2026-03-09T08:00:00+07:00 (without an offset: in the city), or `machine`.
    force
        Also go backwards.
    """
    at = None if instant == "machine" else parse_instant(instant)
    stack = read_stack()
    now, goal = _read(stack).now, at or machine_now()
    if goal < now and not force:
        raise UsageError(
            f"{to_city_time(goal).isoformat(timespec='seconds')} lies before the city's time, "
            f"{now.isoformat(timespec='seconds')}. What was dated and sent since then stays as it is, so "
            f"dates may look wrong. Go back all the same: ./motcua clock set {instant} --force"
        )
    passed = due_between(stack, now, goal)
    _move(stack, at)
    _show_passed(passed)
    return show()


@app.command(help_epilogue=examples_of("motcua clock step"))
def step() -> int:
    """Move the clock to the next due date, warning or escalation; none is passed over."""
    stack = read_stack()
    due = next_due(stack)
    if due is None:
        screen.say("Nothing falls due; the clock stays.")
        return exits.DONE
    _move(stack, due)
    return show()


def due_between(stack: Stack, now: datetime, goal: datetime) -> list[dict[str, Any]] | None:
    """What falls due on the way to an instant, by day; None if routing cannot tell."""
    if goal <= now:
        return []
    try:
        with calling(stack.routing_url, stack.operator_api_key) as routing:
            answer = read(routing, "/v1/due-until", until=goal.isoformat())
    except CommandFailedError as error:
        screen.note(f"what lies between is not known: {error}")
        return None
    return (answer or {}).get("days")


def _show_passed(days: list[dict[str, Any]] | None) -> None:
    if not days:
        return
    dossiers, tasks = sum(day["dossiers"] for day in days), sum(day["tasks"] for day in days)
    rows = [(day["day"], day["dossiers"], day["tasks"]) for day in days[:SHOWN_DAYS]]
    screen.say(
        f"Passed over the due dates of {dossiers} dossiers and {tasks} tasks, on {len(days)} days. Their "
        "warnings and breaches are told now; ./motcua clock step stops at each instead."
    )
    screen.table("Passed over", ("day", "dossiers", "tasks"), rows)
    if len(days) > SHOWN_DAYS:
        screen.say(f"and {len(days) - SHOWN_DAYS} more days, the last {days[-1]['day']}")


def _read(stack: Stack) -> CityTime:
    with asking_servers():
        return asyncio.run(read_clock(stack.postgres_url))


def _move(stack: Stack, at: datetime | None) -> None:
    with asking_servers():
        asyncio.run(set_clock(stack.postgres_url, at))


def next_due(stack: Stack) -> datetime | None:
    """The next instant for routing: something falls due, or a clock warns, breaches or escalates."""
    with calling(stack.routing_url, stack.operator_api_key) as routing:
        answer = read(routing, "/v1/next-due") or {}
    instants = (answer.get("next_due_at"), answer.get("next_deadline_at"))
    return min((datetime.fromisoformat(instant) for instant in instants if instant), default=None)
