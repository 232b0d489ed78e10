"""The course of a clock: running periods, pauses between them, and at most one extension."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import zip_longest

from shared.worktime.course.pause import is_pause_ignored, remaining_after
from shared.worktime.course.running_period import CountingRule, RemainingLimit, RunningPeriod, start_period
from shared.worktime.ledger.ledger import ANSWER_TO, ANSWERS, ClockEvent, ClockEventType


@dataclass(frozen=True, slots=True)
class Pause:
    """An effective pause: the event that opened it, what it leaves, and the event that ended it."""

    opening: ClockEvent
    remaining: RemainingLimit
    answer: ClockEvent | None = None


class ClockCourse:
    """The clock's course so far: period, pause, period … The last pause may still be open."""

    __slots__ = ("_extended", "pauses", "periods", "rule")

    def __init__(
        self,
        rule: CountingRule,
        accepted_at: datetime,
        remaining: RemainingLimit,
        events: Iterable[ClockEvent] = (),
    ) -> None:
        """`acts`: valid events in order of time, as `history` gives them."""
        self.rule = rule
        self.periods = [start_period(rule, accepted_at, remaining)]
        self.pauses: list[Pause] = []
        self._extended = False
        for event in events:
            self._apply(event)

    @property
    def running_period(self) -> RunningPeriod:
        """The current running period, or the last one before the open pause."""
        return self.periods[-1]

    @property
    def open_pause(self) -> Pause | None:
        """The open pause, if it is effective."""
        return self.pauses[-1] if self.pauses and self.pauses[-1].answer is None else None

    def due_if_answered_at(self, at: datetime) -> datetime:
        """The due date if the open pause were answered at this instant."""
        pause = self.open_pause
        return start_period(self.rule, at, pause.remaining).due_at if pause else self.running_period.due_at

    def parts(self) -> Iterator[tuple[RunningPeriod, Pause | None]]:
        """Each running period with the pause that ended it; None for one that still runs."""
        return zip_longest(self.periods, self.pauses)

    def working_days(self, until: date) -> int:
        """All counted working days: after each day 0 up to the pause, and after the last up to this date."""
        ends = ((period, pause.opening.at.date() if pause else until) for period, pause in self.parts())
        return sum(max(0, self.rule.calendar.working_days(period.day_zero, end)) for period, end in ends)

    def _apply(self, event: ClockEvent) -> None:
        if event.fact in ANSWER_TO:
            self._pause(event)
        elif event.fact in ANSWERS:
            self._resume(event)
        elif event.fact is ClockEventType.EXTENDED and not self._extended:
            self._extend(event)

    def _pause(self, event: ClockEvent) -> None:
        if not is_pause_ignored(self.running_period, event.at):
            self.pauses.append(Pause(event, remaining_after(self.rule, self.running_period, event.at)))

    def _resume(self, event: ClockEvent) -> None:
        pause = self.open_pause
        if pause:
            self.pauses[-1] = replace(pause, answer=event)
            self.periods.append(start_period(self.rule, event.at, pause.remaining))

    def _extend(self, event: ClockEvent) -> None:
        """Only the first extension counts, if made before the due date or during a pause."""
        pause, current = self.open_pause, self.running_period
        if pause:
            self.pauses[-1] = replace(pause, remaining=_more(pause.remaining, event))
        elif event.at < current.due_at:
            self.periods[-1] = start_period(self.rule, current.begins, _more(current.remaining, event))
        else:
            return
        self._extended = True


def _more(remaining: RemainingLimit, event: ClockEvent) -> RemainingLimit:
    return replace(remaining, extension=remaining.extension + event.working_days)
