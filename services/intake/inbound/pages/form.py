"""The filing form: its questions from the catalogue, and what was typed as the body of an API call."""

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
PERSONAL_LABELS = group("form_labels")
"""What every form asks of a person."""

WARD_KINDS = tuple(group("ward_kinds").values())


@dataclass(frozen=True, slots=True)
class PlaceQuestion:
    """A place to choose; `options` are (code, name)."""

    name: str
    label_vi: str
    label_en: str
    options: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class FactQuestion:
    """A question of the procedure."""

    fact: Fact
    required: bool


@dataclass(frozen=True, slots=True)
class Form:
    """Everything the form of a procedure asks this caller."""

    procedure: Procedure
    channels: tuple[str, ...]
    places: tuple[PlaceQuestion, ...]
    facts: tuple[FactQuestion, ...]
    papers: tuple[PaperRule, ...]


def build_form(procedure: Procedure, catalogue: Catalogue, actor: Actor | None, on: date) -> Form:
    """The form as this caller may use it on this day; without any channel there is none to fill in."""
    return Form(
        procedure=procedure,
        channels=_channels(procedure, actor),
        places=tuple(_place_question(catalogue, name, on) for name in procedure.place_names),
        facts=tuple(
            FactQuestion(catalogue.fact(question.name), question.required) for question in procedure.facts
        ),
        papers=procedure.papers,
    )


def form_to_body(form: Form, typed: FormData) -> tuple[dict[str, Any], dict[str, str]]:
    """The body this form was filled in to, and which field of the form each field of a paper came from."""
    papers, names = _paper_values(form, typed)
    raw: dict[str, Any] = {
        "procedure": form.procedure.id,
        "channel": _text_value(typed, "channel") or (form.channels or (ONLINE,))[0],
        "place": {
            question.name: code
            for question in form.places
            if (code := _text_value(typed, f"place.{question.name}"))
        },
        "applicant": {
            name: _text_value(typed, f"applicant.{name}") for name in ("name", "sex", "born", "id_number")
        },
        "contact": {
            "phone": _text_value(typed, "contact.phone"),
            "email": _text_value(typed, "contact.email"),
            "language": _text_value(typed, "contact.language") or "vi",
            "text": _text_value(typed, "contact.text") or "plain",
            "letter": typed.get("contact.letter") == YES,
        },
        "filed_by": _text_value(typed, "filed_by"),
        "facts": {
            question.fact.name: value
            for question in form.facts
            if (value := _fact_value(question.fact, typed)) is not None
        },
        "papers": papers,
        "delivery": _text_value(typed, "delivery"),
    }
    confirmed = sorted({str(word) for word in typed.getlist("confirmed")})
    return raw | ({"confirmed": confirmed} if confirmed else {}) | _refusal_fields(typed), names


def _refusal_fields(typed: FormData) -> dict[str, Any]:
    """Form 03, where the counter pressed the other button."""
    if typed.get("turn_away") != YES:
        return {}
    return {
        "refused": {name: str(typed.get(f"refused.{name}", "")) for name in ("reason_code", "text", "rule")}
    }


def errors_by_form_field(
    errors: Sequence[FieldError], names: Mapping[str, str], form: Form
) -> list[FieldError]:
    """The errors at the fields people see, in the order of the page."""
    labels = list(field_labels(form))
    placed_errors = [replace(error, field=names.get(error.field, error.field)) for error in errors]
    return sorted(
        placed_errors, key=lambda error: labels.index(error.field) if error.field in labels else len(labels)
    )


def error_summary(errors: Sequence[FieldError], form: Form) -> list[FieldError]:
    """The same with each field's own name before the sentence, for the list at the top of the page."""
    labels = field_labels(form)
    return [
        replace(error, vi=f"{labels[error.field].vi}: {error.vi}", en=f"{labels[error.field].en}: {error.en}")
        if error.field in labels
        else error
        for error in errors
    ]


def field_labels(form: Form) -> dict[str, BilingualText]:
    """The fields of the page in their order, as they are labelled."""
    labels = dict(PERSONAL_LABELS)
    labels |= {
        f"place.{question.name}": BilingualText(question.label_vi, question.label_en)
        for question in form.places
    }
    labels |= {f"facts.{question.fact.name}": question.fact.label for question in form.facts}
    for index, rule in enumerate(form.papers):
        for part in ("have", "issued_on", "file"):
            labels[f"papers.{index}.{part}"] = rule.name
    labels["refused.reason_code"] = text("form.refusal_reason")
    return labels | {"delivery": text("form.delivery")}


def submitted_values(typed: FormData) -> dict[str, Any]:
    """What was typed, to be shown again: nothing is ever lost."""
    return {name: typed.getlist(name) if name.endswith("[]") else typed[name] for name in typed}


def previous_values(person: Person, place: Mapping[str, str], delivery: str, filed_by: str) -> dict[str, Any]:
    """What was given before, to file again without typing it anew."""
    applicant, contact = person.applicant, person.contact
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
        is_list = isinstance(value, list)
        values[f"facts.{name}" + ("[]" if is_list else "")] = value if is_list else _format_value(value)
    return values


def _format_value(value: Any) -> str:
    return {True: YES, False: NO}[value] if isinstance(value, bool) else str(value)


def _channels(procedure: Procedure, actor: Actor | None) -> tuple[str, ...]:
    if actor is not None and is_counter_officer(actor):
        return tuple(channel for channel in procedure.channels if channel in BY_OFFICERS)
    return (ONLINE,) if ONLINE in procedure.channels else ()


def _place_question(catalogue: Catalogue, name: str, on: date) -> PlaceQuestion:
    """A place that is no more cannot be chosen."""
    place = catalogue.place(name)
    if place.kind == "project":
        options = [(project.id, project.name) for project in catalogue.projects()]
    else:
        options = sorted(
            ((ward.code, ward.name) for ward in catalogue.wards()),
            key=lambda option: vietnamese_sort_key(option[1]),
        )
    current = [option for option in options if not catalogue.has_ended(option[0], on)]
    return PlaceQuestion(name, place.label.vi, place.label.en, current)


def vietnamese_sort_key(name: str) -> str:
    """Vietnamese names in the order people look them up: without marks, without the kind of ward."""
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
    return int(text) if fact.type == "int" and text.isascii() and text.isdigit() else text


def _list_values(fact: Fact, typed: FormData) -> list[str]:
    entries = [str(entry) for entry in typed.getlist(f"facts.{fact.name}[]")]
    if fact.values:
        return entries
    return [word for entry in entries for part in re.split("[,;]", entry) for word in _split_words(part)]


def _split_words(part: str) -> list[str]:
    """Codes may stand apart by a blank, names hold some."""
    words = part.split()
    return words if all(word.isdigit() for word in words) else [" ".join(words)]


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
    return value.strip() or None if isinstance(value, str) else None
