"""The events of a ledger in order of time, checked: which pause is open, whether the clock has ended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shared.worktime.calendar.calendar import CalendarException
from shared.worktime.errors import LedgerError, LedgerErrorCode
from shared.worktime.ledger.ledger import ANSWER_TO, ANSWERS, ClockEvent, ClockEventType, Ledger


@dataclass(frozen=True, slots=True)
class History:
    """The events up to an instant: acts on the clock, and published calendar lines, each in order of time."""

    acts: tuple[ClockEvent, ...]
    announced: tuple[CalendarException, ...]
    open: ClockEvent | None
    ended_at: datetime | None

    @property
    def is_paused(self) -> bool:
        """Whether a pause is open."""
        return self.open is not None and self.ended_at is None

    @property
    def has_second_supplement(self) -> bool:
        """Whether a second supplement was requested."""
        return sum(act.fact is ClockEventType.SUPPLEMENT_REQUESTED for act in self.acts) > 1


NO_HISTORY = History((), (), None, None)


def ordered_history(ledger: Ledger, now: datetime) -> History:
    """The ledger's events by time, ties as recorded. Raises LedgerError for the first impossible one."""
    if not ledger.events:
        return NO_HISTORY
    acts: list[ClockEvent] = []
    announced: list[CalendarException] = []
    open_: ClockEvent | None = None
    for index, event in sorted(enumerate(ledger.events), key=lambda numbered: numbered[1].at):
        _check_time(event, index, ledger.accepted_at, now)
        if event.fact is ClockEventType.CALENDAR_PUBLISHED:
            announced += event.calendar_lines()
            continue
        _check_order(event, index, open_, acts)
        acts.append(event)
        open_ = _open_after(event, open_)
    return History(tuple(acts), tuple(announced), open_, _end(acts, open_))


def open_pause(events: Iterable[ClockEvent]) -> ClockEvent | None:
    """The event that paused or ended the clock, after these events in order; None if it runs."""
    open_: ClockEvent | None = None
    for event in events:
        open_ = _open_after(event, open_)
    return open_


def _open_after(event: ClockEvent, open_: ClockEvent | None) -> ClockEvent | None:
    if event.fact in ANSWER_TO:
        return event
    return None if event.fact in ANSWERS else open_


def _end(acts: list[ClockEvent], open_: ClockEvent | None) -> datetime | None:
    """When the clock ended: at completion, at the stop, or at the request during which it was stopped."""
    if acts and acts[-1].fact is ClockEventType.STOPPED:
        return open_.at if open_ else acts[-1].at
    return open_.at if open_ and open_.fact is ClockEventType.COMPLETED else None


def _check_time(event: ClockEvent, index: int, start: datetime, now: datetime) -> None:
    if event.at < start and event.fact is not ClockEventType.CALENDAR_PUBLISHED:
        raise LedgerError(
            LedgerErrorCode.BEFORE_START, f"events[{index}]", f"{event.fact} lies before the acceptance"
        )
    if event.at > now:
        raise LedgerError(LedgerErrorCode.AFTER_NOW, f"events[{index}]", f"{event.fact} lies after now")


def _check_order(event: ClockEvent, index: int, open_: ClockEvent | None, earlier: list[ClockEvent]) -> None:
    fault = _order_fault(event.fact, open_.fact if open_ else None, earlier[-1].fact if earlier else None)
    if fault:
        raise LedgerError(LedgerErrorCode.EVENT_ORDER, f"events[{index}]", f"{event.fact} {fault}")


def _order_fault(
    fact: ClockEventType, open_: ClockEventType | None, last: ClockEventType | None
) -> str | None:
    """The error of this event after the earlier ones, or None."""
    if last is ClockEventType.STOPPED:
        return "comes after the end"
    if open_ is ClockEventType.COMPLETED and fact is not ClockEventType.RECALLED:
        return "comes after completion; only a recall can"
    if fact in ANSWER_TO and open_:
        return f"opens a pause while {open_} is open"
    if fact in ANSWERS and (open_ is None or ANSWER_TO[open_] is not fact):
        return f"answers nothing that is open ({open_ or 'no pause'})"
    return None
