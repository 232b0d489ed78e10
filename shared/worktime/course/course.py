"""The course of a clock under its events: stretches that run, pauses between them, one extension."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import zip_longest

from shared.worktime.course.pause import is_pause_ignored, remaining_after
from shared.worktime.course.running_period import CountingRule, RemainingLimit, RunningPeriod, start_period
from shared.worktime.ledger.ledger import ANSWER_TO, ANSWERS, ClockEvent, ClockEventType


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause that counts: who opened it, what it leaves, and what ended it, if anything has."""

    opened: ClockEvent
    left: RemainingLimit
    answered: ClockEvent | None = None


class ClockCourse:
    """The clock's course so far: stretch, pause, stretch … The last pause may still be open."""

    __slots__ = ("_extended", "pauses", "stretches", "terms")

    def __init__(
        self,
        terms: CountingRule,
        accepted_at: datetime,
        left: RemainingLimit,
        acts: Iterable[ClockEvent] = (),
    ) -> None:
        """`acts` in order of time, as `history` has found them good."""
        self.terms = terms
        self.stretches = [start_period(terms, accepted_at, left)]
        self.pauses: list[Pause] = []
        self._extended = False
        for act in acts:
            self._take(act)

    @property
    def running_period(self) -> RunningPeriod:
        """The stretch that runs, or ran until the pause that is open."""
        return self.stretches[-1]

    @property
    def open_pause(self) -> Pause | None:
        """The pause that holds the clock, if it changes anything."""
        return self.pauses[-1] if self.pauses and self.pauses[-1].answered is None else None

    def due_if_answered_at(self, at: datetime) -> datetime:
        """The due date if the open pause were answered at this instant."""
        pause = self.open_pause
        return start_period(self.terms, at, pause.left).due_at if pause else self.running_period.due_at

    def parts(self) -> Iterator[tuple[RunningPeriod, Pause | None]]:
        """Each stretch with the pause that ended it; the last may still run."""
        return zip_longest(self.stretches, self.pauses)

    def working_days(self, until: date) -> int:
        """All working days counted: after each day 0 to the date of asking, and in the end to this date."""
        ends = ((one, pause.opened.at.date() if pause else until) for one, pause in self.parts())
        return sum(max(0, self.terms.calendar.working_days(one.zero, end)) for one, end in ends)

    def _take(self, act: ClockEvent) -> None:
        if act.fact in ANSWER_TO:
            self._pause(act)
        elif act.fact in ANSWERS:
            self._resume(act)
        elif act.fact is ClockEventType.EXTENDED and not self._extended:
            self._extend(act)

    def _pause(self, act: ClockEvent) -> None:
        if not is_pause_ignored(self.running_period, act.at):
            self.pauses.append(Pause(act, remaining_after(self.terms, self.running_period, act.at)))

    def _resume(self, act: ClockEvent) -> None:
        pause = self.open_pause
        if pause:
            self.pauses[-1] = replace(pause, answered=act)
            self.stretches.append(start_period(self.terms, act.at, pause.left))

    def _extend(self, act: ClockEvent) -> None:
        """Only the first made before the due date counts, or made while a pause holds it open."""
        pause, current = self.open_pause, self.running_period
        if pause:
            self.pauses[-1] = replace(pause, left=_more(pause.left, act))
        elif act.at < current.due_at:
            self.stretches[-1] = start_period(self.terms, current.begins, _more(current.left, act))
        else:
            return
        self._extended = True


def _more(left: RemainingLimit, act: ClockEvent) -> RemainingLimit:
    return replace(left, extension=left.extension + act.working_days)
