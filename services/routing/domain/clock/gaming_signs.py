"""Signs that an office games the clock at the citizen's expense, found in each change of a case."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.routing.domain.case.case import Case, CaseChange, CaseUpdate
from services.routing.domain.case.task import Task, TaskState
from shared.catalogue import Catalogue
from shared.catalogue.model.oversight import Oversight
from shared.events.case import CitizenRequest
from shared.worktime import Calendar, OutsideCalendarError, working_seconds


class GamingSign(StrEnum):
    """A pause just before the due date, a repeated pause, or a task declined without a reason."""

    LAST_MOMENT = "last_moment"
    REPEATED = "repeated"
    BARE_RETURN = "bare_return"


@dataclass(frozen=True, slots=True)
class ObservedSign:
    """One sign at one office. `due_at`: the date that the pause preceded; `nth`: number of pauses so far."""

    sign: GamingSign
    root: UUID
    task: Task
    at: datetime
    due_at: datetime | None = None
    nth: int | None = None


def observed_signs(before: Case | None, change: CaseChange, catalogue: Catalogue) -> Iterator[ObservedSign]:
    """The signs in this change, each once. A refused request is no change and so gives no sign."""
    if before is None or catalogue.oversight() is None:
        return
    for update in change.updates:
        if update.task is not None:
            yield from _return_signs(before, update, update.task)
            yield from _pause_signs(before, update, update.task, catalogue)


def _return_signs(before: Case, update: CaseUpdate, task: Task) -> Iterator[ObservedSign]:
    has_reason = task.reason is not None and task.reason.strip()
    if task.state is not TaskState.DECLINED or has_reason:
        return
    states_before = {other.id: other.state for _, other in before.family_tasks}
    if states_before.get(task.id, TaskState.DECLINED) is not TaskState.DECLINED:
        yield ObservedSign(GamingSign.BARE_RETURN, before.root, task, update.at)


def _pause_signs(
    before: Case, update: CaseUpdate, task: Task, catalogue: Catalogue
) -> Iterator[ObservedSign]:
    request, oversight = update.case.request, catalogue.oversight()
    if oversight is None or request is None or not _is_new(before.request, request):
        return
    begins_at, due_at = task.budget_from, task.due_at
    if before.current_due_at:
        begins_at, due_at = before.accepted_at, before.current_due_at
    if begins_at and due_at and update.at <= due_at:
        calendar = catalogue.calendar(catalogue.office(task.office).calendar, update.at)
        if _is_last_moment((begins_at, update.at, due_at), oversight, calendar):
            yield ObservedSign(GamingSign.LAST_MOMENT, before.root, task, update.at, due_at=due_at)
    if request.nth >= oversight.repeated_from:
        yield ObservedSign(GamingSign.REPEATED, before.root, task, update.at, nth=request.nth)


def _is_new(before: CitizenRequest | None, request: CitizenRequest) -> bool:
    return before is None or (before.kind, before.nth) != (request.kind, request.nth)


def _is_last_moment(
    times: tuple[datetime, datetime, datetime], oversight: Oversight, calendar: Calendar
) -> bool:
    """`times`: begin, pause and due date. Where the calendar does not reach, there is no sign."""
    begins_at, at, due_at = times
    with suppress(OutsideCalendarError):
        remaining = working_seconds(calendar, at, due_at)
        total = working_seconds(calendar, begins_at, due_at)
        return remaining <= oversight.last_hours * 3600 and remaining <= oversight.last_share * total
    return False
