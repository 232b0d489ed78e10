"""Is a message still of use and still true? "By the 12th" never leaves on the 13th, nor once it was brought.

Source: rule k of the messages' own data, *still needed?* asked at the moment of sending.
"""

from datetime import datetime

from services.notification.domain.facts import MessageFacts
from services.notification.domain.message import (
    APPOINTMENT,
    OVERDUE,
    PAYMENT,
    REMINDER,
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
"""What a text waits on that was being sent when it became untrue: if it was not sent, it never is."""

_AWAITING_ANSWER = frozenset({SUPPLEMENT, PAYMENT, REMINDER, YOUR_TURN, APPOINTMENT})
"""Those whose `useful_until` in the data is the end of the wait."""
_REMINDED_STATES = frozenset({"supplement_requested", "payment_requested"})
"""States in which a citizen is reminded: not while a withdrawal is undecided."""


def expires_at(template: str, facts: MessageFacts) -> datetime | None:
    """The last moment at which it helps; None where it tells what stays true.

    An apology promises a new date: once that has come, the promise would be a lie.
    """
    if template == OVERDUE:
        return facts.due_at
    return facts.wanted_by if template in _AWAITING_ANSWER else None


def is_expired(useful_until: datetime | None, at: datetime) -> bool:
    """Would it only confuse by now? `at` is the city's time."""
    return useful_until is not None and at > useful_until


def suppression_reason(useful_until: datetime | None, waits_on: str | None, at: datetime) -> str | None:
    """*Still needed?*, asked of a message that was taken for sending: why it is not."""
    if waits_on == WAIT_OVER:
        return NO_LONGER_TRUE
    return NO_LONGER_USEFUL if is_expired(useful_until, at) else None


def awaited_action(template: str, case_state: CaseState) -> str | None:
    """What a text calls for, by a name of its own in this case; None where it tells what stays true."""
    if template == YOUR_TURN:
        turn = citizen_step(case_state)
        return f"turn/{turn.step}" if turn else None
    if template == APPOINTMENT:
        meeting = appointment_step(case_state)
        return _appointment_key(meeting) if meeting else None
    if template not in _AWAITING_ANSWER or case_state.request is None:
        return None
    return _reminder_key(case_state.request) if template == REMINDER else _answer_key(case_state.request)


def awaited_actions(case_state: CaseState) -> frozenset[str]:
    """All that a text may still call for in this state; nothing once the case has ended.

    What was asked for stays owed while a withdrawal is undecided, which may be taken back.
    """
    if case_state.completed_at is not None:
        return frozenset()
    turn = citizen_step(case_state)
    actions = [f"turn/{turn.step}"] if turn else []
    meeting = appointment_step(case_state)
    actions += [_appointment_key(meeting)] if meeting else []
    if case_state.request is not None:
        actions.append(_answer_key(case_state.request))
        actions += [_reminder_key(case_state.request)] if case_state.state in _REMINDED_STATES else []
    return frozenset(actions)


def _appointment_key(step: StepState) -> str:
    return f"appointment/{step.step}/{step.appointment.at.isoformat() if step.appointment else ''}"


def _answer_key(request: CitizenRequest) -> str:
    return f"answer/{request.kind}/{request.asked_at.isoformat()}"


def _reminder_key(request: CitizenRequest) -> str:
    return f"reminder/{request.kind}/{request.asked_at.isoformat()}"
