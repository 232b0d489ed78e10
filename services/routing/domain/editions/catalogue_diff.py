"""Checks on a new edition of the catalogue: what is in force must not change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.routing.words import field_error, refuse
from shared.catalogue.decoding.decode_organisation import decode_organisation
from shared.errors import FieldError, Refused

PROCEDURE = "procedure:"
ORGANISATION = "organisation"
MOST_NAMED = 20
MAY_END = "effective_to"
"""The only field of a version in force that may change: a successor sets it."""

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CatalogueDiff:
    """Differences of an offered edition from the stored one: item keys, each list sorted."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int

    @property
    def changed_keys(self) -> tuple[str, ...]:
        """Keys of the items to publish, sorted."""
        return tuple(sorted((*self.new, *self.changed)))


def diff_items(stored: Mapping[str, str], offered: Mapping[str, str]) -> CatalogueDiff:
    """Compare items by digest. Items missing in the offer stay: dossiers may depend on them."""
    new: list[str] = []
    changed: list[str] = []
    for key, digest in offered.items():
        if key not in stored:
            new.append(key)
        elif stored[key] != digest:
            changed.append(key)
    unchanged = len(offered) - len(new) - len(changed)
    return CatalogueDiff(tuple(sorted(new)), tuple(sorted(changed)), unchanged)


def refuse_rewrite(
    changed: Iterable[str], stored: Mapping[str, Content], offered: Mapping[str, Content], today: date
) -> Refused | None:
    """The refusal of changes to a version of a procedure that is in force; None if there are none."""
    rewritten: list[str] = []
    for key in changed:
        if not key.startswith(PROCEDURE):
            continue
        is_in_force = date.fromisoformat(stored[key]["effective_from"]) <= today
        if is_in_force and _without_end(stored[key]) != _without_end(offered[key]):
            rewritten.append(key)
    if not rewritten:
        return None
    return refuse("version_in_force", errors=tuple(map(_version_error, rewritten)))


def refuse_removal(stored: Content, offered: Content) -> Refused | None:
    """The refusal of an offer that leaves out published offices; None if it has all of them."""
    removed = decode_organisation(stored).offices.keys() - decode_organisation(offered).offices.keys()
    if not removed:
        return None
    named = sorted(removed)[:MOST_NAMED]
    errors = tuple(field_error(office, "office_left_out", office=office) for office in named)
    return refuse("office_left_out", errors=errors)


def mistakes_refusal(fields: Iterable[FieldError]) -> Refused:
    """The refusal of files that do not pass `motcua catalogue check`."""
    return refuse("catalogue_has_mistakes", errors=tuple(fields))


def _without_end(content: Content) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name != MAY_END}


def _version_error(key: str) -> FieldError:
    _, name, version = key.split(":")
    after = int(version) + 1
    return field_error(key, "version_in_force", name=name, next_version=after)
