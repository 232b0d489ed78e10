"""Each law of the machine finds the fault it is there for: planted in what would be seen of a dossier."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime
from typing import Any

import httpx
import pytest

from tests.e2e.machine import laws
from tests.e2e.machine.doors import granted
from tests.e2e.machine.hands import Try
from tests.e2e.machine.laws import Life, Watched

ACCEPTED, MOVED, PAUSED, ANSWERED = (f"2026-03-{day:02}T09:00:00+07:00" for day in (6, 9, 10, 17))
NOW = datetime.fromisoformat("2026-03-18T09:00:00+07:00")
DUE, LATER = "2026-03-27T17:00:00+07:00", "2026-04-03T17:00:00+07:00"
STEP_DUE, STEP_LATER = "2026-03-17T17:00:00+07:00", "2026-03-24T17:00:00+07:00"
PAUSE = [{"fact": "supplement_requested", "at": PAUSED}, {"fact": "supplemented", "at": ANSWERED}]
BREACH = {
    "scope": "dossier",
    "task_id": None,
    "level": "breach",
    "due_at": DUE,
    "at": DUE,
    "fired_at": DUE,
}
DRAFTED = {"type": "apology.drafted.v1", "because": "apology.drafted.v1", "because_id": "1", "task_id": "l"}


def task(task_id: str = "a", **other: Any) -> dict[str, Any]:
    """The appraisal, seven working days."""
    own = {"task_id": task_id, "kind": "step", "step": "appraise", "office": "WARD-EIU.00004"}
    return own | {"state": "queued", "queued_at": ACCEPTED, "due_at": STEP_DUE} | other


def life(**other: Any) -> Life:
    """Accepted on a Friday morning, fifteen working days, nothing happened yet."""
    usual = {
        "state": "in_process",
        "accepted_at": ACCEPTED,
        "completed_at": None,
        "current_due_at": DUE,
        "apology": None,
        "tasks": [task()],
        **{name: [] for name in ("ledger", "history", "deadlines", "queries", "time", "late")},
    }
    return deepcopy(usual | other)


def paused(**other: Any) -> Life:
    """The same, once papers were asked for on Tuesday and brought a week later."""
    return life(current_due_at=LATER, tasks=[task(due_at=STEP_LATER)], ledger=PAUSE, **other)


def handed_on(due_at: str) -> Life:
    """The step was handed on within its agency before the pause."""
    line = {"type": "task.reassigned.v1", "task_id": "b", "at": MOVED, "actor": {"role": "leader"}}
    first = task("a", state="closed")
    second = task("b", office="WARD.00004", queued_at=MOVED, due_at=due_at)
    return life(current_due_at=LATER, tasks=[first, second], ledger=PAUSE, history=[line])


def watched(*seen: Life) -> Watched:
    found = Watched()
    for one in seen:
        found.sees(one)
        laws.dates_move_later_only_and_for_a_said_reason(found, one)
    return found


def test_what_is_in_order_breaks_no_law() -> None:
    whole = paused(time=[{"minutes": 3600}])
    known = watched(life(), whole)
    laws.the_date_follows_from_the_facts(whole, NOW)
    laws.each_step_has_its_own_time(known, whole, NOW)
    laws.minutes_add_up(whole, NOW)
    laws.each_breach_has_one_letter(whole)
    laws.nothing_is_said_twice(whole)
    laws.what_is_due_is_said_and_nothing_before_its_time(whole, NOW)


def test_a_date_that_moves_and_no_fact_says_why() -> None:
    with pytest.raises(AssertionError, match="no fact says why"):
        watched(life(), life(current_due_at=LATER))


def test_a_pause_that_makes_a_date_earlier() -> None:
    earlier = paused() | {"current_due_at": STEP_DUE}
    with pytest.raises(AssertionError, match="is now due"):
        watched(life(), earlier)


def test_a_step_of_which_the_date_moves_alone() -> None:
    with pytest.raises(AssertionError, match="a moved from"):
        watched(life(), life(tasks=[task(due_at=STEP_LATER)]))


def test_a_step_that_was_handed_on_and_gains_time_by_a_pause() -> None:
    in_order = handed_on(STEP_LATER)
    laws.each_step_has_its_own_time(watched(in_order), in_order, NOW)
    gains = handed_on("2026-03-25T17:00:00+07:00")
    with pytest.raises(AssertionError, match="appraise at WARD"):
        laws.each_step_has_its_own_time(watched(gains), gains, NOW)


def test_of_moves_in_one_moment_the_last_is_the_one_that_counts() -> None:
    offices = {"a": "WARD-EIU.00004", "b": "SXD", "c": "WARD-EIU.00004", "d": "SXD"}
    came = {"a": ACCEPTED, "b": MOVED, "c": MOVED, "d": PAUSED}
    moved = [
        {"type": "task.reassigned.v1", "task_id": id_, "at": came[id_], "actor": {"role": "operator"}}
        for id_ in "bcd"
    ]
    seen = Watched()
    for now in range(1, 5):
        *closed, last = [task(id_, office=offices[id_], queued_at=came[id_]) for id_ in "abcd"[:now]]
        seen.sees(
            life(tasks=[*(one | {"state": "closed"} for one in closed), last], history=moved[: now - 1])
        )
    assert seen.counted["d"] == PAUSED


@pytest.mark.parametrize(
    "wrong",
    [
        {"deadlines": [BREACH]},
        {"deadlines": [BREACH, BREACH | {"due_at": LATER}]},
        {"deadlines": [BREACH], "history": [DRAFTED, DRAFTED], "tasks": [task(kind="letter")] * 2},
        {"history": [DRAFTED], "tasks": [task(kind="letter")], "apology": {}},
    ],
    ids=("none", "two breaches", "two letters", "of no breach"),
)
def test_a_breach_without_its_letter_or_with_two(wrong: dict[str, Any]) -> None:
    right = {"deadlines": [BREACH], "history": [DRAFTED], "tasks": [task(kind="letter")], "apology": {}}
    laws.each_breach_has_one_letter(life(**right))
    with pytest.raises(AssertionError):
        laws.each_breach_has_one_letter(life(**wrong))


def promised(*ends: dict[str, Any], **other: Any) -> Life:
    """Promised anew for the Tuesday before now; `ends` is what was said of that."""
    return life(apology={"signed_at": MOVED, "new_due_at": ANSWERED}, deadlines=list(ends), **other)


END = {"scope": "new_date", "task_id": None, "due_at": ANSWERED, "at": ANSWERED, "fired_at": ANSWERED}
HEAD, CITY = END | {"level": "breach", "to": "head"}, END | {"level": "city", "to": "city"}


@pytest.mark.parametrize(
    "wrong",
    [
        promised(),
        promised(HEAD),
        promised(HEAD, CITY, HEAD),
        promised(HEAD, CITY, state="completed", completed_at=PAUSED),
        promised(HEAD, CITY) | {"apology": {"signed_at": None, "new_due_at": ANSWERED}},
        promised(HEAD | {"due_at": PAUSED}, CITY),
    ],
    ids=("forgotten", "not to the city", "twice", "kept", "unsigned", "moved"),
)
def test_a_new_date_that_passed_and_was_forgotten_or_is_told_otherwise(wrong: Life) -> None:
    for right in (promised(HEAD, CITY), promised(state="completed", completed_at=PAUSED), life()):
        laws.each_new_date_has_one_end(right, NOW)
    with pytest.raises(AssertionError):
        laws.each_new_date_has_one_end(wrong, NOW)


@pytest.mark.parametrize("wrong", [{"deadlines": [BREACH] * 2}, {"history": [DRAFTED] * 2}])
def test_a_thing_said_twice(wrong: dict[str, Any]) -> None:
    with pytest.raises(AssertionError, match="said twice"):
        laws.nothing_is_said_twice(life(**wrong))


def test_an_instant_that_came_and_was_not_said_and_one_said_too_early() -> None:
    check = laws.what_is_due_is_said_and_nothing_before_its_time
    with pytest.raises(AssertionError, match="due and unsaid"):
        check(life(deadlines=[BREACH | {"at": PAUSED, "fired_at": None}]), NOW)
    with pytest.raises(AssertionError, match="before its time"):
        check(life(deadlines=[BREACH | {"fired_at": PAUSED}]), NOW)


@pytest.mark.parametrize("wrong", [{"time": [{"minutes": 3599}]}, {"time": [{"minutes": 3600}] * 2}])
def test_a_minute_that_is_nobodys_or_two_peoples(wrong: dict[str, Any]) -> None:
    with pytest.raises(AssertionError, match="3600"):
        laws.minutes_add_up(life(**wrong), NOW)


def test_late_minutes_that_do_not_add_up() -> None:
    late = life(current_due_at=PAUSED, time=[{"minutes": 3600}], late=[{"minutes": 2699}])
    with pytest.raises(AssertionError, match="2700"):
        laws.minutes_add_up(late, NOW)


def test_an_office_named_silent_while_its_answer_is_awaited() -> None:
    asked = task("q", kind="question", step="consult/PLAN")
    query = {"step": "consult", "asked": 1, "answered": 0, "silent": ["Sở QH-KT"], "closed_by": "person"}
    with pytest.raises(AssertionError):
        laws.the_asked_are_counted(life(tasks=[asked], queries=[query]))


def response(status: int, **said: str) -> httpx.Response:
    return httpx.Response(status, json=said, request=httpx.Request("POST", "http://routing/v1/tasks"))


@pytest.mark.parametrize(
    "said",
    [{"code": "", "vi": "a", "en": "b", "detail": "b"}, {"code": "c", "vi": "", "en": "b", "detail": "b"}],
)
def test_a_refusal_without_a_name_or_a_remedy(said: dict[str, str]) -> None:
    with pytest.raises(AssertionError):
        granted(response(409, **said))


def test_an_operators_decision_that_passes_and_a_refusal_by_another_name() -> None:
    decides = Try("an operator: complete", "operator_never_decides", lambda: response(200))
    with pytest.raises(AssertionError, match="passed"):
        decides.had_effect()
    other = {"code": "not_declined", "vi": "a", "en": "b", "detail": "b"}
    misnamed = Try("sent on", "already_declined", lambda: response(409, **other))
    with pytest.raises(AssertionError, match="not_declined"):
        misnamed.had_effect()
