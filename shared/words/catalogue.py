"""The texts of one package: its YAML files, read and checked at import."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import yaml

from shared.errors import FieldError, RefusalKind, Refused, Suggestion
from shared.words.bilingual import BilingualText
from shared.words.entry import Entry, Value, WordsError, read_entry

REFUSALS = "refusals"
FIELD_ERRORS = "field_errors"
_LANGUAGES = frozenset({"vi", "en"})
_OF_FIELD_ERRORS = _LANGUAGES | {"code"}
_OF_REFUSALS = _LANGUAGES | {"kind", "code", "field"}


@dataclass(frozen=True, slots=True)
class RefusalEntry:
    """A refusal's text, public code, kind, and field (if always the same)."""

    words: Entry
    code: str
    kind: RefusalKind
    field: str | None


@dataclass(frozen=True, slots=True)
class FieldErrorEntry:
    """The text about an invalid field, and its public code."""

    words: Entry
    code: str


@dataclass(frozen=True, slots=True)
class WordCatalogue:
    """All words of a package.

    `refusals.yaml` and `field_errors.yaml` hold refusals and field errors by their keys. Every other file
    holds plain texts, whose names begin with the name of the file: `pages.no_tasks`.
    """

    refusals: Mapping[str, RefusalEntry]
    field_errors: Mapping[str, FieldErrorEntry]
    texts: Mapping[str, Entry]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the YAML files of this folder. Raises WordsError for an incomplete entry."""
        refusals: dict[str, RefusalEntry] = {}
        field_errors: dict[str, FieldErrorEntry] = {}
        texts: dict[str, Entry] = {}
        for path in sorted(folder.glob("*.yaml")):
            for key, data in _entries(path):
                if path.stem == REFUSALS:
                    refusals[key] = _read_refusal(key, data)
                elif path.stem == FIELD_ERRORS:
                    field_errors[key] = _read_field_error(key, data)
                else:
                    name = f"{path.stem}.{key}"
                    texts[name] = _read_plain(name, data)
        return cls(refusals, field_errors, texts)

    def refuse(
        self,
        key: str,
        /,
        *,
        at_field: str | None = None,
        errors: tuple[FieldError, ...] = (),
        **values: Value,
    ) -> Refused:
        """The refusal of this key, with its values filled in.

        `at_field`: the field it is about, unless the YAML file names it; `errors`: the invalid fields. Raises
        WordsError for values that are not exactly the entry's placeholders.
        """
        entry = self.refusals[key]
        words = entry.words.fill(key, values)
        field = at_field or entry.field
        if field:
            errors = (*errors, FieldError(field, entry.code, words.vi, words.en))
        return Refused(entry.code, words.vi, words.en, entry.kind, errors)

    def field_error(
        self, field: str, key: str, candidates: tuple[Suggestion, ...] = (), /, **values: Value
    ) -> FieldError:
        """The error of a field, with its remedy. Raises WordsError as `refuse` does."""
        entry = self.field_errors[key]
        words = entry.words.fill(key, values)
        return FieldError(field, entry.code, words.vi, words.en, candidates)

    def text(self, name: str, /, **values: Value) -> BilingualText:
        """The text `file.key`, with its values filled in. Raises WordsError as `refuse` does."""
        return self.texts[name].fill(name, values)

    def group(self, file: str) -> dict[str, BilingualText]:
        """All texts of a file by key; none of them has placeholders."""
        prefix = f"{file}."
        return {
            name.removeprefix(prefix): entry.fill(name, {})
            for name, entry in self.texts.items()
            if name.startswith(prefix)
        }


def _entries(path: Path) -> Iterator[tuple[str, dict[str, object]]]:
    data = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    if not isinstance(data, dict):
        raise WordsError(f"{path.name} is no list of entries")
    for key, entry in data.items():
        if not isinstance(key, str) or not isinstance(entry, dict):
            raise WordsError(f"{path.name}: {key} needs both vi and en")
        yield key, entry


def _read_plain(name: str, data: dict[str, object]) -> Entry:
    _check_keys(name, data, _LANGUAGES)
    return read_entry(name, data)


def _read_field_error(key: str, data: dict[str, object]) -> FieldErrorEntry:
    _check_keys(key, data, _OF_FIELD_ERRORS)
    return FieldErrorEntry(read_entry(key, data), str(data.get("code", key)))


def _read_refusal(key: str, data: dict[str, object]) -> RefusalEntry:
    _check_keys(key, data, _OF_REFUSALS)
    field = data.get("field")
    return RefusalEntry(
        words=read_entry(key, data),
        code=str(data.get("code", key)),
        kind=RefusalKind(str(data.get("kind", RefusalKind.INVALID))),
        field=str(field) if field else None,
    )


def _check_keys(name: str, data: dict[str, object], allowed: frozenset[str]) -> None:
    unknown = data.keys() - allowed
    if unknown:
        raise WordsError(f"{name} has {sorted(unknown)}, which means nothing here")
