"""The result of a line, as the text tells it, rule by rule."""

import calendar as months
from datetime import date, datetime, timedelta
from typing import Any

from tests.clock.by_hand import reading as read
from tests.clock.by_hand.reading import Happened, WrongError, wrong
from tests.clock.by_hand.walk import Job, Walk
from tests.clock.by_hand.wall import DAY, BeyondError, Notice, Wall, first_day

PAIRS = {
    "supplement_requested": "supplemented",
    "payment_requested": "paid",
    "excluded_step_begun": "excluded_step_done",
    "completed": "recalled",
}
SECOND = timedelta(seconds=1)
Terms = tuple[str, float, datetime, bool, datetime | None]
"""Unit, amount, acceptance, is it a task, its cap."""


def answer_by_hand(line: bytes) -> dict[str, Any]:
    """The result; `counts` in place of an explanation: units by date, from acceptance to its end."""
    found: dict[str, Any] = {}
    try:
        raw = read.parse(line)
        name = raw.get("id")
        if name is not None and not isinstance(name, str):
            wrong("bad_field", "id")
        if name is not None:
            found["id"] = name
        kind = read.choice(raw, "kind", ["dossier", "task", "paper", "window"])
        try:
            return found | (window(raw) if kind == "window" else ledger(raw, kind))
        except BeyondError:
            wrong("outside_calendar", None)
    except WrongError as why:
        return found | {"error": {"code": why.code, "field": why.field}}


def ledger(raw: dict[str, Any], kind: str) -> dict[str, Any]:
    """A dossier's, a task's or a paper's."""
    unit = read.choice(raw, "unit", read.AGES if kind == "paper" else read.WORK)
    amount = read.amount(raw, unit, is_task=kind == "task")
    name = read.calendar(raw)
    accepted = read.moment(raw, "accepted_at")
    now = read.moment(raw, "now")
    if now < accepted:
        wrong("before_start", "now")
    if kind == "paper":
        return paper(unit, int(amount), accepted)
    cap = None
    if kind == "task" and raw.get("cap_at") is not None:
        cap = read.moment(raw, "cap_at")
        if cap < accepted:
            wrong("before_start", "cap_at")
    happened = sorted(read.events(raw), key=lambda one: one.at)
    check(happened, accepted, now)
    return Life((unit, amount, accepted, kind == "task", cap), name, happened, now).told()


def check(happened: list[Happened], accepted: datetime, now: datetime) -> None:
    """Can they have happened so?"""
    waits: str | None = None
    is_over = False
    for one in happened:
        published = one.type == "calendar_published"
        if one.at < accepted and not published:
            wrong("before_start", f"events[{one.place}]")
        if one.at > now:
            wrong("after_now", f"events[{one.place}]")
        if published:
            continue
        opens, answers = one.type in PAIRS, one.type in PAIRS.values()
        if (
            is_over
            or (opens and waits)
            or (answers and (waits is None or PAIRS[waits] != one.type))
            or (waits == "completed" and one.type != "recalled")
        ):
            wrong("event_order", f"events[{one.place}]")
        waits = one.type if opens else None if answers else waits
        is_over = one.type == "stopped"


class Life:
    """One clock, event after event."""

    def __init__(self, terms: Terms, name: str, happened: list[Happened], now: datetime) -> None:
        self.terms, self.name, self.now = terms, name, now
        self.acts = [one for one in happened if one.type != "calendar_published"]
        self.notices: list[Notice] = []
        for one in happened:
            if one.type == "calendar_published":
                self.notices += [(one.at, day, False) for day in one.off]
                self.notices += [(one.at, day, True) for day in one.worked]
        self.ended = self._end()
        self.job = Job(Wall(name, self.ended or now, self.notices), *terms)
        self.waits: Happened | None = None
        self.held = False
        self.due = self._walk()
        self.restarted = self.job.accepted
        self.extended = False
        for act in self.acts:
            self._take(act)

    def _end(self) -> datetime | None:
        waits = None
        for act in self.acts:
            if act.type == "stopped":
                return waits.at if waits else act.at
            waits = act if act.type in PAIRS else None if act.type in PAIRS.values() else waits
        return waits.at if waits and waits.type == "completed" else None

    def _walk(self) -> datetime:
        self.last = Walk(self.job)
        assert self.last.due is not None
        return self.last.due

    def _take(self, act: Happened) -> None:
        if act.type in PAIRS:
            self.waits = act
            self.held = act.at < self.due
            if self.held:
                self.job.pauses.append((act.at, None))
        elif act.type in PAIRS.values():
            if self.held:
                self.job.pauses[-1] = (self.job.pauses[-1][0], act.at)
                self.due, self.restarted = self._walk(), act.at
            self.waits, self.held = None, False
        elif act.type == "extended" and not self.extended and (self.held or act.at < self.due):
            self.extended = True
            self.job.extension = act.days
            if not self.held:
                self.due = self._walk()

    def told(self) -> dict[str, Any]:
        """The whole result."""
        wall = self.job.wall
        before = Job(Wall(self.name, self.job.accepted, self.notices), *self.terms)
        found: dict[str, Any] = {
            "starts_on": self._starts_on(),
            "due_at": self.due,
            "state": "stopped" if self.ended else "paused" if self.waits else "running",
            "promised_due_at": Walk(before).due,
            "due_if_answered_now": None,
            "warnings_at": [],
            "breach_at": self.due + SECOND,
            "city_at": None,
            "late_by": None,
            "second_supplement": [one.type for one in self.acts].count("supplement_requested") >= 2,
            "counts": self.last.counted,
            "until": self.due.date(),
        }
        if self.ended:
            found |= self._over(self.ended)
        elif self.waits and self.held:
            found |= self._held()
        else:
            found["city_at"] = wall.closes(wall.next_worked(self.due.date() + DAY))
            if self.waits:
                found["due_if_answered_now"] = self.due
            else:
                found["warnings_at"] = self._warnings()
        return found

    def _over(self, ended: datetime) -> dict[str, Any]:
        if ended <= self.due:
            return {"breach_at": None}
        days = self.job.wall.worked_between(self.due.date(), ended.date())
        return {"late_by": {"seconds": int((ended - self.due).total_seconds()), "working_days": days}}

    def _held(self) -> dict[str, Any]:
        asked = self.job.pauses[-1][0]
        counted = Walk(self.job).counted
        self.job.pauses[-1] = (asked, self.now)
        found = {"due_at": None, "breach_at": None, "due_if_answered_now": Walk(self.job).due}
        self.job.pauses[-1] = (asked, None)
        return found | {"counts": counted, "until": self.now.date()}

    def _starts_on(self) -> date:
        if self.job.unit != "working_hour":
            return self.last.zeros[0]
        day = self.job.accepted.date()
        while True:
            for _, closing in self.job.wall.hours(day):
                if self.job.accepted < datetime.combine(day, closing):
                    return day
            day += DAY

    def _warnings(self) -> list[dict[str, Any]]:
        if self.job.unit in ("same_day", "working_hour"):
            planned = [("two_hours", self._two_hours_before())]
        else:
            planned = self._day_warnings()
        moved = [(level, max(at, self.restarted)) for level, at in planned]
        return [{"level": level, "at": min(at, self.due)} for level, at in moved]

    def _day_warnings(self) -> list[tuple[str, datetime]]:
        wall, zeros = self.job.wall, self.last.zeros
        ends = [asked.date() for asked, _ in self.job.pauses] + [self.due.date()]
        all_days = sum(wall.worked_between(zero, end) for zero, end in zip(zeros, ends, strict=True))
        quarter = all_days // 4
        found = [("three_quarters", self._opening_before(quarter))] if quarter >= 2 else []
        return [*found, ("one_day", self._opening_before(1))]

    def _opening_before(self, left: int) -> datetime:
        day = self.due.date() + DAY
        while left:
            day -= DAY
            left -= self.job.wall.is_worked(day)
        return self.job.wall.opens(day)

    def _two_hours_before(self) -> datetime:
        left, day = 7200, self.due.date()
        while day >= self.restarted.date():
            for opening, closing in reversed(self.job.wall.hours(day)):
                end = min(datetime.combine(day, closing), self.due)
                length = max(0, int((end - datetime.combine(day, opening)).total_seconds()))
                if length >= left:
                    return end - timedelta(seconds=left)
                left -= length
            day -= DAY
        return self.restarted


def paper(unit: str, amount: int, accepted: datetime) -> dict[str, Any]:
    """A paper's."""
    last = expiry(unit, amount, accepted.date())
    due = datetime.combine(last, datetime.max.time()).replace(microsecond=0)
    return {
        **{"starts_on": accepted.date(), "due_at": due, "state": "running", "promised_due_at": due},
        **{"due_if_answered_now": None, "warnings_at": [], "breach_at": due + SECOND, "city_at": None},
        **{"late_by": None, "second_supplement": False, "counts": None, "until": last},
    }


def expiry(unit: str, amount: int, day: date) -> date:
    """The last day a paper of that day is good."""
    if unit == "calendar_day":
        return day + amount * DAY
    year, month = day.year, day.month
    for _ in range(amount):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return date(year, month, min(day.day, months.monthrange(year, month)[1]))


def window(raw: dict[str, Any]) -> dict[str, Any]:
    """When to ask for a paper."""
    name = read.calendar(raw)
    now = read.moment(raw, "now")
    closes = read.a_date(read.need(raw, "closes_on"), "closes_on")
    life = limit(raw, "validity", read.AGES)
    work = limit(raw, "processing", read.WORK)
    margin = 0 if raw.get("margin_days") is None else read.whole(raw, "margin_days", 0, 365)
    first = earliest(closes + margin * DAY, *life)
    last = latest(Wall(name, now, []), closes - margin * DAY, *work)
    today = now.date()
    advice = "too_early" if today < first else "now" if today <= last else "too_late"
    return {"from": first, "to": last, "advice": "never" if first > last else advice}


def limit(raw: dict[str, Any], name: str, units: list[str]) -> tuple[str, float]:
    """Unit and amount of a part."""
    part = read.need(raw, name)
    if not isinstance(part, dict):
        wrong("bad_field", name)
    unit = read.choice(part, "unit", units, f"{name}.")
    return unit, read.amount(part, unit, is_task=False, path=f"{name}.")


def earliest(good_on: date, unit: str, amount: float) -> date:
    """The first day of issue: from well before, until it reaches."""
    day = good_on - (int(amount) * (31 if unit == "calendar_month" else 1) + 5) * DAY
    if unit == "calendar_month" and amount > 24:  # walk the last weeks only
        day = good_on - (int(amount * 30.43) + 40) * DAY
    while expiry(unit, int(amount), day) < good_on:
        day += DAY
    return day


def latest(wall: Wall, by: date, unit: str, amount: float) -> date:
    """The last day of filing at 8: backwards from the end until the work is done in time."""
    day = by
    while day >= first_day():
        try:
            due = Walk(
                Job(wall, unit, amount, datetime.combine(day, datetime.min.time()).replace(hour=8), False)
            ).due
        except BeyondError:
            due = None
        if due is not None and due.date() <= by:
            return day
        day -= DAY
    raise BeyondError
