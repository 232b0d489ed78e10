"""A submission as intake receives it, and the receipt it returns."""

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
    """One submission as received. `key`: idempotency key; `parse_errors`: fields that could not be parsed."""

    key: UUID
    body_mac: bytes
    submission: Submission
    parse_errors: tuple[FieldError, ...] = ()
    actor: Actor | None = None
    traceparent: str | None = None
    address: str | None = None
    """The caller's address as limits count it."""


@dataclass(frozen=True, slots=True)
class SubmissionReceipt:
    """The answer to a submission. `fresh` is false if the same submission was made before."""

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
    """The earlier receipt for the same body; a refusal for another body under the same key."""
    key = keys.get(previous.subject_ref)
    if previous.body_mac != request.body_mac or key is None:
        return refuse("key_used_for_dossier")
    return SubmissionReceipt(
        dossier_id=previous.dossier_id,
        code=previous.code,
        secret=decrypt_secret(key, previous.subject_ref, previous.sealed_secret),
        state=_first_state(request, previous),
        link_ref=previous.link_ref,
        receiving_office=previous.receiving_office,
        answer_by=previous.answer_by,
        fresh=False,
    )


def _first_state(request: SubmissionRequest, previous: PreviousSubmission) -> State:
    """The state right after filing, which follows from the body."""
    if request.submission.refusal is not None:
        return State.REFUSED
    if previous.auto_accepted:
        return State.ACCEPTED
    return State.SUBMITTED
