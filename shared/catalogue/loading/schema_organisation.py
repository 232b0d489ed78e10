"""Schemas of organisation.yaml, wards.csv, lineage.csv, states.yaml and messages.yaml."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from shared.catalogue.loading.schema import ClockTime, Evidence, EvidenceNote, Id, Role, Strict, WardCode
from shared.text_fields import Code, Pattern, Prose

Short = Annotated[str, StringConstraints(min_length=1, max_length=40)]
OfficePattern = Annotated[str, Pattern(r"^[A-Z][A-Za-z0-9.*-]*$", 80)]
"""The code of an office; `*` stands for all of a role."""
OnePer = Literal["ward", "former_district", "branch", "city", "project"]


class DefaultsModel(Strict):
    """Defaults for all roles."""

    valid_from: date
    valid_to: date | None
    calendar: Code


class RoleModel(Strict):
    """A role, with the templates for the names of its offices."""

    vi: Prose
    name: Prose | None = None
    name_commune: Prose | None = None
    one_per: OnePer
    office: Prose
    short: Short
    calendar: Code | None = None
    cutoff: ClockTime | None = None
    code_unit: Prose | None = None
    private: bool = False
    consulted_only: bool = False
    note: Prose | None = None
    evidence: EvidenceNote


class PartyModel(Strict):
    """A party: a system with topics, or a desk."""

    vi: Prose
    desk: bool = False
    it: Literal["own_system", "ministry_system", "worklist_only", "varies", "none"]
    principal: Prose | None = None
    serves: list[Role]
    projects: list[Id] = Field(default=[])
    also_reads: list[Prose] = Field(default=[])
    topics: Literal["none"] | None = None
    digest: ClockTime | None = None
    pretend: bool = False
    note: Prose | None = None
    evidence: Evidence


class ProjectModel(Strict):
    """A social-housing project."""

    project_no: int
    name: Prose
    short: Short
    ward: WardCode
    window: tuple[date, date]
    calendar: Code
    evidence: EvidenceNote


class ChangeModel(Strict):
    """A dated change of party."""

    what: Literal["belongs_to", "party", "successor"]
    offices: list[OfficePattern] = Field(min_length=1)
    day: date | None = None
    day_from: Literal["point_moves_on"] | None = None
    from_party: Code | None = None
    to_party: Code | None = None
    from_owner: Code | None = None
    to_owner: Code | None = None
    to_offices: Prose | None = None
    rule: Prose | None = None
    decision: Prose
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
    decision: Prose
    evidence: EvidenceNote


class OrganisationModel(Strict):
    """organisation.yaml."""

    model_config = ConfigDict(extra="forbid")
    schema_version: Literal[1]
    as_of: date
    defaults: DefaultsModel
    short_rule: Prose
    code_unit_rule: Prose
    acl_rule: dict[Code, Any]
    roles: dict[Role, RoleModel]
    former_roles: dict[Code, dict[Prose, Any]]
    no_task_roles: dict[Code, Prose]
    parties: dict[Id, PartyModel]
    projects: dict[Id, ProjectModel]
    changes: list[ChangeModel]
    ended: list[EndModel] = Field(default=[])
    phones: dict[Code, PhoneModel] = Field(default={})
    delegations: list[dict[Code, Any]]
    posts_example: list[dict[Code, Any]]


class WardModel(Strict):
    """A row of wards.csv."""

    code: WardCode
    name: Prose = Field(min_length=1)
    short: Prose = Field(min_length=1, max_length=18)
    lat: float
    lon: float
    area_km2: float
    former_district_code: str = Field(pattern=r"^\d{3}$")
    former_district: Prose
    branch: int = Field(ge=1, le=12)
    point_no: int = Field(ge=1)
    point_moves_on: date


class LineageModel(Strict):
    """A row of lineage.csv."""

    former_district_code: str = Field(pattern=r"^\d{3}$")
    former_district: Prose
    former_ward_code: WardCode
    former_ward: Prose
    code: WardCode
    name: Prose
    share: Literal["whole", "part"]
    likely: Literal["yes", "no"]


class StateModel(Strict):
    """A state of the dossier."""

    national: int | None
    vi: Prose
    en: Prose
    terminal: bool
    clock: Prose
    note: Prose | None = None


class TransitionModel(Strict):
    """A transition, and who performs it."""

    from_: Code = Field(alias="from")
    to: Code
    event: Code
    by: Code
    owner: Literal["intake", "routing"]
    when: Prose | None = None
    note: Prose | None = None


class StatesModel(Strict):
    """states.yaml."""

    states: dict[Code, StateModel]
    transitions: list[TransitionModel]
    never: list[tuple[Code, Code]]
    never_after: list[dict[Code, Any]]
    reopen_rule: Prose


class LongestModel(Strict):
    """The longest realistic value of a variable."""

    marked: Prose
    plain: Prose


class TemplateModel(Strict):
    """One message to a citizen."""

    key: Code
    variant_of: Code | None = None
    national_status: Prose
    event: Code
    heard_on: Prose
    channels: list[Literal["sms", "email", "voice", "letter"]]
    not_for_channels: list[Code] = Field(default=[])
    useful_until: Prose
    urgency: Literal["now", "today", "soon", "digest"]
    sms_vi_plain: Prose
    sms_vi_short: Prose
    sms_vi_full: Prose
    sms_en: Prose
    email_subject_vi: Prose
    email_subject_en: Prose
    email_outline: Prose
    note: Prose | None = None
    measured: dict[Code, int]


class MessagesModel(Strict):
    """messages.yaml."""

    sending_hours: dict[Code, Any]
    longest_values: dict[Code, LongestModel]
    limits: dict[Code, int]
    silence: dict[Code, Prose]
    templates: list[TemplateModel]
