"""Schema of a procedure's file."""

from datetime import date
from typing import Any, Literal

from pydantic import Field

from shared.catalogue.loading.schema import (
    DaysLeft,
    Evidence,
    EvidenceNote,
    HoursLeft,
    Id,
    LimitModel,
    Percent,
    Role,
    Strict,
    WordsModel,
)
from shared.outcomes import StepOutcome
from shared.text_fields import Code, Prose


class TotalModel(LimitModel):
    """The legal limit of a procedure with its source."""

    alternatives: list[Prose] = Field(default=[])
    extension: dict[Code, Any] | None = None
    evidence: EvidenceNote | None = None
    note: Prose | None = None
    conflict: Prose | None = None


class ConditionModel(Strict):
    """The condition of a step."""

    fact: Code
    equals: bool


class FanOutModel(Strict):
    """The sub-queries of a step: which offices, how many at most, who chooses, what silence means."""

    roles: list[Role]
    set: Prose
    min: int = Field(ge=0)
    max: int = Field(ge=0)
    chosen_by: Code
    silence: Literal["escalate", "deemed_agreed", "lead_decides"]
    note: Prose | None = None


class StepModel(Strict):
    """One step of a procedure."""

    id: Id
    role: Role
    title: WordsModel
    what: WordsModel
    after: list[Id]
    limit: LimitModel | None
    rule: Prose | None = None
    when: ConditionModel | None = None
    excluded: bool = False
    child: Id | None = None
    makes: Code | None = None
    paper_of: Literal["self", "spouse", "child", "parent", "other"] | None = None
    actor: Code | None = None
    pauses_clock: bool = False
    follows: Literal["window"] | None = None
    appointment: bool = False
    outcomes: list[StepOutcome] = Field(default=[], min_length=1)
    decides: bool = False
    denial_ends: bool = False
    on_timeout: Prose | None = None
    parallel_group: Code | None = None
    fan_out: FanOutModel | None = None
    note: Prose | None = None
    evidence: EvidenceNote


class PaperRuleModel(Strict):
    """A paper that a procedure may require."""

    type: Code
    form: Prose | None = None
    required: Code
    note: Prose | None = None
    evidence: EvidenceNote


class AskedFactModel(Strict):
    """A fact that the form asks for."""

    name: Code
    required: bool


class FeesModel(Strict):
    """Fees in đồng; null: not known."""

    counter: int | None = Field(ge=0)
    online: int | None = Field(ge=0)
    before_work_days: int | None = Field(default=None, ge=1, le=60)
    note: Prose | None = None
    evidence: EvidenceNote


class DenialBasisModel(Strict):
    """The law that asks a denial for its basis."""

    source: Prose
    evidence: Evidence


class OutcomeModel(Strict):
    """The result of a procedure."""

    document: Code
    name: WordsModel | None = None
    validity: dict[Code, Any] | None = None
    delivery: list[Code] = Field(min_length=1)
    denial_basis: DenialBasisModel | None = None


class WarnModel(Strict):
    """The warning thresholds of a procedure; the default is `rules.warn` of words.yaml."""

    percent_left: Percent | None = None
    days_left: DaysLeft | None = None
    hours_left: HoursLeft | None = None
    note: Prose | None = None
    evidence: Evidence


class ProcedureModel(Strict):
    """One version of a procedure in full."""

    id: Id
    version: int = Field(ge=1)
    like: int | None = None
    effective_from: date
    effective_to: date | None
    national_code: Prose | None
    national_code_evidence: Prose | None = None
    replaces: list[Prose] = Field(default=[])
    name: WordsModel
    short: WordsModel
    description: WordsModel
    legal: list[WordsModel]
    channels: list[Code] = Field(min_length=1)
    boundary_free: bool
    receives: Role
    lead: Role
    interlinked: bool = False
    mirrored: bool = False
    auto_accept: bool
    by_hand: list[Id] = Field(default=[])
    private: bool
    places: dict[Code, Prose]
    places_evidence: dict[Code, Evidence]
    facts: list[AskedFactModel]
    steps: list[StepModel] = Field(min_length=1)
    total: TotalModel | None
    counts_from: Literal["acceptance", "submission", "filing"]
    warn: WarnModel | None = None
    papers: list[PaperRuleModel]
    fees: FeesModel
    outcome: OutcomeModel
    parameters: dict[Code, Any] | None = None
    per_person: Prose | None = None
    deadline_for_citizen: Prose | None = None
    late: Prose | None = None
    privacy: Prose | None = None
    next_of_kin_chain: list[Prose] = Field(default=[])
    validity_trap: Prose | None = None
    traps: list[Prose] = Field(default=[])
    decisions: list[Prose] = Field(default=[])
    evidence: EvidenceNote | None = None
