"""Two dossiers at once, driven at random through every door: the table holds after every step."""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from deploy.local.city_day.closing_check.topics import read_all
from tests.clock.by_hand.answering import answer_by_hand
from tests.e2e.machine import doors, table
from tests.e2e.machine.acts import ACTS, Act, leads, says_it_again
from tests.e2e.machine.again import Listener, told_once
from tests.e2e.machine.doors import City, Dossier
from tests.e2e.machine.table import ENDED, Place, Row, row_of, rows
from tests.e2e.machine.walks import reachable

EXAMPLES = int(os.environ.get("MOTCUA_MACHINE_EXAMPLES", "8"))
STEPS = int(os.environ.get("MOTCUA_MACHINE_STEPS", "30"))
LONG = "MOTCUA_MACHINE_EXAMPLES" in os.environ
ONE_OR_THE_OTHER = st.integers(0, 1)
AT_WORK = 1
"""Of the two dossiers, the one that is accepted from the first; the other waits at the counter."""
ACCEPT = next(act for act in ACTS if act.name == "accept")
UPDATES = "case.updates"
LIMIT = {"kind": "dossier", "calendar": "hn", "unit": "working_day", "amount": 15}


class Desk(RuleBasedStateMachine):
    """What may happen to two dossiers, and what must always be so."""

    city: ClassVar[City]
    seen: ClassVar[list[Dossier]] = []
    reached: ClassVar[set[int]] = set()
    """The rows of the file that were taken, by number."""

    @initialize()
    def two_are_filed(self) -> None:
        self.taken = set[Row]()
        self.listener = Listener(self.city)
        self.dossiers = [self._filed(), self._filed()]
        self._does(self.dossiers[AT_WORK], ACCEPT)

    @rule(data=st.data())
    def the_first_goes_on(self, data: st.DataObject) -> None:
        self._goes_on(0, data)

    @rule(data=st.data())
    def the_second_goes_on(self, data: st.DataObject) -> None:
        self._goes_on(1, data)

    @rule(data=st.data())
    def both_go_on(self, data: st.DataObject) -> None:
        self._goes_on(0, data)
        self._goes_on(1, data)

    @precondition(lambda self: any(_is_over(one.place) for one in self.dossiers))
    @rule()
    def another_is_filed_in_place_of_one_that_is_over(self) -> None:
        over = next(n for n, one in enumerate(self.dossiers) if _is_over(one.place))
        self.dossiers[over] = self._filed()
        if over == AT_WORK:
            self._does(self.dossiers[over], ACCEPT)

    @rule(which=ONE_OR_THE_OTHER, data=st.data())
    def somebody_does_anything_at_all(self, which: int, data: st.DataObject) -> None:
        dossier = self.dossiers[which]
        self._does(dossier, data.draw(st.sampled_from(self._can_be_tried(dossier))))

    @rule(data=st.data())
    def an_earlier_request_arrives_again(self, data: st.DataObject) -> None:
        """However late, by its key it is the same: the same answer, and nothing happens."""
        one = data.draw(st.sampled_from(self.listener.taken))
        before = [self.city.life(dossier)["history"] for dossier in self.dossiers]
        answer = self.listener.again(one)
        assert (answer.is_success, answer.json()) == (True, one.answer), one
        assert [self.city.life(dossier)["history"] for dossier in self.dossiers] == before

    @rule(which=ONE_OR_THE_OTHER)
    def a_withdrawal_is_sent_twice(self, which: int) -> None:
        """The same key again is a retry: one request, one answer."""
        dossier, key = self.dossiers[which], str(uuid4())
        before = len(self.city.life(dossier)["history"])
        act = next(act for act in ACTS if act.name == "withdraw")
        first, second = (self.city.at_intake(dossier, "withdraw", {}, again=key) for _ in range(2))
        assert (first.status_code, first.json()) == (second.status_code, second.json())
        is_answered = first.is_success and not says_it_again(dossier.place, act.fact)
        had_effect = is_answered and self.city.heard(dossier, act.fact, before)
        self._moved(dossier, act, had_effect=had_effect)
        told = [x for x in self.city.life(dossier)["history"][before:] if x["because"] == f"{act.fact}.v1"]
        assert len(told) <= 1

    @precondition(lambda self: any(one.place.state == "in_process" for one in self.dossiers))
    @rule()
    def a_withdrawal_crosses_the_last_word(self) -> None:
        """One judge, one answer: completed, and the withdrawal came too late; or the withdrawal stands."""
        dossier = next(one for one in self.dossiers if one.place.state == "in_process")
        by_name = {act.name: act for act in ACTS}
        before = len(self.city.life(dossier)["history"])
        asked = self.city.at_intake(dossier, "withdraw", {})
        by_name["finish"].do(self.city, dossier)
        assert asked.is_success
        withdrawn = self.city.heard(dossier, "dossier.withdrawal_requested", before)
        act = by_name["withdraw" if withdrawn else "finish"]
        self._moved(dossier, act, had_effect=True)

    @invariant()
    def routing_and_the_page_and_the_table_agree(self) -> None:
        for one in self.dossiers:
            self.city.stands(one, one.place)

    @invariant()
    def what_was_promised_stays_and_the_date_follows_from_the_facts(self) -> None:
        for one in self.dossiers:
            life = self.city.life(one)
            one.promised = one.promised or life["promised_due_at"]
            assert life["promised_due_at"] == one.promised
            if life["accepted_at"]:
                assert _same(life["current_due_at"], _by_hand(life, self.city.now().isoformat()))

    @invariant()
    def somebody_holds_it_until_it_ends_and_then_nobody(self) -> None:
        for one in self.dossiers:
            life = self.city.life(one)
            open_tasks = [x for x in life["tasks"] if x["state"] in {"queued", "started", "declined"}]
            assert (life["holder"] is None) == (one.place.state in ENDED or _rests(one.place))
            assert bool(open_tasks) == (life["holder"] is not None)

    @invariant()
    def every_line_of_its_history_says_who(self) -> None:
        for one in self.dossiers:
            assert all(line["actor"]["kind"] for line in self.city.life(one)["history"])

    def _filed(self) -> Dossier:
        dossier = self.city.files()
        self.seen.append(dossier)
        self.city.stands(dossier, dossier.place)
        return dossier

    def _goes_on(self, which: int, data: st.DataObject) -> None:
        """What the file allows, and first what was not done yet in this run."""
        dossier = self.dossiers[which]
        allowed = [act for act in self._can_be_tried(dossier) if leads(dossier.place, act)]
        fresh = [act for act in allowed if row_of(dossier.place, act.fact) not in self.taken]
        if allowed:
            self._does(dossier, data.draw(st.sampled_from(fresh or allowed)))

    def _can_be_tried(self, dossier: Dossier) -> list[Act]:
        has_task = self.city.task(dossier) is not None
        return [act for act in ACTS if has_task or not act.needs_a_task]

    def _does(self, dossier: Dossier, act: Act) -> None:
        self._moved(dossier, act, had_effect=act.do(self.city, dossier))

    def _moved(self, dossier: Dossier, act: Act, *, had_effect: bool) -> None:
        there = leads(dossier.place, act)
        assert had_effect == (there is not None), f"{act} at {dossier.place}: {had_effect}"
        if there is not None:
            self._notes(dossier, act)
            dossier.place = there
            dossier.had.add(act.fact)
        self.city.stands(dossier, dossier.place)

    def _notes(self, dossier: Dossier, act: Act) -> None:
        row = row_of(dossier.place, act.fact)
        assert row is not None
        self.taken.add(row)
        self.reached.add(row.n)


def _is_over(place: Place) -> bool:
    return not any(leads(place, act) for act in ACTS)


def _rests(place: Place) -> bool:
    """At the door the office has answered, and waits."""
    at_the_door = place.resume_to or place
    return at_the_door.stage == "intake"


def _by_hand(life: dict[str, Any], now: str) -> str | None:
    """The date by the second implementation, from the stored facts alone."""
    events = [{"type": one["fact"], "at": one["at"]} for one in life["ledger"]]
    line = LIMIT | {"accepted_at": life["accepted_at"], "now": now, "events": events}
    due = answer_by_hand(json.dumps(line).encode())["due_at"]
    return due.isoformat() if due else None


def _same(one: str | None, other: str | None) -> bool:
    return one == other or (one is not None and other is not None and one[:19] == other[:19])


def at_random(city: City, examples: int = EXAMPLES, *, long: bool = LONG) -> None:
    Desk.city, Desk.seen, Desk.reached = city, [], set()
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=not long,
            phases=(Phase.generate, Phase.shrink) if long else (Phase.generate,),
            database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )


def test_the_table_holds_whatever_people_do(city: City) -> None:
    at_random(city)
    assert len(Desk.seen) >= 2
    missed = [str(row) for row in reachable() if row.n not in Desk.reached]
    sys.stdout.write(f"\n{len(Desk.reached)} of {len(reachable())} rows were taken at random; not {missed}\n")
    assert len(Desk.reached) > len(reachable()) / 2
    each_record_follows_from_the_one_before(city, Desk.seen)


def test_a_row_that_the_city_does_not_follow_is_found_at_random(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is spoiled, not the city: to the machine it is the same."""
    spoiled = tuple(
        replace(row, to="refused") if row.fact == "dossier.supplemented" else row for row in rows()
    )
    monkeypatch.setattr(table, "rows", lambda: spoiled)
    monkeypatch.setattr(doors, "PATIENCE_SECONDS", 2)
    with pytest.raises(AssertionError, match=r"at refused, not (submitted|in_process)"):
        at_random(city, long=False)


def test_a_word_that_had_its_effect_twice_is_seen() -> None:
    word = {"because": "dossier.paid.v1", "because_id": "one"}
    assert told_once([("case.updated.v1", word), ("dossier.routed.v1", word)])
    assert not told_once([("case.updated.v1", word), ("case.updated.v1", word)])


def each_record_follows_from_the_one_before(city: City, dossiers: list[Dossier]) -> None:
    """What was told of each dossier: numbered without a gap, and every change of state a row of the table."""
    allowed = {(row.from_, row.to) for row in rows()}
    for told in _told(city, {one.id for one in dossiers}).values():
        assert [seq for seq, _, _ in told] == list(range(1, len(told) + 1))
        states = ["draft", *(data["state"] for _, _, data in told)]
        changes = [(a, b) for a, b in pairwise(states) if a != b]
        assert set(changes) <= allowed
        assert all(data["reason_code"] and data["text_vi"] for _, _, data in told if "reason_code" in data)
        assert told_once([(type_, data) for _, type_, data in told])


def _told(city: City, ids: set[str]) -> dict[str, list[tuple[int, str, dict[str, Any]]]]:
    found: dict[str, list[tuple[int, str, dict[str, Any]]]] = defaultdict(list)
    for record in read_all(city.stack.kafka):
        key = record.key.decode(errors="replace")
        if record.topic == UPDATES and key in ids:
            said = json.loads(record.value)["data"]
            found[key].append((int(record.headers["ce_seq"]), record.type, said))
    return found
