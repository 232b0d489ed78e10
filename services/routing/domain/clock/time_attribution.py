"""Attribution of a dossier's working time to offices, the citizen, and steps outside the limit."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise, takewhile
from typing import TypeAlias
from uuid import UUID

from services.routing.domain.case.case import CENTRE_SHORT, Case
from services.routing.domain.case.history_line import HistoryLine
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import CENTRE, Task, TaskState
from shared.worktime import Calendar, ClockEvent, ClockEventType, open_pause, working_seconds

SECONDS = 60
DECLINED = "task.declined.v1"

Span: TypeAlias = tuple[datetime, datetime]


class TimeOwner(StrEnum):
    """Who the time is attributed to."""

    OFFICE = "office"
    CITIZEN = "citizen"
    OUTSIDE = "outside"


PAUSE_OWNERS = {
    ClockEventType.SUPPLEMENT_REQUESTED: TimeOwner.CITIZEN,
    ClockEventType.PAYMENT_REQUESTED: TimeOwner.CITIZEN,
    ClockEventType.EXCLUDED_STEP_BEGUN: TimeOwner.OUTSIDE,
}
"""Events that open a pause, and who the paused time belongs to."""


@dataclass(frozen=True, slots=True)
class TimeShare:
    """Working minutes of one owner; `office` and its `short` name where an office had the dossier."""

    owner: TimeOwner
    office: str | None
    short: str | None
    minutes: int


def time_shares(
    case: Case, calendar: Calendar, span: Span, declined: Mapping[UUID, datetime]
) -> tuple[TimeShare, ...]:
    """Working minutes of a span by owner, largest first; they sum exactly to its working minutes.

    In a pause no office has the time; while a person's own act is awaited it is the citizen's. Of several
    offices the one whose task is due first counts, as on the board. `declined`: by task id, when it was
    declined; from then on the time is the Centre's.
    """
    begins, ends = span
    if ends <= begins:
        return ()
    seconds: Counter[tuple[TimeOwner, str | None, str | None]] = Counter()
    for start, end in pairwise(_boundaries(case, span, declined)):
        seconds[_time_holder(case, start, declined)] += working_seconds(calendar, start, end)
    rounded = zip(seconds, _rounded_minutes(list(seconds.values())), strict=True)
    shares = [TimeShare(*holder, minutes) for holder, minutes in rounded if minutes]
    return tuple(sorted(shares, key=lambda share: (-share.minutes, share.office or "")))


def time_owner_at(case: Case, at: datetime) -> TimeOwner:
    """The owner of the time at this instant, by the rule of `time_shares`."""
    owner, *_ = _time_holder(case, at, {})
    return owner


def late_period(case: Case, now: datetime) -> Span | None:
    """From the due date to the end or to `now`; None while it is not late or has no date."""
    end = case.completed_at or now
    due_at = case.current_due_at
    if due_at is None or due_at >= end:
        return None
    return due_at, end


def decline_times(history: Sequence[HistoryLine]) -> dict[UUID, datetime]:
    """When each task was last declined, from the lines of the case's history."""
    return {line.task_id: line.at for line in history if line.because == DECLINED and line.task_id}


def _boundaries(case: Case, span: Span, declined: Mapping[UUID, datetime]) -> list[datetime]:
    begins, ends = span
    moments = [*declined.values(), *(event.at for event in case.ledger)]
    for _, task in case.family_tasks:
        if task.queued_at:
            moments.append(task.queued_at)
        if task.done_at:
            moments.append(task.done_at)
    return sorted({begins, ends, *(at for at in moments if begins < at < ends)})


def _time_holder(
    case: Case, at: datetime, declined: Mapping[UUID, datetime]
) -> tuple[TimeOwner, str | None, str | None]:
    open_tasks: list[Task] = []
    for member in case.family:
        work = [task for task in member.tasks if not (task.is_question or task.child)]
        open_tasks += _tasks_open_at(work, at)
    pause_owner = _pause_owner(case.ledger, at)
    if pause_owner is not None:
        if any(task.actor for task in open_tasks):
            pause_owner = TimeOwner.CITIZEN
        return pause_owner, None, None
    if not open_tasks:
        return TimeOwner.OFFICE, CENTRE, CENTRE_SHORT
    first = min(open_tasks, key=lambda task: (task.is_apology, task.due_at or at, task.n))
    declined_at = declined.get(first.id)
    if declined_at is not None and declined_at <= at:
        return TimeOwner.OFFICE, CENTRE, CENTRE_SHORT
    return TimeOwner.OFFICE, first.office, first.office_short


def pause_periods(ledger: Sequence[ClockEvent], end: datetime) -> Iterator[tuple[TimeOwner, Span]]:
    """Each pause of the clock with its owner; one still open ends at `end`."""
    moments = [*(event.at for event in ledger), end]
    for start, stop in pairwise(moments):
        owner = _pause_owner(ledger, start)
        if owner is not None and stop > start:
            yield owner, (start, stop)


def _pause_owner(ledger: Sequence[ClockEvent], at: datetime) -> TimeOwner | None:
    pause = open_pause(takewhile(lambda event: event.at <= at, ledger))
    if pause is None:
        return None
    return PAUSE_OWNERS.get(pause.fact)


def _tasks_open_at(tasks: Sequence[Task], at: datetime) -> Iterator[Task]:
    for task in tasks:
        ended_at = task.done_at or _replaced_at(task, tasks)
        if task.queued_at and task.queued_at <= at and (ended_at is None or at < ended_at):
            yield task


def _replaced_at(task: Task, tasks: Sequence[Task]) -> datetime | None:
    """A reassigned task ended when the task in its place was queued."""
    if task.state is not TaskState.CLOSED:
        return None
    queued_times: list[datetime] = []
    for other in tasks:
        if other.step == task.step and other is not task and other.queued_at:
            queued_times.append(other.queued_at)
    return max(queued_times, default=task.queued_at)


def _rounded_minutes(seconds: Sequence[int]) -> list[int]:
    """Minutes that sum to the whole minutes of all; the largest remainders are rounded up."""
    minutes = [duration // SECONDS for duration in seconds]
    # Rounding each share on its own could give a sum that differs from the whole by some minutes.
    missing = sum(seconds) // SECONDS - sum(minutes)
    by_remainder = sorted(range(len(seconds)), key=lambda n: -(seconds[n] % SECONDS))
    for n in by_remainder[:missing]:
        minutes[n] += 1
    return minutes


@dataclass(frozen=True, slots=True)
class TimeSpent:
    """The time from acceptance to the end (or now), and the part of it after the due date."""

    time: tuple[TimeShare, ...]
    late: tuple[TimeShare, ...]


def time_spent(case: Case, rules: Rules, history: Sequence[HistoryLine]) -> TimeSpent:
    """Attribute the time of a case, by its receiving office's calendar; empty before acceptance."""
    if case.accepted_at is None:
        return TimeSpent((), ())
    calendar = rules.calendar_of(case.receiving_office)
    declined = decline_times(history)
    late = late_period(case, rules.now)
    total = (case.accepted_at, case.completed_at or rules.now)
    time = time_shares(case, calendar, span=total, declined=declined)
    if late is None:
        return TimeSpent(time, ())
    return TimeSpent(time, time_shares(case, calendar, span=late, declined=declined))
