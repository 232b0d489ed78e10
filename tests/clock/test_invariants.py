"""What holds of every clock, whatever its ledger: each law on a few thousand random lives."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.builders.ledgers import clock_answer
from tests.clock.random_ledgers import OPENERS, SPECIAL, an_instant, ledger
from tests.effort import size

Raw = dict[str, Any]
LIVES = size(300, 5_000)


def lives(seed: int) -> Iterator[tuple[Random, Raw, Raw]]:
    """Ledgers of work that have dates, with those dates."""
    dice = Random(seed)
    found = 0
    while found < LIVES:
        raw = ledger(dice)
        told = clock_answer(raw)
        if raw["kind"] != "paper" and "error" not in told:
            found += 1
            yield dice, raw, told


def with_events(raw: Raw, events: list[Raw]) -> Raw:
    return clock_answer({**raw, "events": events})


def instant(raw: Raw, name: str = "at") -> datetime:
    return datetime.fromisoformat(raw[name].replace("Z", "+00:00")).replace(microsecond=0)


def is_earlier(told: Raw, before: Raw) -> bool:
    """Both have a due date, and this one is the earlier."""
    if not told.get("due_at") or not before["due_at"]:
        return False
    return instant(told, "due_at") < instant(before, "due_at")


def test_filing_later_is_never_due_earlier():
    for dice, raw, _ in lives(1):
        alone = {**raw, "events": [], "accepted_at": raw["accepted_at"], "cap_at": None}
        later = instant(raw, "accepted_at") + timedelta(seconds=dice.choice((1, 3600, 50_000)))
        if later <= instant(raw, "now"):
            told = clock_answer({**alone, "accepted_at": later.isoformat()})
            assert not is_earlier(told, clock_answer(alone)), raw


def test_a_pause_never_makes_a_date_earlier():
    pauses = 0
    for dice, raw, told in lives(2):
        events = sorted(raw.get("events", []), key=instant)
        place = dice.randrange(len(events) + 1)
        if told["state"] == "stopped" or is_open(events[:place]):
            continue
        begin = instant(events[place - 1]) if place else instant(raw, "accepted_at")
        end = instant(events[place]) if place < len(events) else instant(raw, "now")
        first, last = sorted(begin + (end - begin) * dice.random() for _ in range(2))
        opener = dice.choice(tuple(OPENERS))
        pause = [{"type": opener, "at": first.isoformat()}, {"type": OPENERS[opener], "at": last.isoformat()}]
        after = with_events(raw, [*events[:place], *pause, *events[place:]])
        assert not is_earlier(after, told), (raw, pause)
        pauses += "error" not in after
    assert pauses > LIVES / 3


def is_open(events: list[Raw]) -> bool:
    """Does the last pause of these events still wait?"""
    acts = [one["type"] for one in events if one["type"] in OPENERS or one["type"] in OPENERS.values()]
    return bool(acts) and acts[-1] in OPENERS


def test_adding_a_holiday_never_makes_a_date_earlier():
    for dice, raw, told in lives(3):
        start = max(
            instant(raw, "accepted_at") - timedelta(days=dice.randrange(3)), an_instant(dice, SPECIAL[0])
        )
        days = {(start + timedelta(days=dice.randrange(2, 40))).date().isoformat() for _ in range(3)}
        holiday = {"type": "calendar_published", "at": start.isoformat(), "off": sorted(days), "worked": []}
        assert not is_earlier(with_events(raw, [holiday, *raw.get("events", [])]), told), (raw, holiday)


def test_the_order_in_which_facts_arrive_does_not_matter():
    for dice, raw, told in lives(4):
        events = raw.get("events", [])
        if len({instant(one) for one in events}) == len(events):
            shuffled = dice.sample(events, len(events))
            assert with_events(raw, shuffled) == with_events(raw, events) == told


def test_reckoning_again_gives_the_same_whatever_was_reckoned_between():
    kept = [(raw, told) for _, raw, told in lives(5)]
    for raw, told in reversed(kept):
        assert clock_answer(raw) == told


def test_the_lines_of_working_days_add_up_to_the_limit_and_its_extension():
    for _, raw, told in lives(6):
        whole = raw["unit"] == "working_day" and raw["amount"] % 1 == 0 and "cap_at" not in raw
        if whole and told["state"] == "running":
            counted = sum(line["counts"] for line in told["explanation"])
            extra = [one["working_days"] for one in raw.get("events", []) if one["type"] == "extended"]
            assert counted in {raw["amount"], *(raw["amount"] + days for days in extra)}, raw


def test_dates_stand_in_their_order():
    for _, raw, told in lives(7):
        if told["due_at"] and told["breach_at"]:
            assert instant(told, "breach_at") == instant(told, "due_at") + timedelta(seconds=1)
        at = [instant(one) for one in told["warnings_at"]]
        assert at == sorted(at), raw
        assert all(one <= instant(told, "due_at") for one in at), raw
        if told["city_at"]:
            assert instant(told, "city_at") > instant(told, "due_at")
