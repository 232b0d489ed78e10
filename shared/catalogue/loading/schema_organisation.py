"""Schemas of organisation.yaml, wards.csv, lineage.csv, states.yaml and messages.yaml."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from shared.catalogue.loading.schema import ClockTime, Evidence, EvidenceNote, Id, Role, Strict, WardCode

Short = Annotated[str, StringConstraints(min_length=1, max_length=40)]
OnePer = Literal["ward", "former_district", "branch", "city", "project"]


class DefaultsModel(Strict):
    """Defaults for all roles."""

    valid_from: date
    valid_to: date | None
    calendar: str


class RoleModel(Strict):
    """A role, with the templates for the names of its offices."""

    vi: str
    name: str | None = None
    name_commune: str | None = None
    one_per: OnePer
    office: str
    short: Short
    calendar: str | None = None
    cutoff: ClockTime | None = None
    code_unit: str | None = None
    private: bool = False
    consulted_only: bool = False
    note: str | None = None
    evidence: EvidenceNote


class PartyModel(Strict):
    """A party: a system with topics, or a desk."""

    vi: str
    desk: bool = False
    it: Literal["own_system", "ministry_system", "worklist_only", "varies", "none"]
    principal: str | None = None
    serves: list[Role]
    projects: list[Id] = Field(default=[])
    also_reads: list[str] = Field(default=[])
    topics: Literal["none"] | None = None
    digest: ClockTime | None = None
    pretend: bool = False
    note: str | None = None
    evidence: Evidence


class ProjectModel(Strict):
    """A social-housing project."""

    project_no: int
    name: str
    short: Short
    ward: WardCode
    window: tuple[date, date]
    calendar: str
    evidence: EvidenceNote


class ChangeModel(Strict):
    """A dated change of party."""

    what: Literal["belongs_to", "party", "successor"]
    offices: list[str] = Field(min_length=1)
    day: date | None = None
    day_from: Literal["point_moves_on"] | None = None
    from_party: str | None = None
    to_party: str | None = None
    from_owner: str | None = None
    to_owner: str | None = None
    to_offices: str | None = None
    rule: str | None = None
    decision: str
    evidence: EvidenceNote


class PhoneModel(Strict):
    """The number that citizens call about an office, as they dial it."""

    number: Annotated[str, StringConstraints(pattern=r"^[0-9]{4,11}$")]
    evidence: Evidence


class EndModel(Strict):
    """The end of a ward or project. `into`: the ward that takes over."""

    ward: WardCode | None = None
    project: Id | None = None
    day: date
    into: WardCode | None = None
    decision: str
    evidence: EvidenceNote


class OrganisationModel(Strict):
    """organisation.yaml."""

    model_config = ConfigDict(extra="forbid")
    schema_version: Literal[1]
    as_of: date
    defaults: DefaultsModel
    short_rule: str
    code_unit_rule: str
    acl_rule: dict[str, Any]
    roles: dict[Role, RoleModel]
    former_roles: dict[str, dict[str, Any]]
    no_task_roles: dict[str, str]
    parties: dict[Id, PartyModel]
    projects: dict[Id, ProjectModel]
    changes: list[ChangeModel]
    ended: list[EndModel] = Field(default=[])
    phones: dict[str, PhoneModel] = Field(default={})
    delegations: list[dict[str, Any]]
    posts_example: list[dict[str, Any]]


class WardModel(Strict):
    """A row of wards.csv."""

    code: WardCode
    name: str = Field(min_length=1)
    short: str = Field(min_length=1, max_length=18)
    lat: float
    lon: float
    area_km2: float
    former_district_code: str = Field(pattern=r"^\d{3}$")
    former_district: str
    branch: int = Field(ge=1, le=12)
    point_no: int = Field(ge=1)
    point_moves_on: date


class LineageModel(Strict):
    """A row of lineage.csv."""

    former_district_code: str = Field(pattern=r"^\d{3}$")
    former_district: str
    former_ward_code: WardCode
    former_ward: str
    code: WardCode
    name: str
    share: Literal["whole", "part"]
    likely: Literal["yes", "no"]


class StateModel(Strict):
    """A state of the dossier."""

    national: int | None
    vi: str
    en: str
    terminal: bool
    clock: str
    note: str | None = None


class TransitionModel(Strict):
    """A transition, and who performs it."""

    from_: str = Field(alias="from")
    to: str
    event: str
    by: str
    owner: Literal["intake", "routing"]
    when: str | None = None
    note: str | None = None


class StatesModel(Strict):
    """states.yaml."""

    states: dict[str, StateModel]
    transitions: list[TransitionModel]
    never: list[tuple[str, str]]
    never_after: list[dict[str, Any]]
    reopen_rule: str


class LongestModel(Strict):
    """The longest realistic value of a variable."""

    marked: str
    plain: str


class TemplateModel(Strict):
    """One message to a citizen."""

    key: str
    variant_of: str | None = None
    national_status: str
    event: str
    heard_on: str
    channels: list[Literal["sms", "email", "voice", "letter"]]
    not_for_channels: list[str] = Field(default=[])
    useful_until: str
    urgency: Literal["now", "today", "soon", "digest"]
    sms_vi_plain: str
    sms_vi_short: str
    sms_vi_full: str
    sms_en: str
    email_subject_vi: str
    email_subject_en: str
    email_outline: str
    note: str | None = None
    measured: dict[str, int]


class MessagesModel(Strict):
    """messages.yaml."""

    sending_hours: dict[str, Any]
    longest_values: dict[str, LongestModel]
    limits: dict[str, int]
    silence: dict[str, str]
    templates: list[TemplateModel]
