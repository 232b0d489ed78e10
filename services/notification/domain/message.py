"""What calls for a message, to whom it goes, and what may become of it."""

from dataclasses import dataclass, replace
from enum import StrEnum
from operator import itemgetter
from typing import TypeAlias

from shared.events import agency, dossier
from shared.events import case as updates
from shared.events.case import STATUTORY, CaseState, DeadlineFired
from shared.events.steps import StepState

SUBMITTED = "submitted"
ACCEPTED = "accepted"
ACCEPTED_UNDATED = "accepted_undated"
REFUSED = "refused"
COMPLETED = "completed"
COMPLETED_IN_PART = "completed_in_part"
DATE_MOVED = "date_moved"
SUPPLEMENT = "supplement"
PAYMENT = "payment"
WITHDRAWAL = "withdrawal"
REQUEST_DECLINED = "request_declined"
STOPPED = "stopped"
EXTENDED = "extended"
OVERDUE = "overdue"
YOUR_TURN = "your_turn"
APPOINTMENT = "appointment"
REMINDER = "reminder"

DEADLINE_EXTENDED = "deadline.extended.v1"
TURN_CAME = "step.waits_for_a_person.v1"
"""What happened to the dossier, where the record that tells it names what an office asked for."""

MAX_REFUSALS = 8
"""A carrier that has said "later" this often has said no."""


class MessageState(StrEnum):
    """Where a message stands. `sending` is only ever seen from outside after a crash."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    AMBIGUOUS = "ambiguous"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class MessageTrigger:
    """A fact that calls for a message: its name, the event that told it, and the text it takes."""

    event: str
    event_ref: str
    template: str


def trigger_for(type: str, case_state: CaseState, *, of_a_child: bool = False) -> MessageTrigger | None:
    """The message a case update calls for, or None: most changes are for the page only.

    The texts speak of dossiers, their legal dates and forms: of no other kind of case, and of roots alone.
    `of_a_child`: the record is about a child, and its state the root's, whose own turn may have come.
    """
    if case_state.kind != STATUTORY:
        return None
    match = None if of_a_child else _event_and_template(type, case_state)
    if match:
        return MessageTrigger(match[0], case_state.because_id, match[1])
    turn = waiting_person_step(case_state)
    return MessageTrigger(TURN_CAME, f"{case_state.code}/{turn.step}", YOUR_TURN) if turn else None


def waiting_person_step(case_state: CaseState) -> StepState | None:
    """The step in hands that waits for the citizen's own act; told once, whichever office confirms it."""
    return citizen_step(case_state) if case_state.state == "in_process" else None


def citizen_step(case_state: CaseState) -> StepState | None:
    """The step that waits for the person's own act, be the whole case resting meanwhile or not."""
    return next(
        (step for step in case_state.steps if step.actor and step.state in {"queued", "started"}), None
    )


def appointment_step(case_state: CaseState) -> StepState | None:
    """The step for which the citizen is expected; of several the one whose time was proposed last."""
    expected = [
        (step.appointment.proposed_at, step)
        for step in case_state.steps
        if step.appointment and step.expects_citizen
    ]
    return max(expected, key=itemgetter(0))[1] if expected else None


def _event_and_template(type: str, case_state: CaseState) -> tuple[str, str] | None:
    """The fact told, and its text."""
    match type, case_state.because:
        case updates.OPENED, _:
            return dossier.SUBMITTED, SUBMITTED
        case updates.DECLINED, dossier.WITHDRAWAL_REQUESTED | dossier.WITHDRAWAL_CANCELLED:
            return updates.DECLINED, REQUEST_DECLINED
        case updates.WARNING, _:
            return _reminder_template(case_state)
        case _ if type in _TEMPLATES_BY_TYPE:
            return type, _TEMPLATES_BY_TYPE[type]
        case updates.UPDATED, because:
            return _template_after_update(because, case_state)
        case _:
            return None


def _reminder_template(case_state: CaseState) -> tuple[str, str] | None:
    """Only those of a citizen's own time are theirs; of several missed only the last is of use."""
    if not isinstance(case_state, DeadlineFired) or case_state.request is None:
        return None
    deadline = case_state.deadline
    return (updates.WARNING, REMINDER) if deadline.to == "citizen" and not deadline.overtaken else None


def _template_after_update(because: str, case_state: CaseState) -> tuple[str, str] | None:
    """A stop is told when it is confirmed: what waits for a second person changes nothing for the citizen."""
    if case_state.state == "stopped":
        return dossier.STOPPED, STOPPED
    if because == dossier.ACCEPTED and not case_state.promised_due_at:
        return dossier.ACCEPTED, ACCEPTED_UNDATED
    return _TEMPLATES_BY_CAUSE.get(because)


_TEMPLATES_BY_TYPE = {
    updates.COMPLETED: COMPLETED,
    updates.MOVED: DATE_MOVED,
    updates.APOLOGY_ISSUED: OVERDUE,
}

_TEMPLATES_BY_CAUSE = {
    dossier.ACCEPTED: (dossier.ACCEPTED, ACCEPTED),
    dossier.REFUSED: (dossier.REFUSED, REFUSED),
    dossier.WITHDRAWAL_REQUESTED: (dossier.WITHDRAWAL_REQUESTED, WITHDRAWAL),
    dossier.SUPPLEMENT_REQUESTED: (dossier.SUPPLEMENT_REQUESTED, SUPPLEMENT),
    agency.SUPPLEMENT_ASKED: (dossier.SUPPLEMENT_REQUESTED, SUPPLEMENT),
    updates.PAYMENT_REQUESTED: (updates.PAYMENT_REQUESTED, PAYMENT),
    agency.PAYMENT_ASKED: (updates.PAYMENT_REQUESTED, PAYMENT),
    agency.APPOINTMENT_PROPOSED: (agency.APPOINTMENT_PROPOSED, APPOINTMENT),
    agency.EXTENSION_ASKED: (DEADLINE_EXTENDED, EXTENDED),
}


NO_ADDRESS = "no_phone_for_texts_and_no_email"
ERASED = "the_person_was_erased"


@dataclass(frozen=True, slots=True)
class SendAccepted:
    """The carrier took it. A text centre gives its own reference, for the receipt."""

    carrier_ref: str | None = None


@dataclass(frozen=True, slots=True)
class SendDeclined:
    """The carrier will not take it, and says so."""

    reason: str


@dataclass(frozen=True, slots=True)
class SendDeferred:
    """It certainly did not go out, and may later. `refused`: the carrier said so, rather than being away."""

    reason: str
    refused: bool = True


@dataclass(frozen=True, slots=True)
class SendAmbiguous:
    """It may have gone out: nobody answered. Never sent again by itself."""

    reason: str


Outcome: TypeAlias = SendAccepted | SendDeclined | SendDeferred | SendAmbiguous


@dataclass(frozen=True, slots=True)
class MessageStatus:
    """What a message's row becomes."""

    state: MessageState
    reason: str | None = None
    carrier_ref: str | None = None
    refusals: int = 0
    wait_seconds: float = 0.0

    @property
    def was_sent(self) -> bool:
        """The carrier took it; a receipt may have told more since."""
        return self.state == MessageState.SENT or self.carrier_ref is not None


def status_after_attempt(outcome: Outcome, refusals: int) -> MessageStatus:
    """What an attempt makes of a message that had been put off `refusals` times."""
    match outcome:
        case SendAccepted(carrier_ref):
            return MessageStatus(MessageState.SENT, carrier_ref=carrier_ref, refusals=refusals)
        case SendDeclined(reason):
            return MessageStatus(MessageState.FAILED, reason, refusals=refusals)
        case SendAmbiguous(reason):
            return MessageStatus(MessageState.AMBIGUOUS, reason, refusals=refusals)
        case SendDeferred(reason, refused):
            return _status_when_deferred(reason, refusals + refused)


def _status_when_deferred(reason: str, refusals: int) -> MessageStatus:
    if refusals >= MAX_REFUSALS:
        return MessageStatus(MessageState.FAILED, reason, refusals=refusals)
    return MessageStatus(MessageState.PLANNED, reason, refusals=refusals, wait_seconds=retry_delay(refusals))


def retry_delay(refusals: int) -> float:
    """Seconds of machine time until the next attempt: 2, 4, 8 … at most five minutes."""
    return min(300.0, 2.0 ** max(1, refusals))


_FINAL_STATES = {
    "DELIVRD": (MessageState.DELIVERED, None),
    "EXPIRED": (MessageState.FAILED, "receipt_expired"),
    "DELETED": (MessageState.FAILED, "receipt_deleted"),
    "UNDELIV": (MessageState.FAILED, "receipt_undeliverable"),
    "REJECTD": (MessageState.FAILED, "receipt_rejected"),
}


def final_receipt_state(status: str) -> tuple[MessageState, str | None] | None:
    """What a delivery receipt says for good; None for one that only says "under way"."""
    return _FINAL_STATES.get(status)


def status_after_receipt(
    status: MessageStatus, final: tuple[MessageState, str | None] | None
) -> MessageStatus:
    """A text whose receipt came before its answer was written down; as it was where none did."""
    return replace(status, state=final[0], reason=final[1]) if final else status
