"""The check of messages.yaml, used before it is published and by the service that sends the texts."""

import unicodedata
from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Any

from shared.catalogue.texts.measure import (
    GSM7_LIMIT,
    LONGEST_FULL_SEGMENTS,
    UCS2_LIMIT,
    gsm7_length,
    ucs2_segments,
    ucs2_units,
)
from shared.catalogue.texts.message_contract import (
    ENGLISH_FORM,
    FIELDS,
    SHORTEST_LONGEST,
    SILENCES,
    TEMPLATE_VARIABLES,
    VIETNAMESE_FORMS,
    WAITING_TEMPLATES,
)

Json = Mapping[str, Any]
Finding = tuple[tuple[str, ...], str]
"""The path of a field (`templates`, key, name), and what is wrong with it."""

LONGER_CODE_BY = 2
"""Dossier codes have 24 to 26 characters: the number of characters that `{ma}` may add."""
KNOWN_TEMPLATES = frozenset({*TEMPLATE_VARIABLES, *WAITING_TEMPLATES})
ONE_SEGMENT = (
    (VIETNAMESE_FORMS["plain"], "plain_26", GSM7_LIMIT),
    (ENGLISH_FORM, "en_26", GSM7_LIMIT),
    (VIETNAMESE_FORMS["short"], "short", UCS2_LIMIT),
)


def compose_texts(value: Any) -> Any:
    """The JSON value with every text in composed Unicode (NFC): a mark of its own would cost a unit."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {compose_texts(name): compose_texts(part) for name, part in value.items()}
    if isinstance(value, list):
        return [compose_texts(part) for part in value]
    return value


def message_errors(content: Json) -> list[Finding]:
    """Everything that is wrong with a `messages` item, whatever JSON it is; empty if it can be used."""
    longest_values = _mapping(content, "longest_values")
    errors = list(_longest_value_errors(longest_values, _mapping(content, "limits")))
    is_measurable = not errors
    silence = _mapping(content, "silence")
    for name in sorted(SILENCES):
        if not _text(silence, name):
            errors.append((("silence", name), "is missing; say why no text tells of it"))
    templates = _mapping(content, "templates")
    for key in sorted(KNOWN_TEMPLATES - templates.keys()):
        errors.append((("templates", key), "is missing; put the template back"))
    for key in templates:
        if key not in KNOWN_TEMPLATES:
            errors.append((("templates", key), "is no template that is ever sent; mend the key"))
            continue
        template = _mapping(templates, key)
        faults = _field_faults(template, TEMPLATE_VARIABLES.get(key, frozenset(longest_values)))
        if not faults and is_measurable:
            faults = list(_length_faults(template, longest_values))
        errors.extend((("templates", key, field), fault) for field, fault in faults)
    return errors


def template_lengths(template: Json, longest_values: Mapping[str, Json]) -> dict[str, int | None]:
    """The lengths of a template by the names in `measured`."""
    marked = {name: value["marked"] for name, value in longest_values.items()}
    plain = {name: value["plain"] for name, value in longest_values.items()}
    vi, en = template[VIETNAMESE_FORMS["plain"]], template[ENGLISH_FORM]
    full = template[VIETNAMESE_FORMS["full"]].format_map(marked)
    lengths: dict[str, int | None] = {
        "plain": gsm7_length(vi.format_map(plain)),
        "short": ucs2_units(template[VIETNAMESE_FORMS["short"]].format_map(marked)),
        "full": ucs2_units(full),
        "full_segments": ucs2_segments(full),
        "en": gsm7_length(en.format_map(plain)),
    }
    for name, text in (("plain", vi), ("en", en)):
        length = lengths[name]
        lengths[f"{name}_26"] = None if length is None else length + LONGER_CODE_BY * text.count("{ma}")
    return lengths


def template_variables(text: str) -> list[str]:
    """The variables in a template. Raises ValueError for anything but a plain name in braces."""
    names: list[str] = []
    for _, name, spec, conversion in Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or spec or conversion:
            raise ValueError(f"{{{name}}} is not a plain variable")
        names.append(name)
    return names


def _field_faults(template: Json, allowed: frozenset[str]) -> list[tuple[str, str]]:
    faults: list[tuple[str, str]] = []
    for field in FIELDS:
        fault = _field_fault(template, field, allowed)
        if fault is not None:
            faults.append((field, fault))
    return faults


def _length_faults(template: Json, longest_values: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    lengths = template_lengths(template, longest_values)
    for field, name, limit in ONE_SEGMENT:
        length = lengths[name]
        if length is None:
            yield field, "has a letter outside GSM-7; the whole text would cost double"
        elif length > limit:
            yield field, f"is too long: {length}, at most {limit}; say it shorter"
    segments = lengths["full_segments"] or 0
    if segments > LONGEST_FULL_SEGMENTS:
        fault = f"is too long: {segments} segments, at most {LONGEST_FULL_SEGMENTS}; say it shorter"
        yield VIETNAMESE_FORMS["full"], fault
    measured = _mapping(template, "measured")
    for name, length in lengths.items():
        if measured.get(name) != length:
            yield f"measured.{name}", f"says {measured.get(name)}, is {length}; write what it is"


def _field_fault(template: Json, field: str, allowed: frozenset[str]) -> str | None:
    text = _text(template, field)
    if not text:
        return "is missing; write it in this language too"
    try:
        unknown_names = sorted(set(template_variables(text)) - allowed)
    except ValueError as error:
        return f"{error}; write a name in braces"
    if unknown_names:
        return f"unknown variable {', '.join(unknown_names)}; use {', '.join(sorted(allowed))}"
    return None


def _longest_value_errors(longest_values: Json, limits: Json) -> Iterator[Finding]:
    used = frozenset[str]().union(*TEMPLATE_VARIABLES.values())
    for name in sorted(used | limits.keys() | longest_values.keys()):
        value = _mapping(longest_values, name)
        shortest = SHORTEST_LONGEST.get(name) or limits.get(name) or 0
        length = min(len(_text(value, "marked")), len(_text(value, "plain")))
        if not length:
            yield ("longest_values", name), "needs the longest value that occurs, as `marked` and as `plain`"
        elif isinstance(shortest, int) and length < shortest:
            yield ("longest_values", name), f"is {length} long, but {shortest} occurs; write the longest"


def _mapping(raw: Json, name: str) -> Mapping[str, Any]:
    value = raw.get(name)
    return value if isinstance(value, Mapping) else {}


def _text(raw: Json, name: str) -> str:
    value = raw.get(name)
    return value.strip() if isinstance(value, str) else ""
