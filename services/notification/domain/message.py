"""What calls for a message, to whom it goes, and what may become of it."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from shared.events import agency, dossier
from shared.events import case as wire
from shared.events.case import STATUTORY, CaseState, DeadlineFired
from shared.events.contacts import Contact
from shared.events.steps import StepState

SMS = "sms"
EMAIL = "email"
CHANNELS = (SMS, EMAIL)

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


def trigger_for(type: str, said: CaseState, *, of_a_child: bool = False) -> MessageTrigger | None:
    """The message a case update calls for, or None: most changes are for the page only.

    The texts speak of dossiers, their legal dates and forms: of no other kind of case, and of roots alone.
    `of_a_child`: the record is about a child, and its state the root's, whose own turn may have come.
    """
    if said.kind != STATUTORY:
        return None
    found = None if of_a_child else _called_for(type, said)
    if found:
        return MessageTrigger(found[0], said.because_id, found[1])
    turn = waiting_person_step(said)
    return MessageTrigger(TURN_CAME, f"{said.code}/{turn.step}", YOUR_TURN) if turn else None


def waiting_person_step(said: CaseState) -> StepState | None:
    """The step in hands that waits for the citizen's own act; told once, whichever office confirms it."""
    return citizen_step(said) if said.state == "in_process" else None


def citizen_step(said: CaseState) -> StepState | None:
    """The step that waits for the person's own act, be the whole case resting meanwhile or not."""
    return next((step for step in said.steps if step.actor and step.state in {"queued", "started"}), None)


def _called_for(type: str, said: CaseState) -> tuple[str, str] | None:
    """The fact told, and its text."""
    match type, said.because:
        case wire.OPENED, _:
            return dossier.SUBMITTED, SUBMITTED
        case wire.DECLINED, dossier.WITHDRAWAL_REQUESTED | dossier.WITHDRAWAL_CANCELLED:
            return wire.DECLINED, REQUEST_DECLINED
        case wire.WARNING, _:
            return _reminder(said)
        case _ if type in _TOLD_ALWAYS:
            return type, _TOLD_ALWAYS[type]
        case wire.UPDATED, because:
            return _after_an_update(because, said)
        case _:
            return None


def _reminder(said: CaseState) -> tuple[str, str] | None:
    """Only those of a citizen's own time are theirs; of several missed only the last is of use."""
    if not isinstance(said, DeadlineFired) or said.request is None:
        return None
    told = said.deadline
    return (wire.WARNING, REMINDER) if told.to == "citizen" and not told.overtaken else None


def _after_an_update(because: str, said: CaseState) -> tuple[str, str] | None:
    """A stop is told when it is confirmed: what waits for a second person changes nothing for the citizen."""
    if said.state == "stopped":
        return dossier.STOPPED, STOPPED
    if because == dossier.ACCEPTED and not said.promised_due_at:
        return dossier.ACCEPTED, ACCEPTED_UNDATED
    return _TOLD_AFTER.get(because)


_TOLD_ALWAYS = {
    wire.COMPLETED: COMPLETED,
    wire.MOVED: DATE_MOVED,
    wire.APOLOGY_ISSUED: OVERDUE,
}

_TOLD_AFTER = {
    dossier.ACCEPTED: (dossier.ACCEPTED, ACCEPTED),
    dossier.REFUSED: (dossier.REFUSED, REFUSED),
    dossier.WITHDRAWAL_REQUESTED: (dossier.WITHDRAWAL_REQUESTED, WITHDRAWAL),
    dossier.SUPPLEMENT_REQUESTED: (dossier.SUPPLEMENT_REQUESTED, SUPPLEMENT),
    agency.SUPPLEMENT_ASKED: (dossier.SUPPLEMENT_REQUESTED, SUPPLEMENT),
    wire.PAYMENT_REQUESTED: (wire.PAYMENT_REQUESTED, PAYMENT),
    agency.PAYMENT_ASKED: (wire.PAYMENT_REQUESTED, PAYMENT),
    agency.EXTENSION_ASKED: (DEADLINE_EXTENDED, EXTENDED),
}


NO_ADDRESS = "no_phone_for_texts_and_no_email"
ERASED = "the_person_was_erased"


def delivery_channels(contact: Contact) -> tuple[str, ...]:
    """Both ways at once where a person has both; who asked for a voice gets no text on the phone."""
    by_text = contact.phone and contact.text != "voice"
    return tuple(name for name, has in ((SMS, by_text), (EMAIL, contact.email)) if has)


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
            return _put_off(reason, refusals + refused)


def _put_off(reason: str, refusals: int) -> MessageStatus:
    if refusals >= MAX_REFUSALS:
        return MessageStatus(MessageState.FAILED, reason, refusals=refusals)
    return MessageStatus(MessageState.PLANNED, reason, refusals=refusals, wait_seconds=retry_delay(refusals))


def retry_delay(refusals: int) -> float:
    """Seconds of machine time until the next attempt: 2, 4, 8 … at most five minutes."""
    return min(300.0, 2.0 ** max(1, refusals))


_FINAL = {
    "DELIVRD": (MessageState.DELIVERED, None),
    "EXPIRED": (MessageState.FAILED, "receipt_expired"),
    "DELETED": (MessageState.FAILED, "receipt_deleted"),
    "UNDELIV": (MessageState.FAILED, "receipt_undeliverable"),
    "REJECTD": (MessageState.FAILED, "receipt_rejected"),
}


def final_receipt_state(status: str) -> tuple[MessageState, str | None] | None:
    """What a delivery receipt says for good; None for one that only says "under way"."""
    return _FINAL.get(status)


def status_after_receipt(
    standing: MessageStatus, final: tuple[MessageState, str | None] | None
) -> MessageStatus:
    """A text whose receipt came before its answer was written down; as it was where none did."""
    return replace(standing, state=final[0], reason=final[1]) if final else standing
