"""`dossier.events`: what intake says was handed in. No personal data: references only."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared.counted_days import CountedDays
from shared.events.body import Body


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRef(Body):
    """A declared paper, without its name or bytes."""

    type: str
    form: str | None = None
    issued_on: date | None = None
    holder: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierSubmitted(Body):
    """A dossier came through the door (state 1). `facts` holds only those the plan depends on.

    `confirmed`: duplicate, too_early; what the person was asked to look at again and filed all the same.
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
    """The counter accepted it (form 01): the first promise, computed once and frozen."""

    code: str
    accepted_at: datetime
    promised_due_at: datetime | None
    explanation: tuple[CountedDays, ...]
    receiving_office: str
    competent_office: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierRefused(Body):
    """The counter did not accept it (form 03). The officer's own words stay with intake."""

    code: str
    refused_at: datetime
    reason_code: str
    rule: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalRequested(Body):
    """The citizen asks to take the dossier back; after acceptance routing judges it. `by`: self or proxy."""

    code: str
    asked_at: datetime
    by: str
    reason_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalCancelled(Body):
    """They take that back."""

    code: str
    cancelled_at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierSupplemented(Body):
    """The papers asked for came (form 02 answered). The clock goes by `answered_at`, the citizen's act."""

    code: str
    stage: str
    answered_at: datetime
    items: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierSupplementRequested(Body):
    """Form 02 at the counter, before acceptance: all defects at once. `nth` counts the counter's own."""

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
    """Form 05 before acceptance, confirmed by the actor: `withdrawn`, or `no_answer` to form 02."""

    code: str
    stopped_at: datetime
    reason_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierPaid(Body):
    """A payment arrived, in đồng; the receipt stays with the payment port."""

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
"""Why a dossier stopped, when its citizen asked for it."""
NO_ANSWER = "no_answer"
"""Why it stopped, when the papers asked for did not come in time."""
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
