"""Intake's rows of the process: what the door decides. From `accepted` on only routing moves the state."""

from services.intake.words import group, refuse
from shared.errors import Refused
from shared.states import State, StateEvent, Transition

S, F = State, StateEvent
OWED, WITHDRAWAL = S.SUPPLEMENT_REQUESTED, S.WITHDRAWAL_REQUESTED

# Papers asked for at the door are of stage intake; cancelling a withdrawal leads back.
TABLE: tuple[Transition, ...] = (
    # from          by which fact           to           who acts
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
    """Where this fact leads from this state, or why it does not.

    `resume_to`: where a withdrawal was asked from, the only place that cancelling it leads to.
    """
    for row in TABLE:
        is_allowed = event is not StateEvent.WITHDRAWAL_CANCELLED or row.to is resume_to
        if row.from_ is state and row.event is event and is_allowed:
            return row.to
    return already_decided(state)


DECIDED = group("door_states")
"""What has become of a dossier, by its state."""


def already_decided(state: State) -> Refused:
    """Somebody was there before: a decision at the door is taken once."""
    return refuse("already_decided", state=DECIDED[state])
