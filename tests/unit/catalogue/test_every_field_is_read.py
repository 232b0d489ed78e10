"""What the catalogue says and what the topics carry is read somewhere, or listed with what it waits for.

A field that nobody reads looks like a rule and is none: whoever changes it believes that something changes.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from shared.catalogue.loading import load, schema_organisation, schema_procedure
from shared.events import topics
from tests.builders.catalogue import ROOT, catalogue, items

MODELS = ("organisation", "oversight", "papers", "procedure", "vocabulary")
LOADING, DECODING = ROOT / "shared/catalogue/loading", ROOT / "shared/catalogue/decoding"
RAW_READERS = (
    "shared/catalogue",
    "services/routing/domain/editions",
    "services/notification/domain",
)
"""Where items are read as they are published; all other code reads the decoded values."""

SCHEMAS = (
    *(model for _, model in load.FILES.values()),
    schema_procedure.ProcedureModel,
    schema_organisation.WardModel,
    schema_organisation.LineageModel,
)

FOR_KEEPERS = frozenset(
    [
        "schema_version",
        "as_of",
        "timezone",
        "evidence",
        "source",
        "note",
        "conflict",
        "basis",
        "decision",
        "decisions",
        "area_km2",
        "it",
        "principal",
        "national_code_evidence",
        "places_evidence",
        "short_rule",
        "code_unit_rule",
        "traps",
        "validity_trap",
        "privacy",
        "late",
        "email_outline",
        "reopen_rule",
    ]
)
"""Fields for the people who keep the catalogue: how well something is known, why it is so, what to mind."""

WAITING_FIELDS = {
    "ChangeModel.from_owner": "who owns a service point, told with its move",
    "ChangeModel.to_owner": "who owns a service point, told with its move",
    "DefaultsModel.valid_to": "offices that end all at once",
    "FanOutModel.chosen_by": "offices asked by rule, not by the office that asks",
    "FanOutModel.min": "offices asked by rule, not by the office that asks",
    "FanOutModel.set": "offices asked by rule, not by the office that asks",
    "MessagesModel.sending_hours": "quiet hours of texts",
    "OrganisationModel.acl_rule": "rights of parties generated from the catalogue",
    "OrganisationModel.delegations": "signing for another head",
    "OrganisationModel.former_roles": "archives of the offices before July 2025",
    "OrganisationModel.posts_example": "posts inside an office",
    "PartyModel.also_reads": "rights of parties generated from the catalogue",
    "ProcedureModel.boundary_free": "choosing a counter anywhere in the city",
    "ProcedureModel.deadline_for_citizen": "reminders of the citizen's own time limits",
    "ProcedureModel.mirrored": "the ministries' systems",
    "ProcedureModel.next_of_kin_chain": "who may file for the deceased",
    "ProcedureModel.parameters": "ceilings checked at filing",
    "ProcedureModel.per_person": "one person's dossiers for one project",
    "ProcedureModel.replaces": "papers that a procedure makes needless",
    "RoleModel.consulted_only": "offices asked by rule, not by the office that asks",
    "StateModel.clock": "the table of states checked against the catalogue's",
    "StateModel.terminal": "the table of states checked against the catalogue's",
    "StatesModel.never_after": "the table of states checked against the catalogue's",
    "StepModel.on_timeout": "a step that silence ends",
    "StepModel.parallel_group": "steps that are one block on the page",
    "TemplateModel.event": "channels, urgency and usefulness of a text by the catalogue",
    "TemplateModel.heard_on": "channels, urgency and usefulness of a text by the catalogue",
    "TemplateModel.national_status": "the national portal's states",
    "TemplateModel.not_for_channels": "channels, urgency and usefulness of a text by the catalogue",
    "TemplateModel.urgency": "quiet hours of texts",
    "TemplateModel.useful_until": "channels, urgency and usefulness of a text by the catalogue",
    "TemplateModel.variant_of": "channels, urgency and usefulness of a text by the catalogue",
    "TotalModel.alternatives": "a longer limit where facts are verified elsewhere",
    "TransitionModel.event": "the table of states checked against the catalogue's",
    "ValidityModel.counted_from": "a watch over papers that expire",
}
"""Fields of the files that nothing reads yet, each waiting for the capability that will."""

WAITING_NAMESAKES = {
    "TemplateModel.channels": "channels, urgency and usefulness of a text by the catalogue",
    "TransitionModel.by": "the table of states checked against the catalogue's",
}
"""The same for fields whose name another model's reader reads, so that no search finds them."""

WAITING_VALUES = {
    "Party.pretend": "the ministries' systems",
    "Step.limit_is_default": "a mark beside times that no office has confirmed",
    "Ward.former_district": "looking for a ward by its former district",
    "Ward.point_no": "lists of service points",
}
"""Fields of the decoded values that nothing reads yet, likewise."""

WAITING_FACTS = {
    "barriers": "visits at home",
    "earlier_wards": "asking the wards where somebody lived before",
    "journey": "one person's dossiers for one project",
    "spouse_of": "one person's dossiers for one project",
}
"""Facts that a form asks and that nothing but the officer's page uses, although the product should."""

READ_BY_OFFICERS = frozenset(
    [
        "area_m2",
        "child_born",
        "consent_recorded",
        "copies",
        "floors",
        "householder_consents",
        "map_sheet",
        "monthly_income_vnd",
        "owns_home",
        "parcel_no",
        "partner_present",
        "register",
        "rented",
        "trade",
    ]
)
"""Facts that only the officer who examines the dossier needs."""

WAITING_TOPICS = {
    "audit.roots": "audit chains that a third party can check",
    "notice.requests": "codes for logging in",
    "project.events": "a watch over the windows of projects",
}
"""Topics that nothing writes or reads yet, likewise."""


def schema_fields() -> set[str]:
    """`Model.field` of every model behind the files, by the names that the files use."""
    found: set[str] = set()
    seen: set[type[BaseModel]] = set()
    models = list(SCHEMAS)
    while models:
        model = models.pop()
        if model in seen:
            continue
        seen.add(model)
        for name, field in model.model_fields.items():
            found.add(f"{model.__name__}.{field.alias or name}")
            models.extend(inner_models(field.annotation))
    return found


def inner_models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from inner_models(part)


def product_files(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*.py")):
            yield file, ast.parse(file.read_text(encoding="utf-8"))


@cache
def texts_of(*folders: str) -> frozenset[str]:
    """The texts in the code of these folders: among them the names by which it reads fields."""
    return frozenset(
        node.value
        for file, module in product_files(*folders)
        if not (file.is_relative_to(LOADING) and file.name.startswith("schema"))
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


@cache
def attributes_read() -> frozenset[str]:
    """The attributes that the product's code and pages read, apart from the decoding."""
    found: set[str] = set()
    for file, module in product_files("services", "shared"):
        if file.is_relative_to(DECODING):
            continue
        for node in ast.walk(module):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                found.add(node.attr)
    for root in ("services", "shared"):
        for page in (ROOT / root).rglob("*.html"):
            found.update(re.findall(r"\.(\w+)", page.read_text(encoding="utf-8")))
    return frozenset(found)


def decoded_fields() -> set[str]:
    """`Class.field` of every value that the catalogue is decoded to."""
    found: set[str] = set()
    for name in MODELS:
        module = import_module(f"shared.catalogue.model.{name}")
        for made in vars(module).values():
            if isinstance(made, type) and is_dataclass(made) and made.__module__ == module.__name__:
                found.update(f"{made.__name__}.{field.name}" for field in fields(made))
    return found


def test_every_field_of_the_files_is_read_or_listed() -> None:
    texts = texts_of(*RAW_READERS)
    unread: set[str] = set()
    for name in schema_fields():
        field = name.partition(".")[2]
        if field not in texts and field not in FOR_KEEPERS:
            unread.add(name)
    assert unread == set(WAITING_FIELDS)
    assert set(WAITING_NAMESAKES) <= schema_fields()


def test_a_field_for_keepers_is_one_of_the_files() -> None:
    assert {name.partition(".")[2] for name in schema_fields()} >= FOR_KEEPERS


def test_every_decoded_field_is_read_or_listed() -> None:
    attributes = attributes_read()
    unread = {name for name in decoded_fields() if name.partition(".")[2] not in attributes}
    assert unread == set(WAITING_VALUES)


def test_every_fact_is_used_or_listed() -> None:
    texts = texts_of("services", "shared")
    conditions = {step.when.fact for one in catalogue().all_versions() for step in one.steps if step.when}
    unused = items()["vocabulary:facts"]["facts"].keys() - conditions - texts
    assert unused == set(WAITING_FACTS) | READ_BY_OFFICERS


def test_every_topic_is_written_and_read_or_listed() -> None:
    declarations = "".join(
        file.read_text(encoding="utf-8") for file in (ROOT / "services").glob("*/inbound/kafka.py")
    )
    unused: set[str] = set()
    for topic in topics.SERVICE_TOPICS:
        is_written = f'publisher("{topic.name}"' in declarations
        is_read = f'subscriber("{topic.name}"' in declarations
        if not (is_written and is_read):
            unused.add(topic.name)
    assert unused == set(WAITING_TOPICS)
