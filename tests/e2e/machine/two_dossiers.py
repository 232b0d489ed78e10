"""Two dossiers at once behind every door, and what is so of them whatever happens: for every machine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, ClassVar, Protocol, TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, run_state_machine_as_test

from deploy.demo.city_day.closing_check.topics import read_all
from tests.e2e.machine import laws
from tests.e2e.machine.acts import ACTS, Act, leads
from tests.e2e.machine.again import Listener, told_once
from tests.e2e.machine.doors import City, Dossier
from tests.e2e.machine.table import ENDED, Place, Row, row_of, rows

T = TypeVar("T")
AT_WORK = 1
"""Of the two dossiers, the one that is accepted from the first; the other waits at the counter."""
ACCEPT = next(act for act in ACTS if act.name == "accept")
UPDATES = "case.updates"


class Choose(Protocol):
    """One of several."""

    def __call__(self, among: Sequence[T]) -> T: ...


NUMBERS = st.integers(0, 9999)
"""A choice is a number: what there is to choose from depends on the city, and so on more than one run."""


def numbered(number: int) -> Choose:
    """The choice that this number is."""
    return lambda among: among[number % len(among)]


class TwoDossiers(RuleBasedStateMachine):
    """What is filed, and what must always be so of it."""

    city: ClassVar[City]
    seen: ClassVar[list[Dossier]] = []
    reached: ClassVar[set[int]] = set()
    """The rows of the file that were taken, by number."""
    spread: ClassVar[bool] = False
    """In a short form a run prefers what none before it did; so it cannot be told again alone."""

    @initialize()
    def two_are_filed(self) -> None:
        self.taken = set[Row]()
        self.listener = Listener(self.city)
        self.dossiers = [self.filed(), self.filed()]
        self.does(self.dossiers[AT_WORK], ACCEPT)

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
            laws.the_date_follows_from_the_facts(life, self.city.now())

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

    def files_in_place_of_what_is_over(self) -> None:
        over = next(n for n, one in enumerate(self.dossiers) if is_over(one.place))
        self.dossiers[over] = self.filed()
        if over == AT_WORK:
            self.does(self.dossiers[over], ACCEPT)

    def arrives_again(self, choose: Choose) -> None:
        """However late, by its key it is the same: the same answer, and nothing happens."""
        one = choose(self.listener.taken)
        before = [self.city.life(dossier)["history"] for dossier in self.dossiers]
        answer = self.listener.again(one)
        assert (answer.is_success, answer.json()) == (True, one.answer), (one, answer.text, self.city.now())
        assert [self.city.life(dossier)["history"] for dossier in self.dossiers] == before

    def crosses(self, dossier: Dossier) -> None:
        """One judge, one answer: completed, and the withdrawal came too late; or the withdrawal stands."""
        by_name = {act.name: act for act in ACTS}
        before = len(self.city.life(dossier)["history"])
        asked = self.city.at_intake(dossier, "withdraw", {})
        by_name["finish"].do(self.city, dossier)
        assert asked.is_success
        withdrawn = self.city.heard(dossier, "dossier.withdrawal_requested", before)
        act = by_name["withdraw" if withdrawn else "finish"]
        self.moved(dossier, act, had_effect=True)

    def filed(self) -> Dossier:
        dossier = self.city.files()
        self.seen.append(dossier)
        self.city.stands(dossier, dossier.place)
        return dossier

    def goes_on(self, which: int, choose: Choose) -> None:
        """What the file allows, and first what was not done yet in this run, or in any."""
        dossier = self.dossiers[which]
        allowed = [act for act in self.can_be_tried(dossier) if leads(dossier.place, act)]
        done = {row.n for row in self.taken} if not self.spread else self.reached
        fresh = [act for act in allowed if (row := row_of(dossier.place, act.fact)) and row.n not in done]
        if allowed:
            self.does(dossier, choose(fresh or allowed))

    def can_be_tried(self, dossier: Dossier) -> list[Act]:
        has_task = self.city.task(dossier) is not None
        return [act for act in ACTS if has_task or not act.needs_a_task]

    def does(self, dossier: Dossier, act: Act) -> None:
        self.moved(dossier, act, had_effect=act.do(self.city, dossier))

    def moved(self, dossier: Dossier, act: Act, *, had_effect: bool) -> None:
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


def is_over(place: Place) -> bool:
    return not any(leads(place, act) for act in ACTS)


def _rests(place: Place) -> bool:
    """At the door the office has answered, and waits."""
    at_the_door = place.resume_to or place
    return at_the_door.stage == "intake"


def at_random(
    city: City,
    examples: int,
    *,
    long: bool,
    machine: type[TwoDossiers],
    steps: int,
    spread: bool = False,
) -> None:
    machine.city, machine.seen, machine.reached, machine.spread = city, [], set(), spread
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=not long,
            phases=(Phase.generate, Phase.shrink) if long else (Phase.generate,),
            database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )


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
            found[key].append((int(record.headers["ce_sequence"]), record.type, record.data))
    return found
