"""The steps of a plan, who holds a dossier, and the child dossier that does a step."""

from dataclasses import dataclass
from uuid import UUID

from shared.clock import CityTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """The office that works on the dossier now; `short` is the name people know."""

    office: str
    short: str
    since: CityTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """The dossier that does a step, or did: of a procedure of its own, by a clock of its own, of one root."""

    dossier_id: UUID
    code: str
    procedure: str
    state: str
    office: str
    office_short: str
    opened_at: CityTime
    holder: Holder | None = None
    due_at: CityTime | None = None
    completed_at: CityTime | None = None
    outcome: str | None = None

    @property
    def held_by(self) -> str:
        """The office that has it, or received it last, by the name people know."""
        return self.holder.short if self.holder else self.office_short


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """The newest time at which an office meets the citizen for a step.

    `proposals`: how many times it proposed, this one included. `missed`: how many of them were missed.
    `missed_at`: when it was recorded that nobody came to this one; `came_at`: that they came.
    """

    at: CityTime
    proposed_at: CityTime
    proposals: int = 1
    missed: int = 0
    missed_at: CityTime | None = None
    came_at: CityTime | None = None

    @property
    def is_open(self) -> bool:
        """The citizen is expected."""
        return self.came_at is None and self.missed_at is None

    @property
    def is_missed_again(self) -> bool:
        """Nobody came twice or more: a person has to find out why."""
        return self.missed > 1 and self.came_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepState:
    """One step of the plan. `state`: waiting, queued, started, declined, done, closed.

    A step with a `child` under way is `started`: no office has a task for it, the child's offices do.
    `actor`: the person whose own act the step waits for (citizen, householder); null: it is the office's.
    `appointment`: when the office expects the citizen for it, and whether they came.
    """

    task_id: UUID | None
    step: str
    title_vi: str
    title_en: str
    office: str
    office_short: str
    state: str
    due_at: CityTime | None = None
    queued_at: CityTime | None = None
    started_at: CityTime | None = None
    done_at: CityTime | None = None
    outcome: str | None = None
    actor: str | None = None
    child: Child | None = None
    appointment: Appointment | None = None

    @property
    def is_open(self) -> bool:
        """Somebody has to act on it now."""
        return self.state in {"queued", "started"}

    @property
    def expects_citizen(self) -> bool:
        """Its office waits for the citizen to come at the time it proposed."""
        return self.is_open and self.appointment is not None and self.appointment.is_open


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What one step asked of other offices, one question each: `answered` of `asked`, and who did not.

    `closed_by`: rule or person; null while answers are awaited from `awaited`, and where the dossier ended
    before. `silent`: who had not answered when it was closed, and `reason` why the step went on without them.
    Offices by the name people know.
    """

    step: str
    title_vi: str
    title_en: str
    asked: int
    answered: int
    awaited: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    closed_by: str | None = None
    reason: str | None = None
