"""The process as a state table: state, event, next state, who acts, owning service, effect on the clock."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from services.routing.domain.case.position import ProcessPosition, Stage
from services.routing.domain.case.state_refusals import refusal_for
from shared.errors import Refused
from shared.states import State, StateEvent, Transition


class ClockEffect(StrEnum):
    """What a transition does to the dossier's clock."""

    OFF = "off"
    STARTS = "starts"
    RUNS_ON = "runs on"
    PAUSES = "pauses"
    STAYS = "stays"
    RESUMES = "resumes"
    ENDS = "ends"


class Guard(StrEnum):
    """Guards in the words of `states.yaml`. A transition is open only where its guard is true."""

    ALWAYS = ""
    AT_INTAKE = "stage=intake"
    IN_PROCESSING = "stage=processing"
    FROM_THE_DOOR = "resume_to is submitted or supplement_requested(stage=intake)"
    FROM_BEYOND = "resume_to is any other"
    FROM_SUBMITTED = "resume_to=submitted"
    FROM_INTAKE = "resume_to=supplement_requested, stage=intake"
    FROM_SUPPLEMENT = "resume_to=supplement_requested, stage=processing"
    FROM_PAYMENT = "resume_to=payment_requested"
    FROM_ACCEPTED = "resume_to=accepted"
    FROM_IN_PROCESS = "resume_to=in_process"


@dataclass(frozen=True, slots=True)
class GuardedTransition(Transition):
    """One allowed transition. `actor`: who acts; `owner`: the service that moves the state."""

    owner: str
    clock: ClockEffect
    guard: Guard

    def is_open(self, position: ProcessPosition) -> bool:
        """Whether the transition is allowed from this position."""
        return self.from_ is position.state and GUARDS[self.guard](position)


AT_SUBMITTED = ProcessPosition(State.SUBMITTED)
SUPPLEMENT_AT_INTAKE = ProcessPosition(State.SUPPLEMENT_REQUESTED, Stage.INTAKE)
AT_THE_DOOR = (AT_SUBMITTED, SUPPLEMENT_AT_INTAKE)

GUARDS: dict[Guard, Callable[[ProcessPosition], bool]] = {
    Guard.ALWAYS: lambda _: True,
    Guard.AT_INTAKE: lambda position: position.stage is Stage.INTAKE,
    Guard.IN_PROCESSING: lambda position: position.stage is Stage.PROCESSING,
    Guard.FROM_THE_DOOR: lambda position: position.resume_to in AT_THE_DOOR,
    Guard.FROM_BEYOND: lambda position: position.resume_to not in AT_THE_DOOR,
    Guard.FROM_SUBMITTED: lambda position: position.resume_to == AT_SUBMITTED,
    Guard.FROM_INTAKE: lambda position: position.resume_to == SUPPLEMENT_AT_INTAKE,
    Guard.FROM_SUPPLEMENT: lambda position: (
        position.resume_to == ProcessPosition(State.SUPPLEMENT_REQUESTED, Stage.PROCESSING)
    ),
    Guard.FROM_PAYMENT: lambda position: position.resume_to == ProcessPosition(State.PAYMENT_REQUESTED),
    Guard.FROM_ACCEPTED: lambda position: position.resume_to == ProcessPosition(State.ACCEPTED),
    Guard.FROM_IN_PROCESS: lambda position: position.resume_to == ProcessPosition(State.IN_PROCESS),
}

S, F, C, W = State, StateEvent, ClockEffect, Guard
ASKED, OWED, UNPAID = S.WITHDRAWAL_REQUESTED, S.SUPPLEMENT_REQUESTED, S.PAYMENT_REQUESTED
WITHDRAW, CANCEL = F.WITHDRAWAL_REQUESTED, F.WITHDRAWAL_CANCELLED
ASK_PAPERS, ASK_FEE = F.SUPPLEMENT_REQUESTED, F.PAYMENT_REQUESTED

# fmt: off
_ROWS: tuple[tuple[State, StateEvent, State, str, str, ClockEffect, Guard], ...] = (
    # from         by which fact   to            who acts   who moves  the clock  when
    (S.DRAFT,      F.SUBMITTED,    S.SUBMITTED,  "citizen", "intake",  C.OFF,     W.ALWAYS),
    (S.DRAFT,      F.ACCEPTED,     S.ACCEPTED,   "counter", "intake",  C.STARTS,  W.ALWAYS),
    (S.DRAFT,      F.REFUSED,      S.REFUSED,    "counter", "intake",  C.OFF,     W.ALWAYS),
    (S.SUBMITTED,  F.ACCEPTED,     S.ACCEPTED,   "counter", "intake",  C.STARTS,  W.ALWAYS),
    (S.SUBMITTED,  F.REFUSED,      S.REFUSED,    "counter", "intake",  C.OFF,     W.ALWAYS),
    (S.SUBMITTED,  ASK_PAPERS,     OWED,         "counter", "intake",  C.OFF,     W.ALWAYS),
    (S.SUBMITTED,  WITHDRAW,       ASKED,        "citizen", "intake",  C.OFF,     W.ALWAYS),
    (OWED,         F.SUPPLEMENTED, S.SUBMITTED,  "citizen", "intake",  C.OFF,     W.AT_INTAKE),
    (OWED,         F.SUPPLEMENTED, S.IN_PROCESS, "citizen", "routing", C.RESUMES, W.IN_PROCESSING),
    (OWED,         F.STOPPED,      S.STOPPED,    "officer", "intake",  C.OFF,     W.AT_INTAKE),
    (OWED,         F.STOPPED,      S.STOPPED,    "officer", "routing", C.ENDS,    W.IN_PROCESSING),
    (OWED,         WITHDRAW,       ASKED,        "citizen", "intake",  C.OFF,     W.AT_INTAKE),
    (OWED,         WITHDRAW,       ASKED,        "citizen", "routing", C.STAYS,   W.IN_PROCESSING),
    (S.ACCEPTED,   F.ROUTED,       S.IN_PROCESS, "routing", "routing", C.RUNS_ON, W.ALWAYS),
    (S.ACCEPTED,   ASK_FEE,        UNPAID,       "routing", "routing", C.PAUSES,  W.ALWAYS),
    (S.ACCEPTED,   WITHDRAW,       ASKED,        "citizen", "routing", C.STAYS,   W.ALWAYS),
    (UNPAID,       F.PAID,         S.IN_PROCESS, "payment", "routing", C.RESUMES, W.ALWAYS),
    (UNPAID,       F.FEE_WAIVED,   S.IN_PROCESS, "officer", "routing", C.RESUMES, W.ALWAYS),
    (UNPAID,       F.STOPPED,      S.STOPPED,    "officer", "routing", C.ENDS,    W.ALWAYS),
    (UNPAID,       WITHDRAW,       ASKED,        "citizen", "routing", C.STAYS,   W.ALWAYS),
    (S.IN_PROCESS, ASK_PAPERS,     OWED,         "agency",  "routing", C.PAUSES,  W.ALWAYS),
    (S.IN_PROCESS, ASK_FEE,        UNPAID,       "agency",  "routing", C.PAUSES,  W.ALWAYS),
    (S.IN_PROCESS, WITHDRAW,       ASKED,        "citizen", "routing", C.STAYS,   W.ALWAYS),
    (S.IN_PROCESS, F.STOPPED,      S.STOPPED,    "agency",  "routing", C.ENDS,    W.ALWAYS),
    (S.IN_PROCESS, F.COMPLETED,    S.COMPLETED,  "agency",  "routing", C.ENDS,    W.ALWAYS),
    (ASKED,        F.STOPPED,      S.STOPPED,    "officer", "intake",  C.OFF,     W.FROM_THE_DOOR),
    (ASKED,        F.STOPPED,      S.STOPPED,    "agency",  "routing", C.ENDS,    W.FROM_BEYOND),
    (ASKED,        CANCEL,         S.SUBMITTED,  "citizen", "intake",  C.OFF,     W.FROM_SUBMITTED),
    (ASKED,        CANCEL,         OWED,         "citizen", "intake",  C.OFF,     W.FROM_INTAKE),
    (ASKED,        CANCEL,         OWED,         "citizen", "routing", C.STAYS,   W.FROM_SUPPLEMENT),
    (ASKED,        CANCEL,         UNPAID,       "citizen", "routing", C.STAYS,   W.FROM_PAYMENT),
    (ASKED,        CANCEL,         S.ACCEPTED,   "citizen", "routing", C.STAYS,   W.FROM_ACCEPTED),
    (ASKED,        CANCEL,         S.IN_PROCESS, "citizen", "routing", C.STAYS,   W.FROM_IN_PROCESS),
    (S.COMPLETED,  F.RECALLED,     S.IN_PROCESS, "agency",  "routing", C.RESUMES, W.ALWAYS),
    (S.COMPLETED,  F.RETURNED,     S.RETURNED,   "counter", "routing", C.STAYS,   W.ALWAYS),
)
# fmt: on

TABLE = tuple(GuardedTransition(*row) for row in _ROWS)

ROWS: dict[tuple[State, StateEvent], list[GuardedTransition]] = {}
"""The transitions by state and event; their guards exclude each other."""
for _transition in TABLE:
    ROWS.setdefault((_transition.from_, _transition.event), []).append(_transition)

ENDED = frozenset({S.REFUSED, S.STOPPED, S.COMPLETED, S.RETURNED})
"""States in which no office has an open task."""

WAITING_FOR_THE_CITIZEN = frozenset({S.SUPPLEMENT_REQUESTED, S.PAYMENT_REQUESTED})
"""States in which the citizen owes papers or a fee, and the clock is paused."""


def next_position(position: ProcessPosition, fact: StateEvent) -> ProcessPosition | Refused:
    """The position after this event, or the refusal if the table does not allow it."""
    transition = transition_for(position, fact)
    if transition is None:
        return refusal_for(position.state, fact)
    return _position_after(position, transition)


def transition_for(position: ProcessPosition, fact: StateEvent) -> GuardedTransition | None:
    """The transition for this event from this position; at most one is open."""
    return next((row for row in ROWS.get((position.state, fact), ()) if row.is_open(position)), None)


def _position_after(position: ProcessPosition, row: GuardedTransition) -> ProcessPosition:
    """The position after a transition. A withdrawal stores the one before it, for its cancellation."""
    if row.event is StateEvent.WITHDRAWAL_CANCELLED and position.resume_to is not None:
        return position.resume_to
    if row.to is State.WITHDRAWAL_REQUESTED:
        return ProcessPosition(row.to, resume_to=position)
    if row.to is State.SUPPLEMENT_REQUESTED:
        return ProcessPosition(row.to, Stage.INTAKE if row.owner == "intake" else Stage.PROCESSING)
    return ProcessPosition(row.to)


def state_diagram() -> str:
    """The table as a Mermaid state diagram, for docs/states.md."""
    return "\n".join(("stateDiagram-v2", *_diagram_lines()))


def _diagram_lines() -> Iterator[str]:
    targets = {row.to for row in TABLE}
    for state in dict.fromkeys(row.from_ for row in TABLE):
        if state not in targets:
            yield f"    [*] --> {state}"
    for row in TABLE:
        guard = f", if {row.guard}" if row.guard else ""
        yield f"    {row.from_} --> {row.to}: {row.event} ({row.actor}; {row.owner}; {row.clock}{guard})"
    sources = {row.from_ for row in TABLE}
    for state in dict.fromkeys(row.to for row in TABLE):
        if state not in sources:
            yield f"    {state} --> [*]"
