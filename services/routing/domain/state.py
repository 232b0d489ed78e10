"""The process as a table: from where, by which fact, to where, who acts, which service moves the state."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from services.routing.domain.forbidden import why_not
from services.routing.domain.standing import Fact, Stage, Standing, State
from shared.errors import Refused


class Clock(StrEnum):
    """What a move does to the dossier's clock."""

    OFF = "off"
    STARTS = "starts"
    RUNS_ON = "runs on"
    PAUSES = "pauses"
    STAYS = "stays"
    RESUMES = "resumes"
    ENDS = "ends"


class When(StrEnum):
    """Guards, in the words of `states.yaml`. A row whose guard is false does not exist for that dossier."""

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
class Row:
    """One allowed move."""

    from_: State
    fact: Fact
    to: State
    who: str
    owner: str
    clock: Clock
    when: When = When.ALWAYS

    def holds(self, standing: Standing) -> bool:
        """Does this row exist for a dossier that stands so?"""
        return self.from_ is standing.state and GUARDS[self.when](standing)


AT_SUBMITTED = Standing(State.SUBMITTED)
SUPPLEMENT_AT_INTAKE = Standing(State.SUPPLEMENT_REQUESTED, Stage.INTAKE)
AT_THE_DOOR = (AT_SUBMITTED, SUPPLEMENT_AT_INTAKE)

GUARDS: dict[When, Callable[[Standing], bool]] = {
    When.ALWAYS: lambda _: True,
    When.AT_INTAKE: lambda one: one.stage is Stage.INTAKE,
    When.IN_PROCESSING: lambda one: one.stage is Stage.PROCESSING,
    When.FROM_THE_DOOR: lambda one: one.resume_to in AT_THE_DOOR,
    When.FROM_BEYOND: lambda one: one.resume_to not in AT_THE_DOOR,
    When.FROM_SUBMITTED: lambda one: one.resume_to == AT_SUBMITTED,
    When.FROM_INTAKE: lambda one: one.resume_to == SUPPLEMENT_AT_INTAKE,
    When.FROM_SUPPLEMENT: lambda one: one.resume_to == Standing(State.SUPPLEMENT_REQUESTED, Stage.PROCESSING),
    When.FROM_PAYMENT: lambda one: one.resume_to == Standing(State.PAYMENT_REQUESTED),
    When.FROM_ACCEPTED: lambda one: one.resume_to == Standing(State.ACCEPTED),
    When.FROM_IN_PROCESS: lambda one: one.resume_to == Standing(State.IN_PROCESS),
}

S, F, C, W = State, Fact, Clock, When
ASKED, OWED, UNPAID = S.WITHDRAWAL_REQUESTED, S.SUPPLEMENT_REQUESTED, S.PAYMENT_REQUESTED
WITHDRAW, CANCEL = F.WITHDRAWAL_REQUESTED, F.WITHDRAWAL_CANCELLED
ASK_PAPERS, ASK_FEE = F.SUPPLEMENT_REQUESTED, F.PAYMENT_REQUESTED

# fmt: off
TABLE: tuple[Row, ...] = (
    # from           by which fact   to           who acts   who moves  the clock  when
    Row(S.DRAFT,      F.SUBMITTED,    S.SUBMITTED,  "citizen", "intake",  C.OFF),
    Row(S.DRAFT,      F.ACCEPTED,     S.ACCEPTED,   "counter", "intake",  C.STARTS),
    Row(S.DRAFT,      F.REFUSED,      S.REFUSED,    "counter", "intake",  C.OFF),
    Row(S.SUBMITTED,  F.ACCEPTED,     S.ACCEPTED,   "counter", "intake",  C.STARTS),
    Row(S.SUBMITTED,  F.REFUSED,      S.REFUSED,    "counter", "intake",  C.OFF),
    Row(S.SUBMITTED,  ASK_PAPERS,     OWED,         "counter", "intake",  C.OFF),
    Row(S.SUBMITTED,  WITHDRAW,       ASKED,        "citizen", "intake",  C.OFF),
    Row(OWED,         F.SUPPLEMENTED, S.SUBMITTED,  "citizen", "intake",  C.OFF,     W.AT_INTAKE),
    Row(OWED,         F.SUPPLEMENTED, S.IN_PROCESS, "citizen", "routing", C.RESUMES, W.IN_PROCESSING),
    Row(OWED,         F.STOPPED,      S.STOPPED,    "officer", "intake",  C.OFF,     W.AT_INTAKE),
    Row(OWED,         F.STOPPED,      S.STOPPED,    "officer", "routing", C.ENDS,    W.IN_PROCESSING),
    Row(OWED,         WITHDRAW,       ASKED,        "citizen", "intake",  C.OFF,     W.AT_INTAKE),
    Row(OWED,         WITHDRAW,       ASKED,        "citizen", "routing", C.STAYS,   W.IN_PROCESSING),
    Row(S.ACCEPTED,   F.ROUTED,       S.IN_PROCESS, "routing", "routing", C.RUNS_ON),
    Row(S.ACCEPTED,   ASK_FEE,        UNPAID,       "routing", "routing", C.PAUSES),
    Row(S.ACCEPTED,   WITHDRAW,       ASKED,        "citizen", "routing", C.STAYS),
    Row(UNPAID,       F.PAID,         S.IN_PROCESS, "payment", "routing", C.RESUMES),
    Row(UNPAID,       F.FEE_WAIVED,   S.IN_PROCESS, "officer", "routing", C.RESUMES),
    Row(UNPAID,       F.STOPPED,      S.STOPPED,    "officer", "routing", C.ENDS),
    Row(UNPAID,       WITHDRAW,       ASKED,        "citizen", "routing", C.STAYS),
    Row(S.IN_PROCESS, ASK_PAPERS,     OWED,         "agency",  "routing", C.PAUSES),
    Row(S.IN_PROCESS, ASK_FEE,        UNPAID,       "agency",  "routing", C.PAUSES),
    Row(S.IN_PROCESS, WITHDRAW,       ASKED,        "citizen", "routing", C.STAYS),
    Row(S.IN_PROCESS, F.STOPPED,      S.STOPPED,    "agency",  "routing", C.ENDS),
    Row(S.IN_PROCESS, F.COMPLETED,    S.COMPLETED,  "agency",  "routing", C.ENDS),
    Row(ASKED,        F.STOPPED,      S.STOPPED,    "officer", "intake",  C.OFF,     W.FROM_THE_DOOR),
    Row(ASKED,        F.STOPPED,      S.STOPPED,    "agency",  "routing", C.ENDS,    W.FROM_BEYOND),
    Row(ASKED,        CANCEL,         S.SUBMITTED,  "citizen", "intake",  C.OFF,     W.FROM_SUBMITTED),
    Row(ASKED,        CANCEL,         OWED,         "citizen", "intake",  C.OFF,     W.FROM_INTAKE),
    Row(ASKED,        CANCEL,         OWED,         "citizen", "routing", C.STAYS,   W.FROM_SUPPLEMENT),
    Row(ASKED,        CANCEL,         UNPAID,       "citizen", "routing", C.STAYS,   W.FROM_PAYMENT),
    Row(ASKED,        CANCEL,         S.ACCEPTED,   "citizen", "routing", C.STAYS,   W.FROM_ACCEPTED),
    Row(ASKED,        CANCEL,         S.IN_PROCESS, "citizen", "routing", C.STAYS,   W.FROM_IN_PROCESS),
    Row(S.COMPLETED,  F.RECALLED,     S.IN_PROCESS, "agency",  "routing", C.RESUMES),
    Row(S.COMPLETED,  F.RETURNED,     S.RETURNED,   "counter", "routing", C.STAYS),
)
# fmt: on

ROWS: dict[tuple[State, Fact], tuple[Row, ...]] = {
    pair: tuple(row for row in TABLE if (row.from_, row.fact) == pair)
    for pair in dict.fromkeys((row.from_, row.fact) for row in TABLE)
}

ENDED = frozenset({S.REFUSED, S.STOPPED, S.COMPLETED, S.RETURNED})
"""No office has anything to do in these."""

WAITING_FOR_THE_CITIZEN = frozenset({S.SUPPLEMENT_REQUESTED, S.PAYMENT_REQUESTED})
"""Papers or a fee are owed."""


def move(standing: Standing, fact: Fact) -> Standing | Refused:
    """Where this fact leads from here, or why it does not."""
    row = row_for(standing, fact)
    return _arrived(standing, row) if row else why_not(standing.state, fact)


def row_for(standing: Standing, fact: Fact) -> Row | None:
    """The one row that exists for a dossier that stands so."""
    return next((row for row in ROWS.get((standing.state, fact), ()) if row.holds(standing)), None)


def _arrived(standing: Standing, row: Row) -> Standing:
    """A withdrawal remembers exactly where it was asked from, and its cancelling leads nowhere else."""
    if row.fact is Fact.WITHDRAWAL_CANCELLED and standing.resume_to is not None:
        return standing.resume_to
    if row.to is State.WITHDRAWAL_REQUESTED:
        return Standing(row.to, resume_to=standing)
    if row.to is State.SUPPLEMENT_REQUESTED:
        return Standing(row.to, Stage.INTAKE if row.owner == "intake" else Stage.PROCESSING)
    return Standing(row.to)


def diagram() -> str:
    """The table as a Mermaid state diagram, for the documentation."""
    return "\n".join(("stateDiagram-v2", *_lines()))


def _lines() -> Iterator[str]:
    entered = {row.to for row in TABLE}
    for state in dict.fromkeys(row.from_ for row in TABLE):
        if state not in entered:
            yield f"    [*] --> {state}"
    for row in TABLE:
        guard = f", if {row.when}" if row.when else ""
        yield f"    {row.from_} --> {row.to}: {row.fact} ({row.who}; {row.owner}; {row.clock}{guard})"
    left = {row.from_ for row in TABLE}
    for state in dict.fromkeys(row.to for row in TABLE):
        if state not in left:
            yield f"    {state} --> [*]"
