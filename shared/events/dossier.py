"""`dossier.events`: dossiers as filed at intake, with references in place of personal data."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared.counted_days import CountedDays
from shared.events.body import Body


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRef(Body):
    """A declared paper, without file name and content."""

    type: str
    form: str | None = None
    issued_on: date | None = None
    holder: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierSubmitted(Body):
    """A dossier was filed (state 1). `facts`: only those that the plan depends on.

    `confirmed`: questions (duplicate, too_early) that the person answered with yes.
    """

    code: str
    submitted_at: datetime
    receiving_office: str
    place: dict[str, str]
    facts: dict[str, bool | int | str]
    papers: list[PaperRef]
    delivery: str
    filed_by: str
    subject_ref: UUID
    link_ref: str
    answer_by: datetime
    auto_accept: bool
    confirmed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierAccepted(Body):
    """The dossier was accepted (form 01), with its promised date, which never changes."""

    code: str
    accepted_at: datetime
    promised_due_at: datetime | None
    explanation: tuple[CountedDays, ...]
    receiving_office: str
    competent_office: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierRefused(Body):
    """The dossier was refused (form 03). The officer's own text stays in intake."""

    code: str
    refused_at: datetime
    reason_code: str
    rule: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalRequested(Body):
    """A withdrawal was requested; after acceptance routing decides about it. `by`: self or proxy."""

    code: str
    asked_at: datetime
    by: str
    reason_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalCancelled(Body):
    """The request for withdrawal was cancelled."""

    code: str
    cancelled_at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierSupplemented(Body):
    """The requested papers were brought (answer to form 02). The clock counts from `answered_at`."""

    code: str
    stage: str
    answered_at: datetime
    items: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierSupplementRequested(Body):
    """Papers were requested at the counter, before acceptance (form 02). `nth` counts its requests."""

    code: str
    stage: str
    asked_at: datetime
    items: tuple[str, ...]
    answer_by: datetime
    nth: int
    basis: str | None = None
    approved_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierStopped(Body):
    """The dossier was stopped before acceptance (form 05): `withdrawn`, or `no_answer` to form 02."""

    code: str
    stopped_at: datetime
    reason_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierPaid(Body):
    """A fee was paid, in đồng. The receipt itself stays in the payment system."""

    code: str
    amount: int
    paid_at: datetime
    receipt_ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierReturned(Body):
    """The result was handed over. `how`: electronic, counter, post, home; `to`: self or proxy."""

    code: str
    returned_at: datetime
    how: str
    to: str
    proof_ref: str | None = None


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
