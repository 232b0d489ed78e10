"""The process as a table: from where, by which fact, to where, who acts, which service moves the state."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from services.routing.domain import refusals
from shared.errors import Refused


class State(StrEnum):
    """The states of a dossier, aligned to the national codes 1..10."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    IN_PROCESS = "in_process"
    SUPPLEMENT_REQUESTED = "supplement_requested"
    PAYMENT_REQUESTED = "payment_requested"
    WITHDRAWAL_REQUESTED = "withdrawal_requested"
    STOPPED = "stopped"
    COMPLETED = "completed"
    RETURNED = "returned"


class Fact(StrEnum):
    """What moves a state."""

    SUBMITTED = "dossier.submitted"
    ACCEPTED = "dossier.accepted"
    REFUSED = "dossier.refused"
    ROUTED = "dossier.routed"
    COMPLETED = "dossier.completed"


@dataclass(frozen=True, slots=True)
class Row:
    """One allowed move."""

    from_: State
    fact: Fact
    to: State
    who: str
    owner: str


S, F = State, Fact

TABLE: tuple[Row, ...] = (
    # from           by which fact  to            who acts   which service moves it
    Row(S.DRAFT, F.SUBMITTED, S.SUBMITTED, "citizen", "intake"),
    Row(S.SUBMITTED, F.ACCEPTED, S.ACCEPTED, "counter", "intake"),
    Row(S.SUBMITTED, F.REFUSED, S.REFUSED, "counter", "intake"),
    Row(S.ACCEPTED, F.ROUTED, S.IN_PROCESS, "routing", "routing"),
    Row(S.IN_PROCESS, F.COMPLETED, S.COMPLETED, "agency", "routing"),
)

ENDED = frozenset({S.REFUSED, S.STOPPED, S.COMPLETED, S.RETURNED})
"""No office has anything to do in these."""


def move(state: State, fact: Fact) -> State | Refused:
    """Where this fact leads from this state, or why it does not."""
    for row in TABLE:
        if row.from_ is state and row.fact is fact:
            return row.to
    return refusals.forbidden_move(state, fact)


def diagram() -> str:
    """The table as a Mermaid state diagram, for the documentation."""
    return "\n".join(("stateDiagram-v2", *_lines()))


def _lines() -> Iterator[str]:
    entered = {row.to for row in TABLE}
    for state in dict.fromkeys(row.from_ for row in TABLE):
        if state not in entered:
            yield f"    [*] --> {state}"
    for row in TABLE:
        yield f"    {row.from_} --> {row.to}: {row.fact} ({row.who}; {row.owner})"
    left = {row.from_ for row in TABLE}
    for state in dict.fromkeys(row.to for row in TABLE):
        if state not in left:
            yield f"    {state} --> [*]"
