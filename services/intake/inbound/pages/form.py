"""The filing form: its questions from the catalogue, and what was typed as a body of the API."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from starlette.datastructures import FormData

from services.intake.domain.dossier.submission import ON_PAPER
from services.intake.domain.submission.access import BY_OFFICERS, is_counter_officer
from services.intake.usecases.person import Person
from services.intake.words import group, text
from shared.actor import Actor
from shared.catalogue import Catalogue, Fact, PaperRule, Procedure
from shared.errors import FieldError
from shared.words import BilingualText
from shared.words.diacritics import strip_diacritics

ONLINE = "online"
YES, NO = "true", "false"
APPLICANT_FIELDS = ("name", "sex", "born", "id_number")
REFUSAL_FIELDS = ("reason_code", "text", "rule")
PERSONAL_LABELS = group("form_labels")
"""Labels of the fields that every form has."""

WARD_KINDS = tuple(group("ward_kinds").values())


@dataclass(frozen=True, slots=True)
class PlaceQuestion:
    """A place to choose. `options`: (code, name)."""

    name: str
    label_vi: str
    label_en: str
    options: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class FactQuestion:
    """A fact that the procedure asks for."""

    fact: Fact
    required: bool


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a procedure for one caller. Without channels the caller cannot file."""

    procedure: Procedure
    channels: tuple[str, ...]
    places: tuple[PlaceQuestion, ...]
    facts: tuple[FactQuestion, ...]
    papers: tuple[PaperRule, ...]


def build_form(procedure: Procedure, catalogue: Catalogue, actor: Actor | None, on: date) -> Form:
    """The form for this caller on this day."""
    facts = [FactQuestion(catalogue.fact(question.name), question.required) for question in procedure.facts]
    return Form(
        procedure=procedure,
        channels=_channels(procedure, actor),
        places=tuple(_place_question(catalogue, name, on) for name in procedure.place_names),
        facts=tuple(facts),
        papers=procedure.papers,
    )


def form_to_body(form: Form, typed: FormData) -> tuple[dict[str, Any], dict[str, str]]:
    """The body of the API for a filled-in form, and the form's field for each field of a paper."""
    papers, names = _paper_values(form, typed)
    raw: dict[str, Any] = {
        "procedure": form.procedure.id,
        "channel": _text_value(typed, "channel") or (form.channels or (ONLINE,))[0],
        "place": _places(form, typed),
        "applicant": {name: _text_value(typed, f"applicant.{name}") for name in APPLICANT_FIELDS},
        "contact": {
            "phone": _text_value(typed, "contact.phone"),
            "email": _text_value(typed, "contact.email"),
            "language": _text_value(typed, "contact.language") or "vi",
            "text": _text_value(typed, "contact.text") or "plain",
            "letter": typed.get("contact.letter") == YES,
        },
        "filed_by": _text_value(typed, "filed_by"),
        "facts": _facts(form, typed),
        "papers": papers,
        "delivery": _text_value(typed, "delivery"),
    }
    confirmed = {str(word) for word in typed.getlist("confirmed")}
    if confirmed:
        raw["confirmed"] = sorted(confirmed)
    if typed.get("turn_away") == YES:
        raw["refused"] = {name: str(typed.get(f"refused.{name}", "")) for name in REFUSAL_FIELDS}
    return raw, names


def _places(form: Form, typed: FormData) -> dict[str, str]:
    places: dict[str, str] = {}
    for question in form.places:
        code = _text_value(typed, f"place.{question.name}")
        if code:
            places[question.name] = code
    return places


def _facts(form: Form, typed: FormData) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for question in form.facts:
        value = _fact_value(question.fact, typed)
        if value is not None:
            facts[question.fact.name] = value
    return facts


def errors_by_form_field(
    errors: Sequence[FieldError], names: Mapping[str, str], form: Form
) -> list[FieldError]:
    """The errors with the names of the form's fields, in the order of the page."""
    positions = {field: position for position, field in enumerate(field_labels(form))}
    form_errors = [replace(error, field=names.get(error.field, error.field)) for error in errors]
    return sorted(form_errors, key=lambda error: positions.get(error.field, len(positions)))


def error_summary(errors: Sequence[FieldError], form: Form) -> list[FieldError]:
    """The errors with the field's label before the sentence, for the list at the top of the page."""
    labels = field_labels(form)
    summary: list[FieldError] = []
    for error in errors:
        label = labels.get(error.field)
        if label is None:
            summary.append(error)
        else:
            summary.append(replace(error, vi=f"{label.vi}: {error.vi}", en=f"{label.en}: {error.en}"))
    return summary


def field_labels(form: Form) -> dict[str, BilingualText]:
    """The labels of the page's fields, in their order."""
    labels = dict(PERSONAL_LABELS)
    for place in form.places:
        labels[f"place.{place.name}"] = BilingualText(place.label_vi, place.label_en)
    for question in form.facts:
        labels[f"facts.{question.fact.name}"] = question.fact.label
    for index, rule in enumerate(form.papers):
        for part in ("have", "issued_on", "file"):
            labels[f"papers.{index}.{part}"] = rule.name
    labels["refused.reason_code"] = text("form.refusal_reason")
    return labels | {"delivery": text("form.delivery")}


def submitted_values(typed: FormData) -> dict[str, Any]:
    """Everything that was typed, to fill the form in again. A name ending in `[]` has a list."""
    values: dict[str, Any] = {}
    for name in typed:
        values[name] = typed.getlist(name) if name.endswith("[]") else typed[name]
    return values


def previous_values(person: Person, place: Mapping[str, str], delivery: str, filed_by: str) -> dict[str, Any]:
    """The values of an earlier dossier, to fill in a new form."""
    applicant = person.applicant
    contact = person.contact
    values: dict[str, Any] = {f"place.{name}": code for name, code in place.items()}
    values |= {
        "applicant.name": applicant.name or "",
        "applicant.sex": applicant.sex or "",
        "applicant.born": str(applicant.born or ""),
        "applicant.id_number": applicant.id_number or "",
        "contact.phone": contact.phone or "",
        "contact.email": contact.email or "",
        "contact.language": contact.language,
        "contact.text": contact.text,
        "delivery": delivery,
        "filed_by": filed_by,
    }
    for name, value in person.facts.items():
        if isinstance(value, list):
            values[f"facts.{name}[]"] = value
        else:
            values[f"facts.{name}"] = _format_value(value)
    return values


def _format_value(value: Any) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    return str(value)


def _channels(procedure: Procedure, actor: Actor | None) -> tuple[str, ...]:
    if actor is not None and is_counter_officer(actor):
        return tuple(channel for channel in procedure.channels if channel in BY_OFFICERS)
    if ONLINE in procedure.channels:
        return (ONLINE,)
    return ()


def _place_question(catalogue: Catalogue, name: str, on: date) -> PlaceQuestion:
    """The question for a place. Places that have ended are no options."""
    place = catalogue.place(name)
    if place.kind == "project":
        options = [(project.id, project.name) for project in catalogue.projects()]
    else:
        wards = sorted(catalogue.wards(), key=lambda ward: vietnamese_sort_key(ward.name))
        options = [(ward.code, ward.name) for ward in wards]
    current = [option for option in options if not catalogue.has_ended(option[0], on)]
    return PlaceQuestion(name, place.label.vi, place.label.en, current)


def vietnamese_sort_key(name: str) -> str:
    """A key that sorts names as people look them up: without diacritics and without the kind of ward."""
    for kind in WARD_KINDS:
        name = name.removeprefix(f"{kind.vi} ")
    return strip_diacritics(name.lower())


def _fact_value(fact: Fact, typed: FormData) -> Any:
    name = f"facts.{fact.name}"
    if fact.type == "list":
        return _list_values(fact, typed) or None
    text = _text_value(typed, name)
    if text is None:
        return None
    if fact.type == "bool":
        return {YES: True, NO: False}.get(text, text)
    if fact.type == "int" and text.isascii() and text.isdigit():
        return int(text)
    return text


def _list_values(fact: Fact, typed: FormData) -> list[str]:
    entries = [str(entry) for entry in typed.getlist(f"facts.{fact.name}[]")]
    if fact.values:
        return entries
    words: list[str] = []
    for entry in entries:
        for part in re.split("[,;]", entry):
            words += _split_words(part)
    return words


def _split_words(part: str) -> list[str]:
    """The words of a part that is all numbers; any other part is one name that may contain blanks."""
    words = part.split()
    if all(word.isdigit() for word in words):
        return words
    return [" ".join(words)]


def _paper_values(form: Form, typed: FormData) -> tuple[list[dict[str, Any]], dict[str, str]]:
    papers: list[dict[str, Any]] = []
    names: dict[str, str] = {}
    for index, rule in enumerate(form.papers):
        if typed.get(f"papers.{index}.have") != YES:
            continue
        for part in ("type", "form", "file", "issued_on"):
            names[f"papers.{len(papers)}.{part}"] = f"papers.{index}.{part}"
        papers.append(
            {
                "type": rule.type,
                "form": rule.form,
                "file": _text_value(typed, f"papers.{index}.file") or ON_PAPER,
                "issued_on": _text_value(typed, f"papers.{index}.issued_on"),
            }
        )
    return papers, names


def _text_value(typed: FormData, name: str) -> str | None:
    value = typed.get(name)
    if not isinstance(value, str):
        return None
    return value.strip() or None
