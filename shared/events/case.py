"""`case.updates`: every change routing makes, each record with the whole state."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.clock import CityTime
from shared.counted_days import CountedDays
from shared.events.apology import Apology
from shared.events.body import Body
from shared.events.steps import Child, Holder, Query, StepState
from shared.wire_names import wire_names


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumePosition(Body):
    """Where a withdrawal was asked from: cancelling it leads back there."""

    state: str
    stage: str | None = None


class RequestKind(StrEnum):
    """What the citizen owes."""

    SUPPLEMENT = "supplement"
    PAYMENT = "payment"


@dataclass(frozen=True, slots=True)
class CitizenRequest(Body):
    """What the citizen is waited for: form 02 or a fee. `nth` counts those of its `kind`, a RequestKind.

    `items` of a supplement, `amount` (đồng) of a payment. A second supplement rests on `basis` and was
    approved by the head named in `approved_by`.
    """

    kind: str
    office: str
    asked_at: CityTime
    answer_by: CityTime
    nth: int
    items: tuple[str, ...] = ()
    amount: int | None = None
    basis: str | None = None
    approved_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineState(Body):
    """An instant of a clock that came. `scope`: dossier (that of `dossier_id`), task, request: what a
    citizen is waited for, or new_date: the one of its apology.

    `level`: three_quarters, one_day, two_hours, breach; `to`: citizen, holder, operator, head.

    `late_by`: seconds it was said after `at`. `overtaken`: a later one of the same clock was due by then too.
    """

    scope: str
    level: str
    due_at: datetime
    at: datetime
    late_by: int
    to: str
    office: str
    office_short: str
    task_id: UUID | None = None
    step: str | None = None
    overtaken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue(Body):
    """Late since when, and who must act on it: operator, head or city."""

    scope: str
    since: datetime
    to: str
    office: str
    office_short: str
    at: datetime
    step: str | None = None


@dataclass(frozen=True, slots=True)
class MissingOffice(Body):
    """What an accepted dossier waits for whose plan cannot be made: a role without an office at its place.

    `field` of the dossier names the place (`place.parcel`; on the wire it is `place`), `value` what stands
    there; `why`. `since`: when the plan was first sought in vain.
    """

    __pydantic_config__: ClassVar = wire_names(field="place")
    role: str
    field: str
    value: str | None
    why: str
    since: CityTime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseState(Body):
    """The whole state of a root. `because` names the type of the event that led to it.

    A record about a child has that child's `dossier_id`, and still the state of the root: the child is in
    its step. Who follows roots reads `state` alone; who tells people looks at `dossier_id` first.

    While the clock is paused `current_due_at` is null. `second_supplement`: papers were asked for twice.
    `moved_from`: with `deadline.moved`, the date that `current_due_at` takes the place of.
    `stopped_reason`: with the stop, the office's own words, or `withdrawn`, or `no_answer`.
    `extension_reason`: with an extension (form 04), what the head gives as its reason.
    `unplaced`: it rests in `accepted`, or waits there for a withdrawal, until an office can be named.
    """

    code: str
    subject_ref: UUID
    link_ref: str
    kind: str
    state: str
    because: str
    because_id: str
    receiving_office: str
    receiving_office_short: str
    delivery: str
    submitted_at: datetime
    steps: list[StepState]
    stage: str | None = None
    outcome: str | None = None
    holder: Holder | None = None
    accepted_at: datetime | None = None
    promised_due_at: datetime | None = None
    current_due_at: datetime | None = None
    explanation: tuple[CountedDays, ...] = ()
    completed_at: datetime | None = None
    refused_reason: str | None = None
    refused_rule: str | None = None
    resume_to: ResumePosition | None = None
    request: CitizenRequest | None = None
    second_supplement: bool = False
    moved_from: datetime | None = None
    overdue: Overdue | None = None
    stopped_reason: str | None = None
    extension_reason: str | None = None
    apology: Apology | None = None
    queries: tuple[Query, ...] = ()
    unplaced: MissingOffice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineFired(CaseState):
    """The whole state, and the deadline that led to this record."""

    deadline: DeadlineState


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildUpdated(CaseState):
    """The whole state of the root; `child` is the dossier this is about, and `blocks` the steps that wait.

    `office`: who had the child; when it failed, who has the root's step now and decides.
    """

    child: Child
    step: str
    office: str
    blocks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassigned(Body):
    """A step's task taken from one office (`task_id` is closed) and queued at another, or there anew.

    `by`: operator or leader. Why stands in the dossier's history: it is free text, and no topic's.
    """

    step: str
    task_id: UUID
    new_task_id: UUID
    from_office: str
    to_office: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReassigned(CaseState):
    """The whole state, and the task that moved."""

    reassigned: Reassigned


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDeclined(CaseState):
    """A request that came too late or against a rule: which one, and why. The state is as it was."""

    declined: str
    reason_code: str
    text_vi: str
    text_en: str


STATUTORY = "statutory"
"""The kind of a dossier of a procedure: the only one with dates, forms and letters of law."""

OPENED = "case.opened.v1"
UPDATED = "case.updated.v1"
ROUTED = "dossier.routed.v1"
COMPLETED = "dossier.completed.v1"
MOVED = "deadline.moved.v1"
DECLINED = "case.request_declined.v1"
WARNING = "deadline.warning.v1"
BREACHED = "deadline.breached.v1"
REASSIGNED = "task.reassigned.v1"
PAYMENT_REQUESTED = "dossier.payment_requested.v1"
"""As a cause: a fee asked for by rule, before work. An office's own asking is `task.payment_asked`."""
APOLOGY_DRAFTED = "apology.drafted.v1"
APOLOGY_ISSUED = "apology.issued.v1"
NEW_DATE_PASSED = "new_date.passed.v1"
"""The one new date of an apology has come, and no result."""
QUERY_CLOSED = "subquery.closed.v1"
CHILD_OPENED = "child.opened.v1"
CHILD_COMPLETED = "child.completed.v1"
CHILD_FAILED = "child.failed.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseHeadline(Body):
    """The part of a CaseState that a follower acts on at once; it keeps the record and reads the rest later.

    `text_vi`, `text_en`: why a request was declined, in the record that says so.
    """

    state: str
    stopped_reason: str | None = None
    extension_reason: str | None = None
    text_vi: str | None = None
    text_en: str | None = None


CaseFact = CaseState | RequestDeclined | DeadlineFired | TaskReassigned | ChildUpdated
"""The data of any event of `case.updates`."""
