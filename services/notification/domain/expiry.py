"""Whether a message is still useful and still true at the moment of sending.

A text that says "by the 12th" is not sent on the 13th, nor once the citizen has answered. Source: rule k in
the head of `messages.yaml`.
"""

from datetime import datetime

from services.notification.domain.facts import MessageFacts
from services.notification.domain.message import (
    ANSWER_LATE,
    APPOINTMENT,
    OVERDUE,
    PAYMENT,
    REMINDER,
    SUBMITTED,
    SUPPLEMENT,
    YOUR_TURN,
    appointment_step,
    citizen_step,
)
from shared.events.case import CaseState, CitizenRequest
from shared.events.steps import StepState

NO_LONGER_USEFUL = "no_longer_useful"
NO_LONGER_TRUE = "no_longer_true"
WAIT_OVER = "over"
"""Set on a message that became untrue while it was being sent: if the attempt fails, it is not repeated."""

_AWAITING_ANSWER = frozenset({SUPPLEMENT, PAYMENT, REMINDER, YOUR_TURN, APPOINTMENT})
"""Templates that are useful until the end of the citizen's time to answer."""
_DECISION = "decision"
"""What a late counter owes: the text about it is untrue once it has decided, or asked for papers."""
_REMINDED_STATES = frozenset({"supplement_requested", "payment_requested"})
"""States in which a citizen is reminded, so not while a withdrawal is undecided."""


def expires_at(template: str, facts: MessageFacts) -> datetime | None:
    """The instant after which the message is useless; None if it stays true.

    An apology promises a new date and expires with it.
    """
    if template == OVERDUE:
        return facts.due_at
    if template in _AWAITING_ANSWER:
        return facts.wanted_by
    return None


def is_expired(useful_until: datetime | None, at: datetime) -> bool:
    """Whether `at`, in the city's time, is after `useful_until`."""
    return useful_until is not None and at > useful_until


def suppression_reason(useful_until: datetime | None, waits_on: str | None, at: datetime) -> str | None:
    """Why a message that was claimed for sending must not be sent; None if it may."""
    if waits_on == WAIT_OVER:
        return NO_LONGER_TRUE
    if is_expired(useful_until, at):
        return NO_LONGER_USEFUL
    return None


def awaited_action(template: str, case_state: CaseState) -> str | None:
    """The action that a message asks for, as a key within its case; None if it asks for none."""
    if template == ANSWER_LATE:
        return _DECISION
    if template == YOUR_TURN:
        return _turn_key(citizen_step(case_state))
    if template == APPOINTMENT:
        return _appointment_key(appointment_step(case_state))
    if template not in _AWAITING_ANSWER or case_state.request is None:
        return None
    if template == REMINDER:
        return _reminder_key(case_state.request)
    return _answer_key(case_state.request)


def awaited_actions(case_state: CaseState) -> frozenset[str]:
    """All actions that a message may still ask for in this state; none once the case has ended.

    A request stays open while a withdrawal is undecided, because the withdrawal may be cancelled.
    """
    if case_state.completed_at is not None:
        return frozenset()
    actions = {_turn_key(citizen_step(case_state)), _appointment_key(appointment_step(case_state))}
    if case_state.state == SUBMITTED:
        actions.add(_DECISION)
    if case_state.request is not None:
        actions.add(_answer_key(case_state.request))
        if case_state.state in _REMINDED_STATES:
            actions.add(_reminder_key(case_state.request))
    return frozenset(action for action in actions if action is not None)


def _turn_key(step: StepState | None) -> str | None:
    if step is None:
        return None
    return f"turn/{step.step}"


def _appointment_key(step: StepState | None) -> str | None:
    if step is None or step.appointment is None:
        return None
    return f"appointment/{step.step}/{step.appointment.at.isoformat()}"


def _answer_key(request: CitizenRequest) -> str:
    return f"answer/{request.kind}/{request.asked_at.isoformat()}"


def _reminder_key(request: CitizenRequest) -> str:
    return f"reminder/{request.kind}/{request.asked_at.isoformat()}"
