"""motcua status."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import asyncpg

from deploy.cli import exits, screen
from deploy.cli.rising import show_links
from deploy.local.clock import CityTime, read_clock
from deploy.local.home import Home, home
from deploy.local.launching import control
from deploy.local.launching.lock import is_held
from deploy.local.launching.memory import pss_by_process
from deploy.local.launching.processes import read_notes
from deploy.local.services import SERVICES
from deploy.local.stack import NotRunningError, read_stack

NOT_ANSWERING = "not answering"
"""The state of a process that runs and has not answered for ten seconds."""


def status(*, json: bool = False) -> int:
    """Show processes, addresses, memory (PSS), the city's time, the place of the data, and what to do next.

    Parameters
    ----------
    json
        One object instead of tables.
    """
    place = home()
    if not is_held(place):
        return _not_running(place, json)
    facts = gather(place)
    if json:
        screen.as_json(facts)
    else:
        _show(facts, place)
    return exits.DONE


def gather(place: Home) -> dict[str, Any]:
    """The launcher's report, with memory, the clock, and what to do next."""
    progress = dict(control.read_progress(place))
    rows = [dict(row) for row in progress.get("processes", [])]
    sizes = pss_by_process(place, {row["pid"]: row["name"] for row in rows if row["pid"]})
    for row in rows:
        row["pss"] = sizes.get(row["name"], 0)
        row["notes"] = read_notes(row["port"]) if row["name"] in SERVICES and row["port"] else []
    clock = _clock(place) if progress.get("phase") == "ready" else None
    facts: dict[str, Any] = {
        "running": True,
        "phase": progress.get("phase"),
        "launcher": {"pid": progress.get("pid"), "pss": sizes.get("launcher", 0)},
        "processes": rows,
        "pss": sum(sizes.values()),
        "city_time": clock.now.isoformat() if clock else None,
        "clock_stands": clock.is_standing if clock else None,
        "data": progress.get("data"),
        "state": str(place.folder),
    }
    return facts | {"next": next_steps(facts)}


def next_steps(facts: Mapping[str, Any]) -> list[str]:
    """What its user may do now, in sentences; what is wrong comes first."""
    unwell = [step for row in facts["processes"] if (step := _step_for(row))]
    if facts["phase"] != "ready":
        return [*unwell, "It is not ready yet; ./motcua up --detach waits until it is."]
    if unwell:
        return unwell
    steps = [
        "Open the address `start here` in a browser: it leads to all others.",
        "File sixty dossiers: ./motcua file deploy/demo/dossiers-sample.jsonl",
        "Follow one of them: ./motcua trace CODE",
    ]
    if facts["clock_stands"]:
        steps.append(
            "Go to the next date: ./motcua clock step (or let the clock run: ./motcua clock set machine)"
        )
    return [*steps, "Stop it, and keep the data: ./motcua down"]


def _step_for(row: Mapping[str, Any]) -> str:
    """What to do about a process that is not well; empty for the others."""
    name, lacks = row["name"], row["lacks"]
    if not row.get("answers", True):
        return f"{name} does not answer, though it runs; why: ./motcua logs {name}"
    if "reconcile" in lacks:
        return f"{name} waits ({lacks})"
    if lacks:
        return f"{name} waits ({lacks}); more: ./motcua logs {name}"
    if row["phase"] in ("ready", "done") or not row["why"]:
        return ""
    return f"{name} is {row['phase']} again ({row['why']}); why: ./motcua logs {name}"


def _clock(place: Home) -> CityTime | None:
    try:
        return asyncio.run(read_clock(read_stack(place).postgres_url))
    except (OSError, asyncpg.PostgresError):
        return None  # a restarting database must not hide the rest


def _show(facts: dict[str, Any], place: Home) -> None:
    rows = [state_row(row) for row in facts["processes"]]
    launcher = facts["launcher"]
    rows.append(("launcher", facts["phase"], launcher["pid"], None, screen.mebibytes(launcher["pss"]), ""))
    screen.table("Processes", ("name", "state", "pid", "port", "memory", "restarts"), rows)
    for row in facts["processes"]:
        for note in row["notes"]:
            screen.say(f"{row['name']} notes: {note}")
    clock_text = "stands" if facts["clock_stands"] else "runs with the machine"
    screen.say(f"memory in all: {screen.mebibytes(facts['pss'])} (PSS)")
    screen.say(f"city's time: {facts['city_time']} ({clock_text})" if facts["city_time"] else "not ready yet")
    screen.say(f"data: {facts['data'] or 'in a server of your own'}; state and logs: {facts['state']}")
    if facts["phase"] == "ready":
        show_links(read_stack(place))
    screen.say("Next:")
    for sentence in facts["next"]:
        screen.say(f"  {sentence}")


def state_row(row: Mapping[str, Any]) -> tuple[object, ...]:
    """The line of a process: name, state, pid, port, memory, restarts."""
    size = screen.mebibytes(row["pss"]) if row["pss"] else ""
    state = row["phase"] if row.get("answers", True) else NOT_ANSWERING
    return (row["name"], state, row["pid"], row["port"], size, row["restarts"] or "")


def _not_running(place: Home, json: bool) -> int:
    last = control.read_progress(place)
    failure = str(last.get("detail") or "") if last.get("phase") == "failed" else ""
    if json:
        screen.as_json({"running": False} | ({"last_failure": failure} if failure else {}))
    elif failure:
        screen.complain(f"The last start failed: {failure}")
    raise NotRunningError
