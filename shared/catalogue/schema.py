"""What the files of a catalogue may hold. A field not named here is an error: no typing slip is silent."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Evidence = Literal["verified", "secondary", "plausible", "article", "made_up"]
Said = Evidence | str | dict[str, Evidence | str]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
Role = Annotated[str, Field(pattern=r"^[A-Z][A-Z-]*$")]
WardCode = Annotated[str, Field(pattern=r"^\d{5}$")]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Sessions = Annotated[list[tuple[Clock, Clock]], Field(min_length=1)]


class Strict(BaseModel):
    """No unknown fields."""

    model_config = ConfigDict(extra="forbid")


class WordsModel(Strict):
    """Both languages, neither empty."""

    vi: str = Field(min_length=1)
    en: str = Field(min_length=1)


class LimitModel(Strict):
    """A unit of the clock and how many."""

    unit: Literal["working_day", "calendar_day", "working_hour", "same_day", "calendar_month"]
    amount: float = Field(gt=0, le=2000)


class TotalModel(LimitModel):
    """The legal limit, and what else is said about it."""

    with_verification: LimitModel | None = None
    alternatives: list[str] = []
    extension: dict[str, Any] | None = None
    evidence: Said | None = None
    note: str | None = None
    conflict: str | None = None


class ConditionModel(Strict):
    """When a step is done at all."""

    fact: str
    equals: bool


class FanOutModel(Strict):
    """Who may be asked at once, how many, who picks, what silence means."""

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
    with_verification: LimitModel | None = None
    rule: str | None = None
    when: ConditionModel | None = None
    excluded: bool = False
    child: Id | None = None
    makes: str | None = None
    paper_of: Literal["self", "spouse", "child", "parent", "other"] | None = None
    actor: str | None = None
    pauses_clock: bool = False
    follows: Literal["window"] | None = None
    visit: bool = False
    on_timeout: str | None = None
    parallel_group: str | None = None
    fan_out: FanOutModel | None = None
    note: str | None = None
    evidence: Said


class PaperRuleModel(Strict):
    """A paper a procedure may need."""

    type: str
    form: str | None = None
    required: str
    note: str | None = None
    evidence: Said


class AskedFactModel(Strict):
    """A fact the form asks for."""

    name: str
    required: bool


class FeesModel(Strict):
    """In đồng; null = not known."""

    counter: int | None = Field(ge=0)
    online: int | None = Field(ge=0)
    before_work_days: int | None = Field(default=None, ge=1, le=60)
    note: str | None = None
    evidence: Said


class OutcomeModel(Strict):
    """What comes out."""

    document: str
    name: WordsModel | None = None
    validity: dict[str, Any] | None = None
    delivery: list[str] = Field(min_length=1)


Percent = Annotated[int, Field(ge=1, le=99)]
DaysLeft = Annotated[int, Field(ge=1, le=30)]
HoursLeft = Annotated[float, Field(ge=0.25, le=40, multiple_of=0.25)]


class WarnModel(Strict):
    """How long before a date its holder is warned; what is not said is as `rules.warn` of words.yaml."""

    percent_left: Percent | None = None
    days_left: DaysLeft | None = None
    hours_left: HoursLeft | None = None
    note: str | None = None
    evidence: Evidence


class ProcedureModel(Strict):
    """One version of a procedure, whole."""

    id: Id
    version: int = Field(ge=1)
    like: int | None = None
    effective_from: date
    effective_to: date | None
    national_code: str | None
    national_code_evidence: str | None = None
    replaces: list[str] = []
    name: WordsModel
    short: WordsModel
    description: WordsModel
    legal: list[str]
    channels: list[str] = Field(min_length=1)
    boundary_free: bool
    receives: Role
    lead: Role
    interlinked: bool = False
    mirrored: bool = False
    auto_accept: bool
    by_hand: list[Id] = []
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
    next_of_kin_chain: list[str] = []
    validity_trap: str | None = None
    traps: list[str] = []
    decisions: list[str] = []
    evidence: Said | None = None


class KindModel(Strict):
    """A case kind beside the dossier of a procedure: its owner, and the owner's time."""

    name: WordsModel
    task: WordsModel
    owner: Role
    place: Id
    limit: LimitModel
    evidence: Evidence
    source: str


class KindsModel(Strict):
    """kinds.yaml."""

    kinds: dict[Literal["question", "visit", "problem", "letter", "follow_up"], KindModel]


class FactModel(Strict):
    """A fact of the vocabulary."""

    type: Literal["bool", "int", "text", "date", "choice", "list"]
    label: WordsModel
    help: WordsModel | None = None
    values: dict[str, WordsModel] = {}
    routing: bool
    told_by: Literal["citizen", "office"]
    minimum: int | None = None
    maximum: int | None = None
    longest: int | None = Field(default=None, ge=1, le=2000)


class FactsModel(Strict):
    """facts.yaml."""

    facts: dict[str, FactModel]


class ValidityModel(LimitModel):
    """A policy about a paper's age."""

    kind: Literal["expires", "act_by", "looks_back"]
    counted_from: str | None = None
    checked_at: list[str] = []


class PaperModel(Strict):
    """A kind of paper."""

    name: WordsModel
    short: WordsModel
    private: bool
    basis: str
    validity: ValidityModel | None
    source: str
    evidence: Said
    conflict: str | None = None


class PapersModel(Strict):
    """papers.yaml."""

    papers: dict[str, PaperModel]


class SourcedModel(Strict):
    """How well a number is known, and from where."""

    evidence: Evidence
    source: str


class RuleModel(SourcedModel):
    """A number with its source."""

    value: float = Field(gt=0)


class OversightModel(Strict):
    """By what an office's use of the clock is counted."""

    last_hours: RuleModel
    last_share: RuleModel
    repeated_from: RuleModel
    counted_days: RuleModel
    alarm_from: RuleModel


class PercentRuleModel(SourcedModel):
    """A share with its source."""

    value: Percent


class DaysRuleModel(SourcedModel):
    """Days with their source."""

    value: DaysLeft


class HoursRuleModel(SourcedModel):
    """Hours with their source."""

    value: HoursLeft


class WarnRulesModel(Strict):
    """How long before a date its holder is warned, where the procedure does not say."""

    percent_left: PercentRuleModel
    days_left: DaysRuleModel
    hours_left: HoursRuleModel


class RulesModel(Strict):
    """The numbers that belong to no procedure."""

    default_step_days: RuleModel
    desk_answer_hours: RuleModel
    warn: WarnRulesModel
    oversight: OversightModel


class ChannelModel(Strict):
    """A way of filing."""

    name: WordsModel
    hint: WordsModel
    counts_as: Literal["online", "counter"]


class PlaceModel(Strict):
    """A place a form asks for."""

    kind: Literal["ward", "project"]
    label: WordsModel


class ReasonModel(Strict):
    """Why a dossier is not accepted."""

    words: WordsModel
    rule: WordsModel
    evidence: Said


class WordsFileModel(Strict):
    """words.yaml."""

    rules: RulesModel
    channels: dict[str, ChannelModel]
    deliveries: dict[str, WordsModel]
    places: dict[str, PlaceModel]
    reasons: dict[str, ReasonModel]
    papers_required: dict[str, WordsModel]


class DayLineModel(Strict):
    """A dated exception of a calendar."""

    date: date
    kind: Literal["day_off", "worked"]
    name: WordsModel
    decision: str
    published: datetime | None
    evidence: Evidence
    note: str | None = None


class CalendarModel(Strict):
    """One calendar."""

    owner: str
    national: bool
    weekdays: list[Weekday] = Field(min_length=1)
    sessions: Sessions
    sessions_by_weekday: dict[Weekday, Sessions] = {}
    receives_only: dict[Weekday, Sessions] = {}
    cutoff: Clock | None
    own: list[DayLineModel] = []
    evidence: Evidence


class CoversModel(Strict):
    """The years a calendar speaks about."""

    from_: date = Field(alias="from")
    to: date


class CalendarsModel(Strict):
    """calendars.yaml."""

    timezone: Literal["+07:00"]
    covers: CoversModel
    national: list[DayLineModel]
    calendars: dict[str, CalendarModel]
