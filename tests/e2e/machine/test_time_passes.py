"""Time passes, and offices move work among themselves, beside all else and at random: the laws hold."""

from __future__ import annotations

import os
import sys
from collections import Counter
from datetime import datetime, timedelta
from itertools import cycle
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from tests.e2e.machine import laws
from tests.e2e.machine.acts import Act
from tests.e2e.machine.doors import MORNING, City, Dossier, until_seen
from tests.e2e.machine.hands import IN_HANDS, Hands, Try
from tests.e2e.machine.laws import Life, Watched
from tests.e2e.machine.table import ENDED
from tests.e2e.machine.two_dossiers import (
    NUMBERS,
    Choose,
    TwoDossiers,
    at_random,
    each_record_follows_from_the_one_before,
    is_over,
    numbered,
)

LONG = "MOTCUA_MACHINE_EXAMPLES" in os.environ
EXAMPLES = int(os.environ.get("MOTCUA_MACHINE_EXAMPLES", "3"))
STEPS = int(os.environ.get("MOTCUA_MACHINE_STEPS", "30"))
WARDS = ("00004", "00070")
"""Where no head hands work on, and where one does."""
LAST = MORNING.replace(year=2027, month=8)
SPANS = {"hours": timedelta(hours=5), "a day": timedelta(days=1), "a week": timedelta(days=7)}
HAPPENS = (
    *(("the table",) * 3 + ("work moves",) * 4 + ("time",) * 3),
    *("it becomes late", "a try", "a decision", "again", "both"),
)


class Days(TwoDossiers):
    """Steps move, offices are asked, heads extend and sign, citizens act, and it becomes late."""

    seen: ClassVar[list[Dossier]] = []
    did: ClassVar[Counter[str]] = Counter()
    """What had its effect, and how often."""

    @initialize()
    def two_are_filed(self) -> None:
        self.watched, self.had, self.wards = dict[str, Watched](), set[str](), cycle(WARDS)
        self.city.answer_within = timedelta(days=1)
        self.city.becomes(a_monday_after(self.city.now()))
        super().two_are_filed()

    @rule(which=st.integers(0, 1), what=st.sampled_from(HAPPENS), number=NUMBERS)
    def something_happens(self, which: int, what: str, number: int) -> None:
        choose = numbered(number)
        match what:
            case "the table":
                self._by_the_table(which, choose)
            case "work moves":
                self._work_moves(which, choose)
            case "time":
                self._time_passes(choose)
            case "it becomes late":
                self._becomes_late(which, choose)
            case "a try":
                self._tries(choose, self._hands(which).tries())
            case "a decision":
                self._an_operator_decides_nothing(which, choose)
            case "again":
                self.arrives_again(choose)
            case _:
                self._crosses_the_last_word(which)

    @invariant()
    def the_laws_hold(self) -> None:
        for one in self.dossiers:
            life, now = self._settled(one), self.city.now()
            watched = self.watched.setdefault(one.code, Watched())
            watched.sees(life)
            try:
                laws.all_hold(watched, life, now)
            except AssertionError as broken:
                broken.add_note("\n".join([*laws.story(life), f"now {now}", f"facts {life['ledger']}"]))
                raise

    def _by_the_table(self, which: int, choose: Choose) -> None:
        if is_over(self.dossiers[which].place):
            self.files_in_place_of_what_is_over()
        else:
            self.goes_on(which, choose)

    def _work_moves(self, which: int, choose: Choose) -> None:
        """What has its effect, and first what had none yet."""
        found = [one for one in self._hands(which).tries() if one.refused is None]
        had = self.did if self.spread else self.had
        if kinds := sorted({one.what for one in found} - set(had)) or sorted({one.what for one in found}):
            kind = choose(kinds)
            self._tries(choose, [one for one in found if one.what == kind])

    def _tries(self, choose: Choose, tries: list[Try]) -> None:
        if tries:
            one = choose(tries)
            if one.had_effect():
                self.did[one.what] += 1
                self.had.add(one.what)

    def _an_operator_decides_nothing(self, which: int, choose: Choose) -> None:
        before = self._hands(which)
        self._tries(choose, before.deciding())
        assert self._hands(which).life["history"] == before.life["history"]

    def _time_passes(self, choose: Choose) -> None:
        """Mostly to the moment when a clock speaks next."""
        now = self.city.now()
        ahead = [at for one in self.dossiers for at in laws.to_come(self.city.life(one)) if at > now]
        how = choose(["to the next"] * 4 + list(SPANS))
        next_one = min(ahead, default=now + SPANS["a day"])
        self.city.becomes(now + SPANS[how] if how in SPANS else next_one)
        self.did["time"] += 1

    def _becomes_late(self, which: int, choose: Choose) -> None:
        """Past its date; and once it is, a head signs, or nothing comes by the date that was signed."""
        signing = [one for one in self._hands(which).tries() if (one.what, one.refused) == ("signed", None)]
        if signing:
            self._tries(choose, signing)
            return
        life, now = self.city.life(self.dossiers[which]), self.city.now()
        promised = (life["apology"] or {}).get("new_due_at") or life["current_due_at"]
        at = datetime.fromisoformat(promised) if promised else LAST
        if now <= at < LAST and not is_over(self.dossiers[which].place):
            self.city.becomes(at + timedelta(seconds=1))
            self.did["time"] += 1

    def _crosses_the_last_word(self, which: int) -> None:
        one = self.dossiers[which]
        if one.place.state == "in_process" and not self._lies_with_an_operator(one):
            self.crosses(one)

    def can_be_tried(self, dossier: Dossier) -> list[Act]:
        """Acts of an office need a step in its hands; the end needs that nothing was given back."""
        task = self.city.task(dossier)
        has_it = task is not None and task["state"] in IN_HANDS
        did_it = task is not None and task["state"] == "done"
        lies, is_over = self._lies_with_an_operator(dossier), dossier.place.state in ENDED
        return [
            act
            for act in super().can_be_tried(dossier)
            if (is_over and did_it) or not act.needs_a_task or (not lies if act.name == "finish" else has_it)
        ]

    def filed(self) -> Dossier:
        ward = next(self.wards)
        dossier = self.city.files(place={"chosen": ward, "parcel": ward})
        self.seen.append(dossier)
        self.city.stands(dossier, dossier.place)
        return dossier

    def _hands(self, which: int) -> Hands:
        return Hands(self.city, self.city.life(self.dossiers[which]))

    def _lies_with_an_operator(self, dossier: Dossier) -> bool:
        return any(one["state"] == "declined" for one in self.city.life(dossier)["tasks"])

    def _settled(self, dossier: Dossier) -> Life:
        """As it is once everything that is due by now has been said."""

        def said() -> Life | None:
            life = self.city.life(dossier)
            return None if laws.unsaid(life, self.city.now()) else life

        return until_seen(said, lambda: f"all that is due of {dossier.code} to be said")


def a_monday_after(now: datetime) -> datetime:
    """At nine. The known calendar ends some months after the last; the city then begins again."""
    days = 7 - now.weekday()
    return MORNING if now > LAST else datetime.combine((now + timedelta(days=days)).date(), MORNING.timetz())


def test_the_laws_hold_however_time_passes_and_work_moves(city: City) -> None:
    Days.did = Counter()
    at_random(city, EXAMPLES, long=LONG, machine=Days, steps=STEPS, spread=not LONG)
    lives = [city.life(one) for one in Days.seen]
    said = Counter(f"{one['scope']} {one['level']}" for life in lives for one in laws.said(life))
    sys.stdout.write(f"\n{len(lives)} dossiers; had their effect: {dict(Days.did)}; was said: {dict(said)}\n")
    each_record_follows_from_the_one_before(city, Days.seen)
