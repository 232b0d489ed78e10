"""What is so of every dossier, whatever people do and however time passes; each law sees what anyone may see.

A law takes a dossier's life as `/v1/cases/{code}` tells it. `Watched` keeps what was seen of it before.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.clock.by_hand.answering import answer_by_hand
from tests.clock.by_hand.wall import Wall
from tests.e2e.machine.table import ENDED

Life = dict[str, Any]
PROCEDURE = Path("deploy/catalogue/procedures/building-permit-house.yaml")
MOVES_A_DATE = frozenset({"supplemented", "paid", "extended", "recalled"})
WAITS = {"supplement_requested": "supplemented", "payment_requested": "paid"}
WARNS = frozenset({"three_quarters", "one_day", "two_hours"})
OPEN = frozenset({"queued", "started", "declined"})
CALENDAR = "hn"
MOVED = "task.reassigned.v1"


@dataclass
class Watched:
    """Of one dossier: each date as last seen, and after how many facts; since when each step counts."""

    dates: dict[str, tuple[str, int]] = field(default_factory=dict)
    counted: dict[str, str] = field(default_factory=dict)

    def sees(self, life: Life) -> None:
        """Note since when each step that came into somebody's hands counts."""
        for task in life["tasks"]:
            if task["queued_at"] and task["task_id"] not in self.counted:
                self.counted[task["task_id"]] = _since(self, life, task)


def _since(watched: Watched, life: Life, task: dict[str, Any]) -> str:
    """Handed on within its agency, or anew where it was, a step goes on counting, unless it was due."""
    was = [one for one in life["tasks"] if one["step"] == task["step"] and one["state"] == "closed"]
    moved = [line for line in life["history"] if line["task_id"] == task["task_id"] and line["type"] == MOVED]
    turn = {line["task_id"]: n for n, line in enumerate(life["history"]) if line["type"] == MOVED}
    earlier = max(was, key=lambda one: (one["queued_at"], turn.get(one["task_id"], -1)), default=None)
    if not moved or earlier is None:
        return task["queued_at"]
    keeps = moved[0]["actor"].get("role") == "leader" or earlier["office"] == task["office"]
    at = _stood_at(life["ledger"], moved[0]["at"])
    goes_on = keeps and datetime.fromisoformat(earlier["due_at"]) > at
    return watched.counted[earlier["task_id"]] if goes_on else task["queued_at"]


def _stood_at(ledger: list[dict[str, Any]], at: str) -> datetime:
    """What time it was for the work: in a pause, when that began."""
    moment = datetime.fromisoformat(at)
    for opened, answered in _pauses(ledger):
        begins = datetime.fromisoformat(opened["at"])
        if begins <= moment and (answered is None or moment < datetime.fromisoformat(answered["at"])):
            return begins
    return moment


def all_hold(watched: Watched, life: Life, now: datetime) -> None:
    """Every law, of a dossier of which everything due by now has been said."""
    dates_move_later_only_and_for_a_said_reason(watched, life)
    each_step_has_its_own_time(watched, life, now)
    each_breach_has_one_letter(life)
    each_new_date_has_one_end(life, now)
    nothing_is_said_twice(life)
    what_is_due_is_said_and_nothing_before_its_time(life, now)
    minutes_add_up(life, now)
    the_asked_are_counted(life)


def story(life: Life) -> Iterator[str]:
    """What happened to it, to be read beside a law that broke."""
    for line in life["history"]:
        yield " ".join(str(line[name]) for name in ("at", "because", "state", "step", "office", "task_id"))
    for task in life["tasks"]:
        yield " ".join(
            str(task[name]) for name in ("task_id", "step", "office", "state", "queued_at", "due_at")
        )


def dates_move_later_only_and_for_a_said_reason(watched: Watched, life: Life) -> None:
    """The dossier's date and each step's: only an answer, an extension or a recall moves one, never back."""
    facts = sum(one["fact"] in MOVES_A_DATE for one in life["ledger"])
    for about, date in _dates(life):
        before, had = watched.dates.get(about, (date, facts))
        if date != before:
            assert facts > had, f"{about} moved from {before} to {date} and no fact says why"
            assert _at(date) > _at(before), f"{about} was due {before} and is now due {date}"
        watched.dates[about] = (date, facts)


def _dates(life: Life) -> Iterator[tuple[str, str]]:
    if life["accepted_at"] is None:
        return
    if life["current_due_at"]:
        yield "the dossier", life["current_due_at"]
    for task in life["tasks"]:
        if task["queued_at"] and task["kind"] in {"step", "question"}:
            yield task["task_id"], task["due_at"]


def the_date_follows_from_the_facts(life: Life, now: datetime) -> None:
    """By the second implementation, from the stored facts alone."""
    if life["accepted_at"]:
        by_hand = dossier_by_hand(life, now)["due_at"]
        assert _same(life["current_due_at"], by_hand), (life["current_due_at"], by_hand, life["ledger"])


def dossier_by_hand(life: Life, now: datetime) -> dict[str, Any]:
    """What the second implementation makes of its ledger."""
    events = [{"type": one["fact"], **one} for one in life["ledger"]]
    limit = _data()["total"]
    line = {
        "kind": "dossier",
        "calendar": CALENDAR,
        "unit": limit["unit"],
        "amount": limit["amount"],
        "accepted_at": life["accepted_at"],
        "now": now.isoformat(),
        "events": events,
    }
    return answer_by_hand(json.dumps(line).encode())


def each_step_has_its_own_time(watched: Watched, life: Life, now: datetime) -> None:
    """Its budget since its agency first had it, less the pauses, at most the dossier's date."""
    if life["state"] != "in_process":
        return
    for task in life["tasks"]:
        if task["state"] in OPEN and task["kind"] == "step":
            begun = watched.counted[task["task_id"]]
            by_hand = answer_by_hand(json.dumps(_line(life, task, begun, now)).encode())
            told = f"{task['step']} at {task['office']} since {begun}, {life['ledger']}"
            assert _same(task["due_at"], by_hand["due_at"]), (task["due_at"], by_hand["due_at"], told)


def _line(life: Life, task: dict[str, Any], begun: str, now: datetime) -> dict[str, Any]:
    limit = next(one["limit"] for one in _data()["steps"] if one["id"] == task["step"])
    due = life["current_due_at"]
    bounded = due is not None and _at(due) >= _at(begun)
    since: list[dict[str, str]] = []
    for opened, answered in _pauses(life["ledger"]):
        if answered is None or _at(answered["at"]) > _at(begun):
            since.append({"type": opened["fact"], "at": max(opened["at"], begun, key=_at)})
            since += [{"type": answered["fact"], "at": answered["at"]}] if answered else []
    line = {"kind": "task", "calendar": CALENDAR, "unit": limit["unit"], "amount": limit["amount"]}
    return (
        line
        | {"accepted_at": begun, "now": now.isoformat(), "events": since}
        | ({"cap_at": due} if bounded else {})
    )


def _pauses(ledger: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    opened = None
    for one in ledger:
        if one["fact"] in WAITS:
            opened = one
        elif opened and one["fact"] == WAITS[opened["fact"]]:
            yield opened, one
            opened = None
    if opened:
        yield opened, None


def each_breach_has_one_letter(life: Life) -> None:
    """Drafted with the breach, signed at most once, and no second one ever."""
    breaches = [one for one in said(life) if (one["scope"], one["level"]) == ("dossier", "breach")]
    told = Counter(line["type"] for line in life["history"])
    letters = [task for task in life["tasks"] if task["kind"] == "letter"]
    assert len(breaches) <= 1, breaches
    assert told["apology.drafted.v1"] == len(breaches) == len(letters), "a breach and its letter"
    assert told["apology.issued.v1"] <= len(letters), "a letter is signed once"
    assert (life["apology"] is not None) == bool(letters), "what the letter says"


def each_new_date_has_one_end(life: Life, now: datetime) -> None:
    """Signed, and passed while the case was open: said once, to the head and to the city; else not at all."""
    letter = life["apology"] or {}
    new_date = _at(letter["new_due_at"]) if letter.get("signed_at") else None
    found = [one for one in said(life) if one["scope"] == "new_date" and one["level"] not in WARNS]
    ends = [(one["level"], one["to"]) for one in found]
    if new_date is None or new_date >= _at(life["completed_at"] or now.isoformat()):
        assert not ends, f"the end of a new date that was not signed, or kept: {ends}"
    elif life["state"] not in ENDED or ends:
        assert ends == [("breach", "head"), ("city", "city")], f"promised for {new_date}, and told: {ends}"
    assert all(_at(one["due_at"]) == new_date for one in found), "a new date moved"


def nothing_is_said_twice(life: Life) -> None:
    """Each instant of a clock once, each fact once."""
    instants = Counter((one["scope"], one["task_id"], one["level"], one["due_at"]) for one in said(life))
    lines = Counter((line["type"], line["because"], line["because_id"]) for line in life["history"])
    again = [what for what, times in (*instants.items(), *lines.items()) if times > 1]
    assert not again, f"said twice: {again}"


def what_is_due_is_said_and_nothing_before_its_time(life: Life, now: datetime) -> None:
    """Every instant that has come, and none that has not."""
    assert not (left := unsaid(life, now)), f"due and unsaid: {left}"
    early = [one for one in said(life) if _at(one["fired_at"]) < _at(one["at"])]
    assert not early, f"said before its time: {early}"


def unsaid(life: Life, now: datetime) -> list[dict[str, Any]]:
    """The instants of its clocks that have come and were not said."""
    return [one for one in life["deadlines"] if one["fired_at"] is None and _at(one["at"]) <= now]


def to_come(life: Life) -> Iterable[datetime]:
    """When its clocks speak next."""
    return (_at(one["at"]) for one in life["deadlines"] if one["fired_at"] is None)


def minutes_add_up(life: Life, now: datetime) -> None:
    """What is put down to offices and to the citizen is all working time there was, and all that was late."""
    if life["accepted_at"] is None:
        return
    end, due = _at(life["completed_at"] or now.isoformat()), life["current_due_at"]
    whole = _working_minutes(_at(life["accepted_at"]), end)
    assert sum(one["minutes"] for one in life["time"]) == whole, (whole, life["time"])
    late = _working_minutes(_at(due), end) if due and _at(due) < end else 0
    assert sum(one["minutes"] for one in life["late"]) == late, (late, life["late"])


def _working_minutes(since: datetime, until: datetime) -> int:
    """Read off the wall, day by day."""
    since, until = (one.replace(tzinfo=None) for one in (since, until))
    wall, day, total = Wall(CALENDAR, until, []), since.date(), timedelta()
    while day <= until.date():
        for opens, closes in wall.hours(day):
            begins, ends = datetime.combine(day, opens), datetime.combine(day, closes)
            total += max(min(ends, until) - max(begins, since), timedelta())
        day += timedelta(days=1)
    return total // timedelta(minutes=1)


def the_asked_are_counted(life: Life) -> None:
    """Who answered and who is named silent; nobody is silent while an answer is awaited."""
    for query in life["queries"]:
        asked = [one for one in life["tasks"] if one["step"].startswith(f"{query['step']}/")]
        awaited = [one for one in asked if one["state"] in OPEN]
        settled = query["answered"] + len(query["silent"])
        assert settled + len(awaited) == query["asked"] or life["state"] in ENDED, query
        assert (query["closed_by"] is not None) == (settled == query["asked"]), query


def said(life: Life) -> list[dict[str, Any]]:
    """The instants of its clocks that came and were said."""
    return [one for one in life["deadlines"] if one["fired_at"]]


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _same(one: str | None, other: datetime | None) -> bool:
    if one is None or other is None:
        return one is None and other is None
    return _at(one).replace(tzinfo=None, microsecond=0) == other.replace(tzinfo=None)


@cache
def _data() -> dict[str, Any]:
    return yaml.safe_load(PROCEDURE.read_text("utf-8"))["versions"][0]
