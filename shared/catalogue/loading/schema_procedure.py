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


class TotalModel(LimitModel):
    """The legal limit of a procedure with its source."""

    alternatives: list[str] = Field(default=[])
    extension: dict[str, Any] | None = None
    evidence: EvidenceNote | None = None
    note: str | None = None
    conflict: str | None = None


class ConditionModel(Strict):
    """The condition of a step."""

    fact: str
    equals: bool


class FanOutModel(Strict):
    """The sub-queries of a step: which offices, how many at most, who chooses, what silence means."""

    roles: list[Role]
    set: str
    min: int = Field(ge=0)
    max: int = Field(ge=0)
    chosen_by: str
    silence: Literal["escalate", "deemed_agreed", "lead_decides"]
    note: str | None = None


class StepModel(Strict):
    """One step of a procedure."""

    id: Id
    role: Role
    title: WordsModel
    what: WordsModel
    after: list[Id]
    limit: LimitModel | None
    rule: str | None = None
    when: ConditionModel | None = None
    excluded: bool = False
    child: Id | None = None
    makes: str | None = None
    paper_of: Literal["self", "spouse", "child", "parent", "other"] | None = None
    actor: str | None = None
    pauses_clock: bool = False
    follows: Literal["window"] | None = None
    appointment: bool = False
    outcomes: list[StepOutcome] = Field(default=[], min_length=1)
    decides: bool = False
    denial_ends: bool = False
    on_timeout: str | None = None
    parallel_group: str | None = None
    fan_out: FanOutModel | None = None
    note: str | None = None
    evidence: EvidenceNote


class PaperRuleModel(Strict):
    """A paper that a procedure may require."""

    type: str
    form: str | None = None
    required: str
    note: str | None = None
    evidence: EvidenceNote


class AskedFactModel(Strict):
    """A fact that the form asks for."""

    name: str
    required: bool


class FeesModel(Strict):
    """Fees in đồng; null: not known."""

    counter: int | None = Field(ge=0)
    online: int | None = Field(ge=0)
    before_work_days: int | None = Field(default=None, ge=1, le=60)
    note: str | None = None
    evidence: EvidenceNote


class DenialBasisModel(Strict):
    """The law that asks a denial for its basis."""

    source: str
    evidence: Evidence


class OutcomeModel(Strict):
    """The result of a procedure."""

    document: str
    name: WordsModel | None = None
    validity: dict[str, Any] | None = None
    delivery: list[str] = Field(min_length=1)
    denial_basis: DenialBasisModel | None = None


class WarnModel(Strict):
    """The warning thresholds of a procedure; the default is `rules.warn` of words.yaml."""

    percent_left: Percent | None = None
    days_left: DaysLeft | None = None
    hours_left: HoursLeft | None = None
    note: str | None = None
    evidence: Evidence


class ProcedureModel(Strict):
    """One version of a procedure in full."""

    id: Id
    version: int = Field(ge=1)
    like: int | None = None
    effective_from: date
    effective_to: date | None
    national_code: str | None
    national_code_evidence: str | None = None
    replaces: list[str] = Field(default=[])
    name: WordsModel
    short: WordsModel
    description: WordsModel
    legal: list[WordsModel]
    channels: list[str] = Field(min_length=1)
    boundary_free: bool
    receives: Role
    lead: Role
    interlinked: bool = False
    mirrored: bool = False
    auto_accept: bool
    by_hand: list[Id] = Field(default=[])
    private: bool
    places: dict[str, str]
    places_evidence: dict[str, Evidence]
    facts: list[AskedFactModel]
    steps: list[StepModel] = Field(min_length=1)
    total: TotalModel | None
    counts_from: Literal["acceptance", "submission", "filing"]
    warn: WarnModel | None = None
    papers: list[PaperRuleModel]
    fees: FeesModel
    outcome: OutcomeModel
    parameters: dict[str, Any] | None = None
    per_person: str | None = None
    deadline_for_citizen: str | None = None
    late: str | None = None
    privacy: str | None = None
    next_of_kin_chain: list[str] = Field(default=[])
    validity_trap: str | None = None
    traps: list[str] = Field(default=[])
    decisions: list[str] = Field(default=[])
    evidence: EvidenceNote | None = None
