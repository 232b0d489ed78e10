"""Schemas of the catalogue's files. Unknown fields are errors, so that a typing error is noticed."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.text_fields import Code, Prose

Evidence = Literal["verified", "secondary", "plausible", "article", "made_up"]
EvidenceNote = Evidence | Prose | dict[Code, Evidence | Prose]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
Role = Annotated[str, Field(pattern=r"^[A-Z][A-Z-]*$")]
WardCode = Annotated[str, Field(pattern=r"^\d{5}$")]
ClockTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Sessions = Annotated[list[tuple[ClockTime, ClockTime]], Field(min_length=1)]


class Strict(BaseModel):
    """A model that forbids unknown fields."""

    model_config = ConfigDict(extra="forbid")


class WordsModel(Strict):
    """A text in both languages, neither empty."""

    vi: Prose = Field(min_length=1)
    en: Prose = Field(min_length=1)


class LimitModel(Strict):
    """A unit and an amount."""

    unit: Literal["working_day", "calendar_day", "working_hour", "same_day", "calendar_month"]
    amount: float = Field(gt=0, le=2000)


Percent = Annotated[int, Field(ge=1, le=99)]
DaysLeft = Annotated[int, Field(ge=1, le=30)]
HoursLeft = Annotated[float, Field(ge=0.25, le=40, multiple_of=0.25)]


class KindModel(Strict):
    """A case kind: the office that owns it, and that office's time."""

    name: WordsModel
    task: WordsModel
    owner: Role
    place: Id
    limit: LimitModel
    evidence: Evidence
    source: Prose


class KindsModel(Strict):
    """kinds.yaml."""

    kinds: dict[Literal["question", "visit", "problem", "letter", "follow_up"], KindModel]


class FactModel(Strict):
    """A fact of the vocabulary."""

    type: Literal["bool", "int", "text", "date", "choice", "list"]
    label: WordsModel
    help: WordsModel | None = None
    values: dict[Prose, WordsModel] = {}
    routing: bool
    told_by: Literal["citizen", "office"]
    minimum: int | None = None
    maximum: int | None = None
    longest: int | None = Field(default=None, ge=1, le=2000)


class FactsModel(Strict):
    """facts.yaml."""

    facts: dict[Code, FactModel]


class ValidityModel(LimitModel):
    """The validity of a type of paper."""

    kind: Literal["expires", "act_by", "looks_back"]
    counted_from: Prose | None = None
    checked_at: list[
        Literal["submission_to_investor", "submission_to_receiver", "acceptance", "registration"]
    ] = []


class PaperModel(Strict):
    """A type of paper."""

    name: WordsModel
    short: WordsModel
    private: bool
    basis: Prose
    validity: ValidityModel | None
    source: Prose
    evidence: EvidenceNote
    conflict: Prose | None = None


class PapersModel(Strict):
    """papers.yaml."""

    papers: dict[Code, PaperModel]


class SourcedModel(Strict):
    """The source of a number, and how certain it is."""

    evidence: Evidence
    source: Prose


class RuleModel(SourcedModel):
    """A number with its source."""

    value: float = Field(gt=0)


class OversightModel(Strict):
    """The thresholds of oversight."""

    last_hours: RuleModel
    last_share: RuleModel
    repeated_from: RuleModel
    counted_days: RuleModel
    alarm_from: RuleModel


class PercentRuleModel(SourcedModel):
    """A percentage with its source."""

    value: Percent


class DaysRuleModel(SourcedModel):
    """A number of days with its source."""

    value: DaysLeft


class HoursRuleModel(SourcedModel):
    """A number of hours with its source."""

    value: HoursLeft


class WarnRulesModel(Strict):
    """The default warning thresholds."""

    percent_left: PercentRuleModel
    days_left: DaysRuleModel
    hours_left: HoursRuleModel


class RulesModel(Strict):
    """Numbers that do not depend on a procedure."""

    default_step_days: RuleModel
    desk_answer_hours: RuleModel
    warn: WarnRulesModel
    oversight: OversightModel


class ChannelModel(Strict):
    """A channel of filing."""

    name: WordsModel
    hint: WordsModel
    counts_as: Literal["online", "counter"]


class PlaceModel(Strict):
    """A place that forms ask for."""

    kind: Literal["ward", "project"]
    label: WordsModel


class ReasonModel(Strict):
    """A reason to refuse a dossier."""

    words: WordsModel
    rule: WordsModel
    needs_text: bool = False
    evidence: EvidenceNote


class WordsFileModel(Strict):
    """words.yaml."""

    rules: RulesModel
    channels: dict[Code, ChannelModel]
    deliveries: dict[Code, WordsModel]
    places: dict[Code, PlaceModel]
    reasons: dict[Code, ReasonModel]
    papers_required: dict[Code, WordsModel]
