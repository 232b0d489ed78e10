"""Breaking changes between two contracts: for readers of what we write, and for parties that write to us."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from deploy.contract.fields import ANYTHING, Contract, FieldRule, Fields

AT_LEAST = ("minLength", "minimum", "minItems", "exclusiveMinimum")
AT_MOST = ("maxLength", "maximum", "maxItems")


@dataclass(frozen=True)
class Break:
    """A change that a reader or a writer outside would notice. `field`: empty for the whole type."""

    type: str
    field: str
    what: str

    def __str__(self) -> str:
        return f"{self.type}: {self.field}: {self.what}" if self.field else f"{self.type}: {self.what}"


def breaking_changes(published: Contract, current: Contract) -> list[Break]:
    """All breaking changes, by type and field."""
    changes = [
        *_compare(published.written, current.written, gone="is no longer written", compare=_for_readers),
        *_compare(
            published.from_parties, current.from_parties, gone="is no longer accepted", compare=_for_writers
        ),
    ]
    return sorted(changes, key=lambda change: (change.type, change.field, change.what))


def _compare(
    published: dict[str, Fields],
    current: dict[str, Fields],
    *,
    gone: str,
    compare: Callable[[Fields, Fields], Iterator[tuple[str, str]]],
) -> Iterator[Break]:
    for kind, before in published.items():
        if kind not in current:
            yield Break(kind, "", gone)
            continue
        for path, what in compare(before, current[kind]):
            yield Break(kind, path, what)


def _for_readers(before: Fields, after: Fields) -> Iterator[tuple[str, str]]:
    """A reader relies on what a field held: it must not vanish, become optional, or hold anything new."""
    for path, old in before.items():
        new = after.get(path)
        if new is None:
            yield path, "was removed"
            continue
        if old.required and not new.required:
            yield path, "was required, and is optional now"
        if not _is_within(new.types, old.types):
            yield path, f"was {_listed(old.types)}, and is {_listed(new.types)} now"
        elif old.values and not old.is_open and not _has_only(new, old.values):
            yield path, f"may have values beyond {_listed(old.values)}"


def _for_writers(before: Fields, after: Fields) -> Iterator[tuple[str, str]]:
    """A writer relies on what was accepted: nothing more may be asked for, and nothing less be read."""
    for path, new in after.items():
        if path not in before and new.required and _parent(path) in (*before, ""):
            yield path, "is new and required"
    for path, old in before.items():
        new = after.get(path)
        if new is None:
            yield path, "is no longer read"
            continue
        if new.required and not old.required:
            yield path, "was optional, and is required now"
        if not _is_within(old.types, new.types):
            yield path, f"was {_listed(old.types)}, and only {_listed(new.types)} is accepted now"
        if new.values and not (old.values and set(old.values) <= set(new.values)):
            yield path, f"accepts only {_listed(new.values)} now"
        for name in new.limits:
            if _is_narrower(name, old.limits.get(name), new.limits[name]):
                yield path, f"{name} was {old.limits.get(name)}, and is {new.limits[name]} now"


def _is_within(inner: tuple[str, ...], outer: tuple[str, ...]) -> bool:
    """Whether every type of the first is one of the second; a text with a format is a text."""
    allowed = set(outer)
    if "number" in allowed:
        allowed.add("integer")
    return ANYTHING in allowed or all({name, name.split()[0]} & allowed for name in inner)


def _has_only(rule: FieldRule, values: tuple[Any, ...]) -> bool:
    return bool(rule.values) and set(rule.values) <= set(values)


def _is_narrower(name: str, old: Any, new: Any) -> bool:
    if old is None:
        return True
    if name in AT_LEAST:
        return new > old
    if name in AT_MOST:
        return new < old
    return new != old


def _parent(path: str) -> str:
    """The path of the object that holds this field; empty for the value itself and for headers."""
    return "" if path.startswith("header ") else path.rpartition(".")[0]


def _listed(names: tuple[Any, ...]) -> str:
    return " or ".join(map(str, names)) or "anything"
