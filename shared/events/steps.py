"""Steps of a plan, the holder of a dossier, and child dossiers."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from shared.clock import CityTime
from shared.events.body import ProcedureRef
from shared.text_fields import Choice, Code, Name, Prose, Reference, StateWord

StepWord = Annotated[str, Choice(("waiting", "queued", "started", "declined", "done", "closed"))]
QueryEnd = Annotated[str, Choice(("rule", "person"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """The office that works on the dossier now. `short`: the name that people know."""

    office: Code
    short: Name
    since: CityTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A child dossier, which performs a step by its own procedure and clock."""

    dossier_id: UUID
    code: Code
    procedure: ProcedureRef
    state: StateWord
    office: Code
    office_short: Name
    opened_at: CityTime
    holder: Holder | None = None
    due_at: CityTime | None = None
    completed_at: CityTime | None = None
    outcome: Reference | None = None

    @property
    def held_by(self) -> str:
        """The short name of the office that has it, or that received it."""
        return self.holder.short if self.holder else self.office_short


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """The appointment of a step, as proposed last.

    `proposals`: number of proposed times, this one included. `missed`: number of missed ones. `missed_at`,
    `came_at`: when it was recorded that the citizen missed this one, or came.
    """

    at: CityTime
    proposed_at: CityTime
    proposals: int = 1
    missed: int = 0
    missed_at: CityTime | None = None
    came_at: CityTime | None = None

    @property
    def is_open(self) -> bool:
        """Whether the citizen is expected."""
        return self.came_at is None and self.missed_at is None

    @property
    def is_missed_again(self) -> bool:
        """Whether the citizen missed it twice or more, so that a person must find out why."""
        return self.missed > 1 and self.came_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepState:
    """One step of the plan. `state`: waiting, queued, started, declined, done, closed.

    A step with an open `child` is `started`: only the child's offices have tasks. `actor`: the person whose
    act the step waits for (citizen, householder); null: the office's. `reason`, `basis`: of a denial, the
    office's own words and the rule behind it.
    """

    task_id: UUID | None
    step: Code
    title_vi: Name
    title_en: Name
    office: Code
    office_short: Name
    state: StepWord
    due_at: CityTime | None = None
    queued_at: CityTime | None = None
    started_at: CityTime | None = None
    done_at: CityTime | None = None
    outcome: Reference | None = None
    actor: Code | None = None
    child: Child | None = None
    appointment: Appointment | None = None
    reason: Prose | None = None
    basis: Prose | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is queued or started."""
        return self.state in {"queued", "started"}

    @property
    def expects_citizen(self) -> bool:
        """Whether it is open and the citizen is expected at its appointment."""
        return self.is_open and self.appointment is not None and self.appointment.is_open


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """The sub-query of a step: `asked` offices, of which `answered` have answered.

    `awaited`: offices that have not answered yet. `closed_by`: rule or person; null while it is open, or if
    the dossier ended before. `silent`: offices without an answer at the close; `reason`: why the step went
    on. Offices have their short names.
    """

    step: Code
    title_vi: Name
    title_en: Name
    asked: int
    answered: int
    awaited: tuple[Name, ...] = ()
    silent: tuple[Name, ...] = ()
    closed_by: QueryEnd | None = None
    reason: Prose | None = None
