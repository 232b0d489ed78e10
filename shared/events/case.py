"""`case.updates`: every change of a case, each record with the whole state."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from shared.clock import CityTime
from shared.counted_days import CountedDays
from shared.events.apology import Apology
from shared.events.body import Body
from shared.events.steps import Child, Holder, Query, StepState
from shared.text_fields import Choice, Code, EventName, Name, Prose, Reference, StageWord, StateWord
from shared.wire_names import wire_names

RequestWord = Annotated[str, Choice(("supplement", "payment"))]
Scope = Annotated[str, Choice(("dossier", "task", "request", "new_date"))]
Level = Annotated[str, Choice(("three_quarters", "one_day", "two_hours", "breach", "head", "city"))]
Addressee = Annotated[str, Choice(("citizen", "holder", "operator", "head", "city"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumePosition(Body):
    """The position before a withdrawal was requested, to which cancelling returns."""

    state: StateWord
    stage: StageWord | None = None


class RequestKind(StrEnum):
    """The kinds of requests to a citizen."""

    SUPPLEMENT = "supplement"
    PAYMENT = "payment"


@dataclass(frozen=True, slots=True)
class CitizenRequest(Body):
    """An open request to the citizen: form 02 or a fee. `nth` counts the requests of its `kind`.

    `items`: of a supplement; `amount` (đồng): of a payment. A second supplement has a `basis` and the head
    who approved it, in `approved_by`.
    """

    kind: RequestWord
    office: Code
    asked_at: CityTime
    answer_by: CityTime
    nth: int
    items: tuple[Prose, ...] = ()
    amount: int | None = None
    basis: Prose | None = None
    approved_by: Name | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineState(Body):
    """A deadline that was reached. `scope`: dossier (that of `dossier_id`), task, request (to the citizen)
    or new_date (of the apology).

    `level`: three_quarters, one_day, two_hours, breach; `to`: citizen, holder, operator, head.

    `late_by`: seconds between `at` and its processing. `overtaken`: a later one of its clock was due too.
    """

    scope: Scope
    level: Level
    due_at: datetime
    at: datetime
    late_by: int
    to: Addressee
    office: Code
    office_short: Name
    task_id: UUID | None = None
    step: Code | None = None
    overtaken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue(Body):
    """Since when a case is late, and who must act: operator, head or city."""

    scope: Scope
    since: datetime
    to: Addressee
    office: Code
    office_short: Name
    at: datetime
    step: Code | None = None


@dataclass(frozen=True, slots=True)
class MissingOffice(Body):
    """Why an accepted dossier has no plan: a role without an office at its place.

    `field`: the dossier's field of the place (`place.parcel`; on the wire `place`), with its `value`; `why`:
    the reason. `since`: when no office was found for the first time.
    """

    __pydantic_config__: ClassVar = wire_names(field="place")
    role: Code
    field: Code
    value: Name | None
    why: Prose
    since: CityTime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseState(Body):
    """The whole state of a root dossier. `because`: the type of the event that led to it.

    A record about a child has the child's `dossier_id` and the state of the root, whose step contains the
    child. A consumer that follows roots ignores `dossier_id`; one that notifies people checks it first.

    `current_due_at` is null while the clock is paused. `second_supplement`: papers were requested twice.
    `moved_from`: with `deadline.moved`, the date that `current_due_at` replaces. `stopped_reason`: with a
    stop, the office's own words, `withdrawn` or `no_answer`. `extension_reason`: with an extension (form 04),
    the head's reason. `unplaced`: the case stays `accepted` until an office can be named.
    """

    code: Code
    subject_ref: UUID
    link_ref: Code
    kind: Code
    state: StateWord
    because: EventName
    because_id: Reference
    receiving_office: Code
    receiving_office_short: Name
    delivery: Code
    submitted_at: datetime
    steps: list[StepState]
    stage: StageWord | None = None
    outcome: Reference | None = None
    holder: Holder | None = None
    accepted_at: datetime | None = None
    promised_due_at: datetime | None = None
    current_due_at: datetime | None = None
    explanation: tuple[CountedDays, ...] = ()
    completed_at: datetime | None = None
    refused_reason: Code | None = None
    refused_rule: Prose | None = None
    resume_to: ResumePosition | None = None
    request: CitizenRequest | None = None
    second_supplement: bool = False
    moved_from: datetime | None = None
    overdue: Overdue | None = None
    stopped_reason: Prose | None = None
    extension_reason: Prose | None = None
    apology: Apology | None = None
    queries: tuple[Query, ...] = ()
    unplaced: MissingOffice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineFired(CaseState):
    """The whole state, with the deadline that led to this record."""

    deadline: DeadlineState


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildUpdated(CaseState):
    """The whole state of the root. `child`: the dossier that this is about; `blocks`: steps that wait for it.

    `office`: the child's office; after a failure the office that has the root's step and decides.
    """

    child: Child
    step: Code
    office: Code
    blocks: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassigned(Body):
    """A task closed at one office (`task_id`) and queued at another, or queued anew at the same one.

    `by`: operator or leader. The reason is free text and stays in the case's history.
    """

    step: Code
    task_id: UUID
    new_task_id: UUID
    from_office: Code
    to_office: Code
    by: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReassigned(CaseState):
    """The whole state, with the reassigned task."""

    reassigned: Reassigned


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDeclined(CaseState):
    """The unchanged state, with the request that was declined (too late, or against a rule) and why."""

    declined: EventName
    reason_code: Code
    text_vi: Prose
    text_en: Prose


STATUTORY = "statutory"
"""The kind of procedures' dossiers, the only one with legal dates, forms and letters."""

OPENED = "case.opened.v1"
UPDATED = "case.updated.v1"
ROUTED = "dossier.routed.v1"
COMPLETED = "dossier.completed.v1"
MOVED = "deadline.moved.v1"
DECLINED = "case.request_declined.v1"
WARNING = "deadline.warning.v1"
BREACHED = "deadline.breached.v1"
REASSIGNED = "task.reassigned.v1"
DEADLINE_SET = "deadline.set.v1"
"""As `because`: the date that lay beyond the calendar at acceptance can be promised now."""
PAYMENT_REQUESTED = "dossier.payment_requested.v1"
"""As `because`: a fee requested by rule before work. A request by an office is `task.payment_asked`."""
APOLOGY_DRAFTED = "apology.drafted.v1"
APOLOGY_ISSUED = "apology.issued.v1"
NEW_DATE_PASSED = "new_date.passed.v1"
"""The new date of an apology has passed without a result."""
QUERY_CLOSED = "subquery.closed.v1"
CHILD_OPENED = "child.opened.v1"
CHILD_COMPLETED = "child.completed.v1"
CHILD_FAILED = "child.failed.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseHeadline(Body):
    """The part of a CaseState that a consumer acts on at once; it decodes the rest on request.

    `text_vi`, `text_en`: why a request was declined, in the record about that.
    """

    state: StateWord
    stopped_reason: Prose | None = None
    extension_reason: Prose | None = None
    text_vi: Prose | None = None
    text_en: Prose | None = None


CaseFact = CaseState | RequestDeclined | DeadlineFired | TaskReassigned | ChildUpdated
"""The data of any event of `case.updates`."""
