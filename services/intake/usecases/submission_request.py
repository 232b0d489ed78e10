"""What is asked of the door by a filing, and what it answers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake.domain.dossier.submission import Submission
from services.intake.store.submissions import PreviousSubmission
from services.intake.usecases.person import decrypt_secret
from services.intake.words import refuse
from shared.actor import Actor
from shared.errors import FieldError, Refused, RetryLater
from shared.states import State


@dataclass(frozen=True, slots=True)
class SubmissionRequest:
    """One submission as it arrived: its key, who sent it, what it says and what could not be read of it."""

    key: UUID
    body_mac: bytes
    submission: Submission
    parse_errors: tuple[FieldError, ...] = ()
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
    request: SubmissionRequest, previous: PreviousSubmission, keys: dict[UUID, bytes]
) -> SubmissionReceipt | Refused:
    """The same answer for the same body; another body under the same key is a mistake."""
    key = keys.get(previous.subject_ref)
    if previous.body_mac != request.body_mac or key is None:
        return refuse("key_used_for_dossier")
    return SubmissionReceipt(
        previous.dossier_id,
        previous.code,
        decrypt_secret(key, previous.subject_ref, previous.sealed_secret),
        _first_state(request, previous),
        previous.link_ref,
        previous.receiving_office,
        previous.answer_by,
        fresh=False,
    )


def _first_state(request: SubmissionRequest, previous: PreviousSubmission) -> State:
    """Where it stood when it was filed: the same body says the same."""
    if request.submission.refusal is not None:
        return State.REFUSED
    return State.ACCEPTED if previous.auto_accepted else State.SUBMITTED
