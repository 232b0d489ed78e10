"""`dossier.events`: dossiers as filed at intake, with references in place of personal data."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from shared.counted_days import CountedDays
from shared.events.body import Body
from shared.text_fields import Choice, Code, Name, Prose, Reference, StageWord

PaperHolder = Annotated[str, Choice(("self", "spouse", "child", "parent", "other"))]
Filer = Annotated[str, Choice(("self", "proxy", "officer"))]
Question = Annotated[str, Choice(("duplicate", "too_early", "id_mismatch"))]
Withdrawer = Annotated[str, Choice(("self", "proxy"))]
HandOver = Annotated[str, Choice(("electronic", "counter", "post", "home"))]
Recipient = Annotated[str, Choice(("self", "proxy"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRef(Body):
    """A declared paper, without file name and content."""

    type: Code
    form: Name | None = None
    issued_on: date | None = None
    holder: PaperHolder | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierSubmitted(Body):
    """A dossier was filed (state 1). `facts`: only those that the plan depends on.

    `confirmed`: questions (duplicate, too_early) that the person answered with yes.
    """

    code: Code
    submitted_at: datetime
    receiving_office: Code
    place: dict[str, Code]
    facts: dict[str, bool | int | Prose]
    papers: list[PaperRef]
    delivery: Code
    filed_by: Filer
    subject_ref: UUID
    link_ref: Code
    answer_by: datetime
    auto_accept: bool
    confirmed: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierAccepted(Body):
    """The dossier was accepted (form 01), with its promised date, which never changes."""

    code: Code
    accepted_at: datetime
    promised_due_at: datetime | None
    explanation: tuple[CountedDays, ...]
    receiving_office: Code
    competent_office: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierRefused(Body):
    """The dossier was refused (form 03). The officer's own text stays in intake."""

    code: Code
    refused_at: datetime
    reason_code: str
    rule: Prose | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalRequested(Body):
    """A withdrawal was requested; after acceptance routing decides about it. `by`: self or proxy."""

    code: Code
    asked_at: datetime
    by: Withdrawer
    reason_code: Name | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalCancelled(Body):
    """The request for withdrawal was cancelled."""

    code: Code
    cancelled_at: datetime
    by: Withdrawer


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierSupplemented(Body):
    """The requested papers were brought (answer to form 02). The clock counts from `answered_at`."""

    code: Code
    stage: StageWord
    answered_at: datetime
    items: list[Prose]


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierSupplementRequested(Body):
    """Papers were requested at the counter, before acceptance (form 02). `nth` counts its requests."""

    code: Code
    stage: StageWord
    asked_at: datetime
    items: tuple[Prose, ...]
    answer_by: datetime
    nth: int
    basis: Prose | None = None
    approved_by: Name | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierStopped(Body):
    """The dossier was stopped before acceptance (form 05): `withdrawn`, or `no_answer` to form 02."""

    code: Code
    stopped_at: datetime
    reason_code: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierPaid(Body):
    """A fee was paid, in đồng. The receipt itself stays in the payment system."""

    code: Code
    amount: int
    paid_at: datetime
    receipt_ref: Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierReturned(Body):
    """The result was handed over. `how`: electronic, counter, post, home; `to`: self or proxy."""

    code: Code
    returned_at: datetime
    how: HandOver
    to: Recipient
    proof_ref: Reference | None = None


SUBMITTED = "dossier.submitted.v1"
ACCEPTED = "dossier.accepted.v1"
REFUSED = "dossier.refused.v1"
WITHDRAWAL_REQUESTED = "dossier.withdrawal_requested.v1"
WITHDRAWAL_CANCELLED = "dossier.withdrawal_cancelled.v1"
SUPPLEMENTED = "dossier.supplemented.v1"
SUPPLEMENT_REQUESTED = "dossier.supplement_requested.v1"
STOPPED = "dossier.stopped.v1"

WITHDRAWN = "withdrawn"
"""The reason of a stop that the citizen requested."""
NO_ANSWER = "no_answer"
"""The reason of a stop because the requested papers did not come in time."""
PAID = "dossier.paid.v1"
RETURNED = "dossier.returned.v1"

DossierFact = (
    DossierSubmitted
    | DossierAccepted
    | DossierRefused
    | WithdrawalRequested
    | WithdrawalCancelled
    | DossierSupplemented
    | DossierSupplementRequested
    | DossierStopped
    | DossierPaid
    | DossierReturned
)
"""The data of any event of `dossier.events`."""
