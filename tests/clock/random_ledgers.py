"""Random lines for the clock: every kind, unit and event, and a bias to the seconds where rules change."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from random import Random
from typing import Any

CITY = timezone(timedelta(hours=7))
FIRST, LAST = date(2024, 1, 1), date(2027, 12, 31)
CALENDARS = ("hn", "hn", "hn", "hn-1300", "hn-ward", "inv-kimchung")
WORK = ("working_day", "working_day", "working_day", "calendar_day", "working_hour", "same_day")
EDGES = (
    "00:00:00",
    "07:59:59",
    "08:00:00",
    "12:00:00",
    "13:00:00",
    "13:30:00",
    "15:00:00",
    "17:00:00",
    "23:59:59",
)
SPECIAL = tuple(
    date.fromisoformat(day)
    for day in (
        *("2024-02-07", "2024-04-12", "2024-04-29", "2024-05-04", "2024-12-03", "2025-01-24", "2025-04-26"),
        *("2025-05-02", "2025-08-29", "2025-10-15", "2025-12-25", "2026-01-02", "2026-01-03", "2026-01-07"),
        *("2026-01-10", "2026-02-13", "2026-02-23", "2026-04-27", "2026-08-22", "2026-08-31", "2026-11-24"),
        *("2027-02-03", "2027-02-11", "2027-04-30", "2027-09-02", "2027-12-30", "2027-12-31", "2024-01-02"),
    )
)
OPENERS = {
    "supplement_requested": "supplemented",
    "payment_requested": "paid",
    "excluded_step_begun": "excluded_step_done",
    "completed": "recalled",
}
ZONES = (CITY, CITY, CITY, CITY, UTC, timezone(timedelta(hours=-5)), timezone(timedelta(hours=5, minutes=45)))
ODD = (
    *(
        None,
        True,
        False,
        0,
        -1,
        0.3,
        0.5,
        1.5,
        1001,
        2000.25,
        1e400,
        "",
        "x",
        "5",
        [],
        {},
        [None],
        {"unit": 1},
    ),
    *("2026-02-30", "2026-03-09", "2026-03-09T24:00:00Z", "2026-03-09T10:00:60Z", "2026-03-09T10:00:00"),
    *("2026-03-09T10:00:00.Z", "2026-3-9T10:00:00Z", "2026-03-09T10:00:00+24:00", "2026-03-09 10:00:00Z"),
    *(
        "2028-01-01T00:00:00+07:00",
        "2023-12-31T23:59:59+07:00",
        "2027-12-31T17:00:00Z",
        "0001-01-01T00:00:00+23:59",
    ),
    *("working_day", "calendar_month", "dossier", "hn", "9999-12-31T23:59:59-23:59", "２026-03-09T10:00:00Z"),
)
BROKEN = (
    b"",
    b" ",
    b"{",
    b"[]",
    b"7",
    b"null",
    b'"x"',
    b'{"id": NaN}',
    b'{"id":"\xff"}',
    b"{}}",
    b"\xef\xbb\xbf{}",
)


def lines(seed: int, count: int) -> Iterator[bytes]:
    """So many lines; the same for the same seed."""
    dice = Random(seed)
    for _ in range(count):
        yield line(dice)


def line(dice: Random) -> bytes:
    """One line; one in a hundred is no ledger at all, one in eight has something odd in it."""
    if dice.random() < 0.01:
        return dice.choice(BROKEN)
    raw = window(dice) if dice.random() < 0.08 else ledger(dice)
    if dice.random() < 0.12:
        spoil(dice, raw)
    return json.dumps(raw, ensure_ascii=dice.random() < 0.5).replace("Infinity", "1e400").encode()


def ledger(dice: Random) -> dict[str, Any]:
    """A dossier's, a task's or a paper's."""
    kind = dice.choices(("dossier", "task", "paper"), (60, 30, 10))[0]
    unit = dice.choice(WORK) if kind != "paper" else dice.choice(("calendar_month", "calendar_day"))
    accepted = an_instant(dice, a_day(dice))
    limit = amount(dice, unit, is_task=kind == "task")
    events, end = life(dice, accepted, limit)
    now = end + a_while(dice)
    if dice.random() < 0.02:
        now = end - a_while(dice)
    raw: dict[str, Any] = {
        **{"kind": kind, "calendar": dice.choice(CALENDARS), "unit": unit, "amount": limit},
        **{"accepted_at": wire(dice, accepted), "now": wire(dice, min(now, instant(LAST, "23:59:59")))},
    }
    if dice.random() < 0.6:
        raw["id"] = f"L{dice.randrange(10**6)}"
    if kind == "task" and dice.random() < 0.6:
        raw["cap_at"] = wire(dice, an_instant(dice, accepted.date() + timedelta(days=dice.randrange(0, 25))))
    if events or dice.random() < 0.1:
        raw["events"] = listed(dice, events)
    return raw


def window(dice: Random) -> dict[str, Any]:
    """When to ask for a paper."""
    closes = a_day(dice)
    unit, work = dice.choice(("calendar_month", "calendar_day")), dice.choice(WORK)
    now = an_instant(dice, min(LAST, max(FIRST, closes - timedelta(days=dice.randrange(-40, 260)))))
    raw: dict[str, Any] = {
        **{"kind": "window", "calendar": dice.choice(CALENDARS), "now": wire(dice, now)},
        **{"closes_on": closes.isoformat(), "validity": {"unit": unit, "amount": amount(dice, unit)}},
        "processing": {"unit": work, "amount": amount(dice, work)},
    }
    if dice.random() < 0.5:
        raw["margin_days"] = dice.choice((0, 1, 5, 14, 365, 7.0))
    return raw


def life(dice: Random, accepted: datetime, limit: float) -> tuple[list[dict[str, Any]], datetime]:
    """Events one after the other, mostly possible, and the instant of the last."""
    events: list[dict[str, Any]] = []
    at, waits = accepted, None
    for _ in range(dice.choices((0, 1, 2, 3, 4, 6, 9), (25, 20, 18, 14, 10, 8, 5))[0]):
        at = min(near_an_edge(dice, at + a_step(dice, limit), at), instant(LAST, "20:00:00"))
        kind = dice.choices(("pause", "extended", "calendar_published", "stopped"), (70, 13, 14, 3))[0]
        if kind == "pause":
            kind = OPENERS[waits] if waits else dice.choice(tuple(OPENERS))
            waits = None if waits else kind
        if dice.random() < 0.02:
            kind = dice.choice((*OPENERS, *OPENERS.values(), "stopped"))
        events.append(event(dice, kind, at))
    return events, at


def event(dice: Random, kind: str, at: datetime) -> dict[str, Any]:
    """One event; a published calendar may have been published long before."""
    raw: dict[str, Any] = {"type": kind, "at": wire(dice, at)}
    if kind == "extended":
        raw["working_days"] = dice.choice((1, 2, 3, 5, 10, 2.0, 30))
    if kind == "calendar_published":
        if dice.random() < 0.3:
            at = max(instant(FIRST, "08:00:00"), at - timedelta(days=dice.randrange(1, 30)))
            raw["at"] = wire(dice, at)
        soonest = 1 if dice.random() < 0.96 else -2
        days = [at.date() + timedelta(days=dice.randrange(soonest, 25)) for _ in range(dice.randrange(0, 5))]
        if dice.random() < 0.98:
            days = [day for day in dict.fromkeys(days) if day <= LAST]
        half = dice.randrange(len(days) + 1)
        raw["off"], raw["worked"] = ([day.isoformat() for day in part] for part in (days[:half], days[half:]))
        if dice.random() < 0.2:
            left_out = dice.choice(("off", "worked"))
            raw[left_out] = None
            if dice.random() < 0.8:
                del raw[left_out]
    return raw


def listed(dice: Random, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events as recorded: mostly in order, else as they came in."""
    if dice.random() < 0.25:
        dice.shuffle(events)
    return events


def amount(dice: Random, unit: str, *, is_task: bool = False) -> float:
    """An amount of this unit, small ones more often."""
    small = dice.choices((3, 12, 45, 250), (40, 40, 15, 5))[0]
    match unit:
        case "same_day":
            return 1
        case "working_hour":
            return dice.randrange(1, small * 8) / 4
        case "calendar_month":
            return dice.choice((1, 2, 3, 6, 6, 12, 24, 120))
        case "working_day" if is_task:
            return dice.randrange(1, small * 2) / 2
        case _:
            found = dice.randrange(1, small + 1)
            return float(found) if dice.random() < 0.1 else found


def a_day(dice: Random) -> date:
    """Any covered day; often one near which something is special."""
    if dice.random() < 0.5:
        found = dice.choice(SPECIAL) + timedelta(days=dice.randrange(-6, 5))
        return min(LAST, max(FIRST, found))
    return FIRST + timedelta(days=dice.randrange(0, 1330))


def a_step(dice: Random, limit: float) -> timedelta:
    """From one event to the next: nothing at all, seconds, hours, or days; often at an edge of the day."""
    draw = dice.random()
    if draw < 0.06:
        return timedelta(0)
    if draw < 0.4:
        return timedelta(seconds=dice.randrange(0, 30_000))
    days = dice.randrange(0, 4 + min(40, int(limit)))
    return timedelta(
        days=days, seconds=dice.choice((0, 0, -1, 1, 3600, 5400, dice.randrange(-40_000, 40_000)))
    )


def near_an_edge(dice: Random, at: datetime, not_before: datetime) -> datetime:
    """This instant, or in one of three an edge of its day, often to the second."""
    if dice.random() < 0.67:
        return at
    edge = instant(at.date(), dice.choice(("08:00:00", "12:00:00", "15:00:00", "17:00:00", "17:00:00")))
    return max(not_before, edge + timedelta(seconds=dice.choice((-1, 0, 0, 0, 1))))


def a_while(dice: Random) -> timedelta:
    """From the last event to now."""
    return timedelta(seconds=dice.choice((0, 1, 3600, 86_400, dice.randrange(0, 5_000_000))))


def an_instant(dice: Random, day: date) -> datetime:
    """An instant of that day; half of them on an edge, a second before or after it."""
    if dice.random() < 0.5:
        at = instant(day, dice.choice(EDGES)) + timedelta(seconds=dice.choice((-1, 0, 0, 1)))
        return at if FIRST <= at.date() <= LAST else instant(day, "10:00:00")
    return instant(day, "00:00:00") + timedelta(seconds=dice.randrange(86_400))


def instant(day: date, at: str) -> datetime:
    """An instant of the city."""
    return datetime.fromisoformat(f"{day}T{at}+07:00")


def wire(dice: Random, at: datetime) -> str:
    """The instant in some offset, now and then with a fraction."""
    text = at.astimezone(dice.choice(ZONES)).isoformat()
    if dice.random() < 0.1:
        text = f"{text[:19]}.{dice.choice(('0', '5', '999', '999999999'))}{text[19:]}"
    return text.replace("+00:00", "Z") if dice.random() < 0.7 else text


def spoil(dice: Random, raw: dict[str, Any]) -> None:
    """Something odd in one place: a field gone, null, or of another shape."""
    holders = [raw, *(part for part in raw.values() if isinstance(part, dict))]
    holders += [one for one in raw.get("events", []) if isinstance(one, dict)]
    holder = dice.choice(holders)
    name = dice.choice((*holder, "colour"))
    if dice.random() < 0.3:
        holder.pop(name, None)
    else:
        holder[name] = dice.choice(ODD)
