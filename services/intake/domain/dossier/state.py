"""Intake's part of the state table. From `accepted` on only routing changes the state."""

from services.intake.words import group, refuse
from shared.errors import Refused
from shared.states import State, StateEvent, Transition

S, F = State, StateEvent
OWED, WITHDRAWAL = S.SUPPLEMENT_REQUESTED, S.WITHDRAWAL_REQUESTED

# A supplement requested before acceptance belongs to stage intake; cancelling a withdrawal leads back.
TABLE: tuple[Transition, ...] = (
    # from          event           to           actor
    Transition(S.DRAFT, F.SUBMITTED, S.SUBMITTED, "citizen"),
    Transition(S.DRAFT, F.ACCEPTED, S.ACCEPTED, "counter"),
    Transition(S.DRAFT, F.REFUSED, S.REFUSED, "counter"),
    Transition(S.SUBMITTED, F.ACCEPTED, S.ACCEPTED, "counter"),
    Transition(S.SUBMITTED, F.REFUSED, S.REFUSED, "counter"),
    Transition(S.SUBMITTED, F.SUPPLEMENT_REQUESTED, OWED, "counter"),
    Transition(S.SUBMITTED, F.WITHDRAWAL_REQUESTED, WITHDRAWAL, "citizen"),
    Transition(OWED, F.SUPPLEMENTED, S.SUBMITTED, "citizen"),
    Transition(OWED, F.STOPPED, S.STOPPED, "officer"),
    Transition(OWED, F.WITHDRAWAL_REQUESTED, WITHDRAWAL, "citizen"),
    Transition(WITHDRAWAL, F.STOPPED, S.STOPPED, "officer"),
    Transition(WITHDRAWAL, F.WITHDRAWAL_CANCELLED, S.SUBMITTED, "citizen"),
    Transition(WITHDRAWAL, F.WITHDRAWAL_CANCELLED, OWED, "citizen"),
)


def next_state(state: State, event: StateEvent, resume_to: State | None = None) -> State | Refused:
    """The state after this event, or the refusal if the table has no such transition.

    `resume_to`: the state before a withdrawal was requested; cancelling leads there alone.
    """
    for row in TABLE:
        is_allowed = event is not StateEvent.WITHDRAWAL_CANCELLED or row.to is resume_to
        if row.from_ is state and row.event is event and is_allowed:
            return row.to
    return already_decided(state)


DECIDED = group("door_states")
"""What a refusal says about a decided dossier, by its state."""


def already_decided(state: State) -> Refused:
    """The refusal of a second decision: a dossier is accepted or refused once."""
    return refuse("already_decided", state=DECIDED[state])
