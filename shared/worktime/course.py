"""The course of a clock under its events: stretches that run, pauses between them, one extension."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import zip_longest

from shared.worktime.ledger import ANSWER_TO, ANSWERS, Event, Fact
from shared.worktime.pause import changes_nothing, left_after
from shared.worktime.stretch import Left, Stretch, Terms, begin


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause that counts: who opened it, what it leaves, and what ended it, if anything has."""

    opened: Event
    left: Left
    answered: Event | None = None


class Course:
    """The clock's course so far: stretch, pause, stretch … The last pause may still be open."""

    __slots__ = ("_extended", "pauses", "stretches", "terms")

    def __init__(self, terms: Terms, accepted_at: datetime, left: Left, acts: Iterable[Event] = ()) -> None:
        """`acts` in order of time, as `history` has found them good."""
        self.terms = terms
        self.stretches = [begin(terms, accepted_at, left)]
        self.pauses: list[Pause] = []
        self._extended = False
        for act in acts:
            self._take(act)

    @property
    def current(self) -> Stretch:
        """The stretch that runs, or ran until the pause that is open."""
        return self.stretches[-1]

    @property
    def open_pause(self) -> Pause | None:
        """The pause that holds the clock, if it changes anything."""
        return self.pauses[-1] if self.pauses and self.pauses[-1].answered is None else None

    def due_if_answered(self, at: datetime) -> datetime:
        """The due date if the open pause were answered at this instant."""
        pause = self.open_pause
        return begin(self.terms, at, pause.left).due_at if pause else self.current.due_at

    def parts(self) -> Iterator[tuple[Stretch, Pause | None]]:
        """Each stretch with the pause that ended it; the last may still run."""
        return zip_longest(self.stretches, self.pauses)

    def working_days(self, until: date) -> int:
        """All working days counted: after each day 0 to the date of asking, and in the end to this date."""
        ends = ((one, pause.opened.at.date() if pause else until) for one, pause in self.parts())
        return sum(max(0, self.terms.calendar.working_days(one.zero, end)) for one, end in ends)

    def _take(self, act: Event) -> None:
        if act.fact in ANSWER_TO:
            self._pause(act)
        elif act.fact in ANSWERS:
            self._resume(act)
        elif act.fact is Fact.EXTENDED and not self._extended:
            self._extend(act)

    def _pause(self, act: Event) -> None:
        if not changes_nothing(self.current, act.at):
            self.pauses.append(Pause(act, left_after(self.terms, self.current, act.at)))

    def _resume(self, act: Event) -> None:
        pause = self.open_pause
        if pause:
            self.pauses[-1] = replace(pause, answered=act)
            self.stretches.append(begin(self.terms, act.at, pause.left))

    def _extend(self, act: Event) -> None:
        """Only the first made before the due date counts, or made while a pause holds it open."""
        pause, current = self.open_pause, self.current
        if pause:
            self.pauses[-1] = replace(pause, left=_more(pause.left, act))
        elif act.at < current.due_at:
            self.stretches[-1] = begin(self.terms, current.begins, _more(current.left, act))
        else:
            return
        self._extended = True


def _more(left: Left, act: Event) -> Left:
    return replace(left, extension=left.extension + act.working_days)
