"""A version of a procedure: steps, papers, facts, fees, limit. A dossier keeps the version it has."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from shared.outcomes import StepOutcome
from shared.words import BilingualText
from shared.worktime import Limit, WarningThresholds
from shared.worktime.ledger.thresholds import DEFAULT_THRESHOLDS


@dataclass(frozen=True, slots=True)
class Condition:
    """A step is needed only if this fact has this value. A missing fact makes it false."""

    fact: str
    equals: bool = True

    def is_met(self, facts: Mapping[str, Any]) -> bool:
        """Whether the fact has the value."""
        return facts.get(self.fact) is self.equals


@dataclass(frozen=True, slots=True)
class FanOut:
    """The sub-queries of a step: every office of these roles, at most `max`.

    `silence`: what a missing answer means: escalate, deemed_agreed or lead_decides.
    """

    roles: tuple[str, ...]
    max: int
    silence: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step: work of one role. `limit` is a budget; the procedure's total takes precedence.

    `excluded`: the total does not count it. `pauses_clock`: the total waits for it. `actor`: the person whose
    own act it is (citizen, householder); the role's office then confirms it. `follows_window`: it is done
    while the project's window is open, and due when that closes. `child`: the procedure whose dossier does
    this step, for the person `paper_of` names (self, spouse…). `makes`: the paper that comes out of it.
    `appointment`: the citizen comes for it, at a time that the office proposes. `outcomes`: the words of
    which one ends it. `decides`: its outcome is a result of the dossier. `denial_ends`: a denial here ends
    the dossier, as what comes after would be in vain.
    """

    id: str
    role: str
    title: BilingualText
    what: BilingualText
    after: tuple[str, ...]
    limit: Limit
    limit_is_default: bool = False
    when: Condition | None = None
    excluded: bool = False
    pauses_clock: bool = False
    actor: str | None = None
    follows_window: bool = False
    appointment: bool = False
    fan_out: FanOut | None = None
    child: str | None = None
    paper_of: str = "self"
    makes: str | None = None
    outcomes: tuple[StepOutcome, ...] = ()
    decides: bool = False
    denial_ends: bool = False

    @property
    def requires_outcome(self) -> bool:
        """Whether it cannot be completed without one of its outcomes."""
        return self.decides or self.denial_ends

    @property
    def kind(self) -> str:
        """The kind of its tasks: ordinary work, or an appointment."""
        return "appointment" if self.appointment else "step"

    @property
    def title_vi(self) -> str:
        """The step's short name in Vietnamese ("tra cứu")."""
        return self.title.vi

    @property
    def title_en(self) -> str:
        """The step's short name in English ("look-up")."""
        return self.title.en


@dataclass(frozen=True, slots=True)
class PaperRule:
    """A paper that a procedure may require, by type and form. `required`: a word of `papers.RULES`."""

    type: str
    form: str | None
    required: str
    name: BilingualText
    note: BilingualText | None = None


@dataclass(frozen=True, slots=True)
class AskedFact:
    """A fact that this procedure's form asks for."""

    name: str
    required: bool


@dataclass(frozen=True, slots=True)
class Fees:
    """Fees in đồng. None: not known ("hỏi tại quầy"); 0 is free.

    `before_work_days`: work starts once the fee is paid, within so many working days.
    """

    counter: int | None
    online: int | None
    before_work_days: int | None = None

    def fee_for(self, counts_as: str) -> int | None:
        """The fee of a channel (`Channel.counts_as`)."""
        return {"online": self.online, "counter": self.counter}[counts_as]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result: its paper type, its name, and the ways to hand it over.

    `denial_needs_basis`: the law asks a denial for the rule it rests on, beside its reason.
    """

    document: str
    name: BilingualText
    delivery: tuple[str, ...]
    denial_needs_basis: bool = False


@dataclass(frozen=True, slots=True)
class Procedure:
    """One version of a procedure. `total` None: no date is promised ("chưa hẹn ngày").

    `extension` is the longest one the law allows; None = it says nothing of its own. `warn`: how long before
    a date the one who must keep it is warned. `interlinked`: several procedures in one dossier, each
    step with a result of its own.
    """

    id: str
    version: int
    national_code: str | None
    effective_from: date
    effective_to: date | None
    name: BilingualText
    short: BilingualText
    description: BilingualText
    legal: tuple[BilingualText, ...]
    channels: tuple[str, ...]
    receives: str
    lead: str
    steps: tuple[Step, ...]
    total: Limit | None
    counts_from: str
    papers: tuple[PaperRule, ...]
    facts: tuple[AskedFact, ...]
    fees: Fees
    outcome: Outcome
    places: Mapping[str, str]
    auto_accept: bool
    by_hand: frozenset[str]
    private: bool
    extension: Limit | None = None
    thresholds: WarningThresholds = DEFAULT_THRESHOLDS
    interlinked: bool = False

    @property
    def name_vi(self) -> str:
        """The official name."""
        return self.name.vi

    @property
    def name_en(self) -> str:
        """The official name in English."""
        return self.name.en

    @property
    def place_names(self) -> tuple[str, ...]:
        """The places that the form asks for (`chosen`, `residence`, `project`…), without the city."""
        return tuple(sorted(set(self.places.values()) - {"city"}))

    def in_force(self, on: date) -> bool:
        """Whether this version holds for a dossier filed on this date."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)

    def step(self, id: str) -> Step:
        """One step by its id; KeyError if unknown."""
        for step in self.steps:
            if step.id == id:
                return step
        raise KeyError(id)

    def find_step(self, id: str) -> Step | None:
        """One step by its id; None for a task that is no step of the procedure."""
        return next((step for step in self.steps if step.id == id), None)

    @property
    def children(self) -> tuple[Step, ...]:
        """The steps performed by child dossiers."""
        return tuple(step for step in self.steps if step.child)

    @property
    def paper_steps(self) -> tuple[Step, ...]:
        """The steps that produce a paper, which may have been filed instead."""
        return tuple(step for step in self.steps if step.child or step.makes)

    def plan(self, facts: Mapping[str, Any], without: str | None = None) -> tuple[Step, ...]:
        """The steps for these facts. Successors of a step that is left out take over its `after`."""
        planned = {step.id for step in self.steps if step.when is None or step.when.is_met(facts)} - {without}
        if len(planned) == len(self.steps):
            return self.steps
        after_by_step = {step.id: step.after for step in self.steps}
        return tuple(
            replace(step, after=_remaining_predecessors(step.id, after_by_step, planned))
            for step in self.steps
            if step.id in planned
        )

    def is_auto_accepted(self, place: Mapping[str, str]) -> bool:
        """Whether a dossier at these places is accepted by rule; not if the investor works by hand."""
        return self.auto_accept and place.get("project") not in self.by_hand

    def clock_start(self, submitted_at: datetime, accepted_at: datetime) -> datetime:
        """The instant from which the limit counts."""
        starts = {"submission": submitted_at, "filing": accepted_at, "acceptance": accepted_at}
        return starts[self.counts_from]


def _remaining_predecessors(
    step: str, after_by_step: Mapping[str, tuple[str, ...]], planned: set[str]
) -> tuple[str, ...]:
    predecessors: dict[str, None] = {}
    for predecessor in after_by_step[step]:
        predecessors.update(
            dict.fromkeys(
                (predecessor,)
                if predecessor in planned
                else _remaining_predecessors(predecessor, after_by_step, planned)
            )
        )
    return tuple(predecessors)
