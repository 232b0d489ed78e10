"""Each text that comes from outside is a choice, has a pattern, or is on a list: none is taken as it comes.

The models of all events, of every operation of the three services and of the catalogue's files are walked by
their JSON Schemas. The lists, with a reason for each entry: `strings.yaml`.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args, get_type_hints
from unittest.mock import Mock

import pytest
import yaml
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, Field, TypeAdapter

from services.intake import main as intake
from services.intake.config import IntakeSettings
from services.intake.inbound.api.body import SubmissionBody
from services.intake.usecases.context import IntakeContext
from services.intake.usecases.keys import IntakeKeys
from services.notification import main as notification
from services.notification.config import NotificationSettings
from services.routing import main as routing
from services.routing.config import RoutingSettings
from services.routing.domain.case.fired_deadline import ClockScope, DeadlineLevel, Recipient
from services.routing.domain.case.position import Stage
from services.routing.domain.case.task import TaskState
from services.routing.domain.steps.queries import QueryClosedBy
from services.routing.usecases.catalogue_cache import CatalogueCache
from shared.catalogue.loading import load, schema_organisation, schema_procedure
from shared.events import case, registry, steps
from shared.events.agency_replies import OldReplyBody, ReplyBody
from shared.events.contacts import Contact
from shared.events.envelope import CommonFields
from shared.events.reading import InvalidRecord
from shared.states import State
from shared.text_fields import Choice
from tests.builders.catalogue import catalogue
from tests.builders.notification import FACTS, wordbook
from tests.contract.sample_files import all_samples

KEY = bytes(range(32))
LISTS = Path(__file__).with_name("strings.yaml")
ANY_TEXT = frozenset({r"^[^\x00]*$", r"^[^\x00-\x1f\x7f]*$", r"^\s*[^\s\x00][^\x00]+$"})
"""Patterns that keep out characters and say nothing of what the text means."""
MOST_UNDECIDED = 8
"""Entries of `not_yet_decided`. It only ever goes down."""

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Text:
    """A string in a model: `model.field`, with `[]` in a list, `{}` in a map's values, `{key}` its names."""

    name: str
    schema: Schema

    @property
    def is_decided(self) -> bool:
        """Whether the schema says which texts there are."""
        if {"enum", "const", "format"} & self.schema.keys():
            return True
        return "pattern" in self.schema and self.schema["pattern"] not in ANY_TEXT

    @property
    def is_bounded(self) -> bool:
        """Whether the schema has a greatest length."""
        return "maxLength" in self.schema


@dataclass(frozen=True, slots=True)
class Lists:
    """What `strings.yaml` lists. `checked`: by a reader, or against the catalogue, after the model."""

    free: frozenset[str]
    checked: frozenset[str]
    not_yet_decided: tuple[str, ...]


@cache
def read_lists() -> Lists:
    """The lists on disk. Each group of names has its reason."""
    document = yaml.safe_load(LISTS.read_text(encoding="utf-8"))
    return Lists(
        free=frozenset(_names(document["free"])),
        checked=frozenset(_names(document["checked"])),
        not_yet_decided=tuple(_names(document["not_yet_decided"])),
    )


def _names(groups: Any) -> Iterator[str]:
    for group in groups:
        assert group["why"].strip()
        yield from group["names"]


def texts_of(model: str, schema: Schema) -> Iterator[Text]:
    """All strings of a schema, each under the name of the model that it belongs to."""
    definitions: Mapping[str, Schema] = schema.get("$defs", {})
    for name, definition in definitions.items():
        yield from _strings(name, definition)
    yield from _strings(model, schema)


def _strings(name: str, schema: Schema) -> Iterator[Text]:
    if schema.get("type") == "string":
        yield Text(name, schema)
    for field, part in schema.get("properties", {}).items():
        yield from _strings(f"{name}.{field}", part)
    for branch in ("anyOf", "oneOf", "allOf", "prefixItems"):
        for part in schema.get(branch, ()):
            yield from _strings(name, part)
    if isinstance(schema.get("items"), dict):
        yield from _strings(f"{name}[]", schema["items"])
    patterns: Mapping[str, Schema] = schema.get("patternProperties", {})
    for part in patterns.values():
        yield from _strings(f"{name}{{}}", part)
    values = schema.get("additionalProperties")
    if isinstance(values, dict):
        yield from _strings(f"{name}{{}}", values)
    if schema.get("type") == "object" and "properties" not in schema and not patterns:
        yield Text(f"{name}{{key}}", schema.get("propertyNames", {}))
    if "type" not in schema and not {"$ref", "anyOf", "oneOf", "allOf", "enum", "const"} & schema.keys():
        yield Text(f"{name} (anything)", schema)


def event_texts() -> Iterator[Text]:
    """The strings of every event that a service reads, of a reply in both forms, and of a sealed contact."""
    models: set[Any] = {CommonFields, ReplyBody, OldReplyBody, Contact}
    models.update(*(kinds.values() for kinds in registry.TYPES.values()))
    models.update(registry.PARTS)
    for model in models:
        yield from texts_of(model.__name__, TypeAdapter(model).json_schema(by_alias=False))


def catalogue_texts() -> Iterator[Text]:
    """The strings of the catalogue's files."""
    rows = (
        schema_procedure.ProcedureModel, schema_organisation.WardModel, schema_organisation.LineageModel,
    )  # fmt: skip
    for model in (*(model for _, model in load.FILES.values()), *rows):
        yield from texts_of(model.__name__, model.model_json_schema(by_alias=False))


def http_texts() -> Iterator[Text]:
    """The strings of paths, queries, headers, cookies, forms and bodies of the three services."""
    yield from texts_of("SubmissionBody", SubmissionBody.model_json_schema(by_alias=False))  # read by hand
    for service, app in apps().items():
        for route in iter_route_contexts(app.routes):
            dependant = getattr(route, "dependant", None)
            if dependant is None:
                continue
            operation = f"{service} {'/'.join(sorted(route.methods or ()))} {route.path}"
            for parameter in _parameters(dependant, "path", "query", "cookie", "body"):
                yield from texts_of(f"{operation}: {parameter.name}", _schema_of(parameter))
            for header in _parameters(dependant, "header"):
                yield from texts_of(f"header {header.alias}", _schema_of(header))


def _parameters(dependant: Any, *kinds: str) -> Iterator[Any]:
    """The parameters of these kinds of an operation, and of all that it depends on."""
    for kind in kinds:
        yield from getattr(dependant, f"{kind}_params")
    for part in dependant.dependencies:
        yield from _parameters(part, *kinds)


def _schema_of(parameter: Any) -> Schema:
    adapter: TypeAdapter[Any] = parameter._type_adapter
    return adapter.json_schema(by_alias=False)


@cache
def apps() -> dict[str, FastAPI]:
    """The three services as they run, without database and broker."""
    nothing: Any = Mock()
    common: Any = {"database_url": "unused", "kafka": "127.0.0.1:9"}
    keyed: Any = common | {"keyring_url": "unused", "master_key": base64.b64encode(KEY).decode()}
    context = IntakeContext(nothing, nothing, IntakeKeys.derive(KEY), nothing)
    services = {
        "intake": intake.create_service(IntakeSettings(**keyed), context, nothing),
        "routing": routing.create_service(
            RoutingSettings(**common), nothing, nothing, CatalogueCache(catalogue())
        ),
        "notification": notification.create_service(
            NotificationSettings(**keyed), nothing, nothing, nothing, worker=nothing
        ),
    }
    return {name: service.http for name, service in services.items()}


def undecided(texts: Iterator[Text], lists: Lists) -> list[str]:
    """The names of strings that are neither decided nor on a list, or are free text without an end."""
    faults: set[str] = set()
    for text in texts:
        if text.is_decided or text.name in lists.checked or text.name in lists.not_yet_decided:
            continue
        if text.name not in lists.free:
            faults.add(f"{text.name}: is neither a choice nor has a pattern, and is on no list")
        elif not text.is_bounded:
            faults.add(f"{text.name}: is free text without a greatest length")
    return sorted(faults)


def all_texts() -> Iterator[Text]:
    """Every string that comes from outside."""
    yield from event_texts()
    yield from catalogue_texts()
    yield from http_texts()


@pytest.mark.parametrize("walk", [event_texts, catalogue_texts, http_texts])
def test_every_string_is_a_choice_has_a_pattern_or_is_listed(walk: Callable[[], Iterator[Text]]) -> None:
    assert len({text.name for text in walk()}) > 200
    assert undecided(walk(), read_lists()) == []


def test_the_lists_name_what_is_there_and_why() -> None:
    lists = read_lists()
    open_names = {text.name for text in all_texts() if not text.is_decided}
    listed = [*lists.free, *lists.checked, *lists.not_yet_decided]
    assert sorted(name for name in listed if name not in open_names) == []
    assert len(listed) == len(set(listed))
    assert len(lists.not_yet_decided) <= MOST_UNDECIDED


def test_an_unlisted_string_is_named() -> None:
    class Inner(BaseModel):
        kind: Literal["a", "b"]
        note: str
        words: list[str]
        by_name: dict[str, str]

    class Outer(BaseModel):
        parts: list[Inner]
        code: str = Field(pattern="^[a-z]+$")
        text: str | None = Field(default=None, max_length=9, pattern=r"^[^\x00]*$")

    lists = Lists(free=frozenset({"Inner.note", "Outer.text"}), checked=frozenset(), not_yet_decided=())
    assert undecided(texts_of("Outer", Outer.model_json_schema()), lists) == [
        "Inner.by_name{key}: is neither a choice nor has a pattern, and is on no list",
        "Inner.by_name{}: is neither a choice nor has a pattern, and is on no list",
        "Inner.note: is free text without a greatest length",
        "Inner.words[]: is neither a choice nor has a pattern, and is on no list",
    ]


VOCABULARIES: Mapping[tuple[type, str], type[StrEnum]] = {
    (case.CaseState, "state"): State,
    (case.CaseState, "stage"): Stage,
    (case.CitizenRequest, "kind"): case.RequestKind,
    (case.DeadlineState, "scope"): ClockScope,
    (case.DeadlineState, "level"): DeadlineLevel,
    (case.DeadlineState, "to"): Recipient,
    (steps.StepState, "state"): TaskState,
    (steps.Query, "closed_by"): QueryClosedBy,
}


@pytest.mark.parametrize(("model", "field"), VOCABULARIES)
def test_a_choice_has_the_words_that_its_service_writes(model: type, field: str) -> None:
    [choice] = _choices(get_type_hints(model, include_extras=True)[field])
    assert set(choice.words) == set(VOCABULARIES[model, field])


def _choices(hint: Any) -> Iterator[Choice]:
    if isinstance(hint, Choice):
        yield hint
    parts = getattr(hint, "__metadata__", None) or get_args(hint)
    for part in parts:
        yield from _choices(part)


@pytest.mark.parametrize(
    ("field", "word"),
    [("state", "In_process"), ("state", "finished"), ("state", "in_process "), ("stage", "counter")],
)
def test_an_unknown_word_in_a_record_is_refused_with_its_field(field: str, word: str) -> None:
    [sample] = [sample for sample in all_samples() if sample.name == "vn.motcua.case.updated.v1"]
    changed = sample.with_data(**{field: word})
    with pytest.raises(InvalidRecord) as refused:
        registry.decode(changed.topic, changed.key.encode(), changed.raw_value(), changed.raw_headers())
    assert (refused.value.code, refused.value.field) == ("bad_field", field)


@pytest.mark.parametrize(("language", "form"), [("fr", "plain"), ("VI", "plain"), ("vi", "Full"), ("en", "")])
def test_a_contact_in_an_unknown_language_or_form_is_no_contact(language: str, form: str) -> None:
    contact = Contact("0912345678", None, language, form)
    with pytest.raises(ValueError, match="no such language or form"):
        Contact.from_bytes(contact.to_bytes())
    with pytest.raises(KeyError):
        wordbook().render_sms("submitted", FACTS, language=language, form=form)
