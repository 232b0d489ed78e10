"""One entry of a text file: a sentence in both languages, with named placeholders."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from shared.words.bilingual import BilingualText
from shared.words.formats import format_amount, format_number, plural_form

Value = str | float | BilingualText
"""The value of a placeholder: a text for both languages, a bilingual text, or a number, which is formatted in
each language.
"""

PLURAL_BY = "count"
"""The placeholder whose number selects the plural form."""


class WordsError(Exception):
    """An invalid text file, or a wrong use of one: a programming error."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One language of an entry: its forms by the CLDR's plural categories, mostly only `other`."""

    language: str
    forms: Mapping[str, str]
    placeholders: frozenset[str]

    def fill(self, values: Mapping[str, Value]) -> str:
        """The sentence with its values filled in."""
        form = self.forms["other"]
        count = values.get(PLURAL_BY)
        if len(self.forms) > 1 and isinstance(count, int | float):
            form = self.forms.get(plural_form(count, self.language), form)
        return form.format(**{name: _in_language(value, self.language) for name, value in values.items()})


@dataclass(frozen=True, slots=True)
class Entry:
    """A sentence in both languages, and the names of its placeholders."""

    vi: Sentence
    en: Sentence
    placeholders: frozenset[str]

    def fill(self, name: str, values: Mapping[str, Value]) -> BilingualText:
        """Both languages with values. Raises WordsError unless exactly the placeholders are given."""
        if values.keys() != self.placeholders:
            raise WordsError(f"{name} takes {sorted(self.placeholders)}, not {sorted(values)}")
        return BilingualText(self.vi.fill(values), self.en.fill(values))


def read_entry(name: str, data: object) -> Entry:
    """An entry from YAML. Raises `WordsError` if a language is missing or their placeholders differ."""
    if not isinstance(data, dict) or not {"vi", "en"} <= data.keys():
        raise WordsError(f"{name} needs both vi and en")
    vi, en = _read_sentence(name, "vi", data["vi"]), _read_sentence(name, "en", data["en"])
    if vi.placeholders != en.placeholders:
        raise WordsError(f"{name} has {sorted(vi.placeholders)} in vi and {sorted(en.placeholders)} in en")
    return Entry(vi, en, vi.placeholders)


def _read_sentence(name: str, language: str, data: object) -> Sentence:
    """A plain sentence, or its plural forms: `{one: ..., other: ...}`."""
    forms: Mapping[str, Any] = data if isinstance(data, dict) else {"other": data}
    empty = [form for form in forms.values() if not isinstance(form, str) or not form.strip()]
    if "other" not in forms or empty:
        raise WordsError(f"{name} needs a sentence in {language}, or plural forms with one named other")
    placeholders = frozenset[str]().union(*(_placeholders(name, form) for form in forms.values()))
    if len(forms) > 1:
        placeholders |= {PLURAL_BY}
    return Sentence(language, forms, placeholders)


def _placeholders(name: str, form: str) -> frozenset[str]:
    """The placeholders, which are plain names: values are formatted before they are filled in."""
    names = set[str]()
    for _, field, spec, conversion in Formatter().parse(form):
        if field is None:
            continue
        if not field.isidentifier() or spec or conversion:
            raise WordsError(f"{name} has a placeholder that is no plain name: {{{field}}}")
        names.add(field)
    return frozenset(names)


def _in_language(value: Value, language: str) -> str:
    match value:
        case str():
            return value
        case BilingualText():
            return value.en if language == "en" else value.vi
        case int():
            return format_number(value, language)
        case float():
            return format_amount(value, language)
