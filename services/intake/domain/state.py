"""Intake's rows of the process: what the door decides. From `accepted` on only routing moves the state."""

from dataclasses import dataclass
from enum import StrEnum

from shared.errors import Kind, Refused


class State(StrEnum):
    """The states a dossier can have at the door."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Fact(StrEnum):
    """What moves a state."""

    SUBMITTED = "dossier.submitted"
    ACCEPTED = "dossier.accepted"
    REFUSED = "dossier.refused"


@dataclass(frozen=True, slots=True)
class Row:
    """One allowed move."""

    from_: State
    fact: Fact
    to: State
    who: str


S, F = State, Fact

TABLE: tuple[Row, ...] = (
    # from          by which fact to           who acts
    Row(S.DRAFT, F.SUBMITTED, S.SUBMITTED, "citizen"),
    Row(S.DRAFT, F.ACCEPTED, S.ACCEPTED, "counter"),
    Row(S.DRAFT, F.REFUSED, S.REFUSED, "counter"),
    Row(S.SUBMITTED, F.ACCEPTED, S.ACCEPTED, "counter"),
    Row(S.SUBMITTED, F.REFUSED, S.REFUSED, "counter"),
)


def move(state: State, fact: Fact) -> State | Refused:
    """Where this fact leads from this state, or why it does not."""
    for row in TABLE:
        if row.from_ is state and row.fact is fact:
            return row.to
    return already_decided(state)


def already_decided(state: State) -> Refused:
    """Somebody was there before: a decision at the door is taken once."""
    vi = "đã được tiếp nhận" if state is State.ACCEPTED else "đã bị từ chối"
    en = "has already been accepted" if state is State.ACCEPTED else "has already been refused"
    return Refused(
        "already_decided",
        f"Hồ sơ này {vi}; quyết định ở quầy chỉ có một lần.",
        f"This dossier {en}; the counter decides once.",
        Kind.CONFLICT,
    )
