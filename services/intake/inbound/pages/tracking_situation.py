"""Rules that choose the templates of the tracking page from the status of a dossier."""

from datetime import datetime
from typing import Literal

from services.intake.domain.tracking.dossier_status import CITIZEN, STOPPED, DossierStatus
from shared.events.steps import StepState

REFUSED, WITHDRAWAL_REQUESTED = "refused", "withdrawal_requested"
OUTSIDE, OFFICE = "outside", "office"
Situation = Literal[
    "refused",
    "submitted",
    "stopped",
    "withdrawal_requested",
    "result",
    "payment_owed",
    "papers_owed",
    "citizen_step",
    "in_process",
]
DateKind = Literal["new_date", "late", "due", "paused", "undated", "date_follows"]


def situation(status: DossierStatus) -> Situation:
    """The name of the template in `templates/tracking/status`."""
    match status.state:
        case "refused" | "submitted" | "stopped" | "withdrawal_requested" as state:
            return state
        case "completed" | "returned":
            return "result"
        case "draft" | "accepted" | "in_process" | "supplement_requested" | "payment_requested":
            return _under_way(status)
        case unknown:
            raise ValueError(f"no page for the state {unknown}")


def _under_way(status: DossierStatus) -> Situation:
    if status.owed:
        return "payment_owed" if status.owed.amount else "papers_owed"
    if status.citizen_step:
        return "citizen_step"
    return "in_process"


def is_late(status: DossierStatus, now: datetime) -> bool:
    """Whether its due date has passed before the process ended."""
    return status.due_at is not None and now > status.due_at and not status.is_closed


def date_kind(status: DossierStatus, now: datetime, *, has_limit: bool = False) -> DateKind:
    """The name of the template in `templates/tracking/date` for a dossier in process.

    `has_limit`: a date will be promised, once the calendar it lies in is published.
    """
    if is_late(status, now):
        return "new_date" if status.apology else "late"
    if status.due_at:
        return "due"
    if status.pausing_step:
        return "paused"
    return "date_follows" if has_limit else "undated"


def new_date_passed(status: DossierStatus, now: datetime) -> str | None:
    """Whose time it was when the new date passed too; None if it has not passed.

    `office`; `outside` (outside the legal limit); `citizen` (the answer is still awaited); `citizen_before`
    (the citizen has answered since).
    """
    if not status.is_late_again(now):
        return None
    is_awaited = bool(status.owed or status.citizen_step)
    passed = status.apology.passed if status.apology else None
    if passed is None:
        return CITIZEN if is_awaited else OFFICE
    was_citizen = CITIZEN if is_awaited else "citizen_before"
    return {CITIZEN: was_citizen, OUTSIDE: OUTSIDE, OFFICE: OFFICE}[passed.whose]


def late_steps(status: DossierStatus, now: datetime) -> tuple[StepState, ...]:
    """The overdue steps of a dossier for which no date was promised: theirs are all it has.

    None while the citizen is awaited. A step that a child dossier does has the child's date.
    """
    if status.promised_due_at or status.due_at or status.owed or status.is_closed:
        return ()
    return tuple(step for step in status.steps if step.is_open and not step.actor and _is_overdue(step, now))


def _is_overdue(step: StepState, now: datetime) -> bool:
    due_at = step.child.due_at if step.child else step.due_at
    return due_at is not None and now > due_at


def status_mark(status: DossierStatus, now: datetime, *, is_answer_late: bool = False) -> str:
    """The name of the symbol beside the state. `is_answer_late`: the counter has not decided in time."""
    if is_answer_late or late_steps(status, now) or is_late(status, now) or status.is_late_again(now):
        return "late"
    if status.state == REFUSED:
        return "refused"
    if status.state == STOPPED:
        return "paused"
    if status.is_closed:
        return "done"
    if status.owed or status.citizen_step or status.state == WITHDRAWAL_REQUESTED:
        return "waiting"
    return "on_time"
