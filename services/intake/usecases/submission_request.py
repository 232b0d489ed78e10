"""What is asked of the door by a filing, and what it answers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake.domain.dossier.state import State
from services.intake.domain.dossier.submission import Submission
from services.intake.store.submissions import PreviousSubmission
from services.intake.usecases.person import decrypt_secret
from services.intake.words import refuse
from shared.actor import Actor
from shared.errors import FieldError, Refused, RetryLater


@dataclass(frozen=True, slots=True)
class SubmissionRequest:
    """One submission as it arrived: its key, who sent it, what it says and what could not be read of it."""

    key: UUID
    body_mac: bytes
    said: Submission
    unread: tuple[FieldError, ...] = ()
    actor: Actor | None = None
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class SubmissionReceipt:
    """The answer to a filing; `fresh` is false when the same was filed before."""

    dossier_id: UUID
    code: str
    secret: str
    state: State
    link_ref: str
    receiving_office: str
    answer_by: datetime
    fresh: bool


Outcome = SubmissionReceipt | Refused | RetryLater


def repeated_receipt(
    filing: SubmissionRequest, earlier: PreviousSubmission, keys: dict[UUID, bytes]
) -> SubmissionReceipt | Refused:
    """The same answer for the same body; another body under the same key is a mistake."""
    key = keys.get(earlier.subject_ref)
    if earlier.body_mac != filing.body_mac or key is None:
        return refuse("key_used_for_dossier")
    return SubmissionReceipt(
        earlier.dossier_id,
        earlier.code,
        decrypt_secret(key, earlier.subject_ref, earlier.sealed_secret),
        _first_state(filing, earlier),
        earlier.link_ref,
        earlier.receiving_office,
        earlier.answer_by,
        fresh=False,
    )


def _first_state(filing: SubmissionRequest, earlier: PreviousSubmission) -> State:
    """Where it stood when it was filed: the same body says the same."""
    if filing.said.refused is not None:
        return State.REFUSED
    return State.ACCEPTED if earlier.auto_accepted else State.SUBMITTED
