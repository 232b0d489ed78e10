"""`agency.<party>.*`: tasks of a party, the types of its replies, and rejected replies."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.events.body import Body
from shared.outcomes import StepOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskQueued(Body):
    """A task of an office: one step, with its own due date.

    `outcomes`: the words of which one ends it; with none it is completed without an outcome.
    """

    task_id: UUID
    step: str
    office: str
    due_at: datetime
    outcomes: tuple[StepOutcome, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SubqueryAsked(TaskQueued):
    """A question to one office for a step of another office, to be answered once by `due_at`."""

    part_of: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskClosed(Body):
    """A task that the office no longer has to do, and why."""

    task_id: UUID
    step: str
    office: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyRejected(Body):
    """A rejected reply: its position in the party's topic, the problem, and the remedy."""

    partition: int
    offset: int
    code: str
    field: str
    remedy_vi: str
    remedy_en: str
    reply_id: str | None = None


QUEUED = "task.queued.v1"
CLOSED = "task.closed.v1"
REJECTED = "reply.rejected.v1"
STARTED = "task.started.v1"
DONE = "task.completed.v1"
DECLINED = "task.declined.v1"
SUPPLEMENT_ASKED = "task.supplement_asked.v1"
PAYMENT_ASKED = "task.payment_asked.v1"
STOP_ASKED = "task.stop_asked.v1"
RECALL_ASKED = "task.recall_asked.v1"
EXTENSION_ASKED = "task.extension_asked.v1"
SUBQUERY_ASKED = "task.subquery_asked.v1"
"""An office asks other offices. They get `subquery.asked.v1` in their tasks."""
ASKED = "subquery.asked.v1"
ANSWERED = "subquery.answered.v1"
APPOINTMENT_PROPOSED = "appointment.proposed.v1"
APPOINTMENT_KEPT = "appointment.kept.v1"
APPOINTMENT_MISSED = "appointment.missed.v1"
REPLY_TYPES = (
    STARTED,
    DONE,
    DECLINED,
    SUPPLEMENT_ASKED,
    PAYMENT_ASKED,
    STOP_ASKED,
    RECALL_ASKED,
    EXTENSION_ASKED,
    SUBQUERY_ASKED,
    ANSWERED,
    APPOINTMENT_PROPOSED,
    APPOINTMENT_KEPT,
    APPOINTMENT_MISSED,
)

OLD_REPLY_TYPES = {kind: kind for kind in REPLY_TYPES if kind != SUBQUERY_ASKED} | {ASKED: SUBQUERY_ASKED}
"""The types of replies in the form before, which parties may send until 2027-06-30."""

WITHOUT_NUL = r"^[^\x00]*$"
"""PostgreSQL cannot store U+0000, so no text from outside may contain it."""
