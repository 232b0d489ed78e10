"""Whether a dossier can still be in time: the work that is left against the working time that is left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.clock import CityTime
from shared.worktime import Calendar, Unit, working_seconds

HOUR = 3600


@dataclass(frozen=True, slots=True)
class RemainingStep:
    """A step that is not done: its budget, the steps it waits for, and when its office began, if it did."""

    step: str
    after: tuple[str, ...]
    unit: Unit
    amount: float
    started_at: CityTime | None = None


def has_time_enough(
    steps: Sequence[RemainingStep], due_at: CityTime, now: CityTime, calendar: Calendar
) -> bool:
    """Whether the steps that are left, each with its whole budget, end by the due date.

    Steps that do not wait for each other run side by side. Of a step that was begun, the time worked since is
    taken off; a step that lies untouched needs all of it.
    """
    return seconds_needed(steps, now, calendar) <= working_seconds(calendar, now, due_at)


def seconds_needed(steps: Sequence[RemainingStep], now: CityTime, calendar: Calendar) -> int:
    """Seconds of working time along the longest chain of these steps."""
    by_name = {step.step: step for step in steps}
    ends: dict[str, int] = {}
    for name in by_name:
        _end_of(name, by_name, ends=ends, now=now, calendar=calendar)
    return max(ends.values(), default=0)


def _end_of(
    name: str,
    by_name: Mapping[str, RemainingStep],
    *,
    ends: dict[str, int],
    now: CityTime,
    calendar: Calendar,
) -> int:
    if name not in ends:
        step = by_name[name]
        begins = [
            _end_of(before, by_name, ends=ends, now=now, calendar=calendar)
            for before in step.after
            if before in by_name
        ]
        ends[name] = max(begins, default=0) + _own_seconds(step, now, calendar)
    return ends[name]


def _own_seconds(step: RemainingStep, now: CityTime, calendar: Calendar) -> int:
    budget = _budget_seconds(step, now, calendar)
    if step.started_at is None:
        return budget
    return max(0, budget - working_seconds(calendar, step.started_at, now))


def _budget_seconds(step: RemainingStep, now: CityTime, calendar: Calendar) -> int:
    """The budget as working time; a day of it is the sessions of the next working day."""
    match step.unit:
        case Unit.WORKING_HOUR:
            return round(step.amount * HOUR)
        case Unit.SAME_DAY:
            return 0
        case _:
            day = calendar.first_working(now.date())
            return round(
                step.amount * working_seconds(calendar, calendar.opening(day), calendar.closing(day))
            )
