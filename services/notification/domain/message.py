"""Which updates trigger a message, and the states of a message."""

from dataclasses import dataclass, replace
from enum import StrEnum
from operator import itemgetter
from typing import TypeAlias

from shared.events import agency, dossier
from shared.events import case as updates
from shared.events.case import STATUTORY, CaseState, DeadlineFired
from shared.events.steps import StepState

SUBMITTED = "submitted"
ANSWER_LATE = "answer_late"
ACCEPTED = "accepted"
ACCEPTED_UNDATED = "accepted_undated"
ACCEPTED_DATE_FOLLOWS = "accepted_date_follows"
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
"""Names of facts that no event type has: the record behind them is named after the office's request."""

RECEIVE = "receive"
"""The step of the counter."""

MAX_REFUSALS = 8
"""A message fails once the carrier has deferred it this often."""


class MessageState(StrEnum):
    """The state of a message. Other transactions see `sending` only during an attempt or after a crash."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    AMBIGUOUS = "ambiguous"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class MessageTrigger:
    """A fact that triggers a message: its name, the id of its event, and the template."""

    event: str
    event_ref: str
    template: str


def trigger_for(type: str, case_state: CaseState, *, of_a_child: bool = False) -> MessageTrigger | None:
    """The message that a case update triggers; None for most updates, which only change the page.

    Messages exist for statutory cases and their root dossiers alone. `of_a_child`: the record is about a
    child dossier; its state is the root's, and may contain a step that now waits for the citizen.
    """
    if case_state.kind != STATUTORY:
        return None
    match = None
    if not of_a_child:
        match = _event_and_template(type, case_state)
    if match is not None:
        event, template = match
        return MessageTrigger(event, case_state.because_id, template)
    step = waiting_person_step(case_state)
    if step is not None:
        return MessageTrigger(TURN_CAME, f"{case_state.code}/{step.step}", YOUR_TURN)
    return None


def waiting_person_step(case_state: CaseState) -> StepState | None:
    """The step that waits for the citizen's act while the case is in process."""
    if case_state.state != "in_process":
        return None
    return citizen_step(case_state)


def citizen_step(case_state: CaseState) -> StepState | None:
    """The open step that waits for a person's own act, in any state of the case."""
    for step in case_state.steps:
        if step.actor and step.is_open:
            return step
    return None


def appointment_step(case_state: CaseState) -> StepState | None:
    """The step for which the citizen is expected; of several, the one proposed last."""
    expected = [
        (step.appointment.proposed_at, step)
        for step in case_state.steps
        if step.appointment and step.expects_citizen
    ]
    return max(expected, key=itemgetter(0))[1] if expected else None


def _event_and_template(type: str, case_state: CaseState) -> tuple[str, str] | None:
    """The name of the fact behind an update, and its template."""
    match type, case_state.because:
        case updates.OPENED, _:
            return dossier.SUBMITTED, SUBMITTED
        case updates.DECLINED, dossier.WITHDRAWAL_REQUESTED | dossier.WITHDRAWAL_CANCELLED:
            return updates.DECLINED, REQUEST_DECLINED
        case ((updates.WARNING | updates.BREACHED), _):
            return _deadline_template(type, case_state)
        case _ if type in _TEMPLATES_BY_TYPE:
            return type, _TEMPLATES_BY_TYPE[type]
        case updates.UPDATED, because:
            return _template_after_update(because, case_state)
        case _:
            return None


def _deadline_template(type: str, case_state: CaseState) -> tuple[str, str] | None:
    if not isinstance(case_state, DeadlineFired):
        return None
    if type == updates.WARNING:
        return _reminder_template(case_state)
    return _late_answer_template(case_state)


def _reminder_template(case_state: DeadlineFired) -> tuple[str, str] | None:
    """Only warnings about the citizen's own time are sent; of several due at once, only the last."""
    deadline = case_state.deadline
    if case_state.request is None:
        return None
    if deadline.to != "citizen" or deadline.overtaken:
        return None
    return updates.WARNING, REMINDER


def _late_answer_template(case_state: DeadlineFired) -> tuple[str, str] | None:
    """The counter has not decided in time. What is late afterwards is told with the head's letter."""
    if case_state.state != SUBMITTED or case_state.deadline.step != RECEIVE:
        return None
    return updates.BREACHED, ANSWER_LATE


def _template_after_update(because: str, case_state: CaseState) -> tuple[str, str] | None:
    """A stop is announced once it is confirmed: until then nothing changes for the citizen."""
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
    updates.DEADLINE_SET: (updates.DEADLINE_SET, ACCEPTED),
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
UNREADABLE_CONTACT = "the_contact_has_an_unknown_language_or_form"
ERASED = "the_person_was_erased"


@dataclass(frozen=True, slots=True)
class SendAccepted:
    """The carrier took the message. A text centre gives a reference, which its receipt repeats."""

    carrier_ref: str | None = None


@dataclass(frozen=True, slots=True)
class SendDeclined:
    """The carrier rejected the message for good."""

    reason: str


@dataclass(frozen=True, slots=True)
class SendDeferred:
    """The message was certainly not sent and may be retried. `refused`: the carrier deferred it itself."""

    reason: str
    refused: bool = True


@dataclass(frozen=True, slots=True)
class SendAmbiguous:
    """The message may have been sent, but no answer came. It is never retried automatically."""

    reason: str


Outcome: TypeAlias = SendAccepted | SendDeclined | SendDeferred | SendAmbiguous


@dataclass(frozen=True, slots=True)
class MessageStatus:
    """The new state of a message's row. `wait_seconds`: machine time until the next attempt."""

    state: MessageState
    reason: str | None = None
    carrier_ref: str | None = None
    refusals: int = 0
    wait_seconds: float = 0.0

    @property
    def was_sent(self) -> bool:
        """Whether the carrier took it, whatever a receipt said since."""
        return self.state == MessageState.SENT or self.carrier_ref is not None


def status_after_attempt(outcome: Outcome, refusals: int) -> MessageStatus:
    """The status after an attempt. `refusals`: how often the carrier had deferred the message before."""
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


FINAL_STATES = {
    "delivered": (MessageState.DELIVERED, None),
    "expired": (MessageState.FAILED, "receipt_expired"),
    "deleted": (MessageState.FAILED, "receipt_deleted"),
    "undeliverable": (MessageState.FAILED, "receipt_undeliverable"),
    "unreachable": (MessageState.FAILED, "receipt_unreachable"),
    "rejected": (MessageState.FAILED, "receipt_rejected"),
}


def final_receipt_state(outcome: str) -> tuple[MessageState, str | None]:
    """The final state and reason by the outcome of a delivery receipt. Raises KeyError for any other word."""
    return FINAL_STATES[outcome]


def status_after_receipt(status: MessageStatus, outcome: str | None) -> MessageStatus:
    """The status of a text whose receipt came before its attempt was stored; unchanged without one."""
    if outcome is None:
        return status
    state, reason = final_receipt_state(outcome)
    return replace(status, state=state, reason=reason)
