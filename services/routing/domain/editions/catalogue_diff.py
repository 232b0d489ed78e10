"""What a new edition of the catalogue may change: what is in force stays as it is, what comes is free."""

from collections.abc import Iterable, Mapping, Sequence
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
"""The one field of a version in force that a successor moves."""

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CatalogueDiff:
    """What an offer would do to the stored copy: item keys, each list sorted."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int

    @property
    def changed_keys(self) -> tuple[str, ...]:
        """Everything that would be published."""
        return tuple(sorted((*self.new, *self.changed)))


def diff_items(stored: Mapping[str, str], offered: Mapping[str, str]) -> CatalogueDiff:
    """By digest. An item that the offer leaves out stays: dossiers may live by it."""
    new = tuple(sorted(key for key in offered if key not in stored))
    changed = tuple(sorted(key for key, digest in offered.items() if stored.get(key, digest) != digest))
    return CatalogueDiff(new, changed, len(offered) - len(new) - len(changed))


def refuse_rewrite(
    changed: Iterable[str], stored: Mapping[str, Content], offered: Mapping[str, Content], today: date
) -> Refused | None:
    """A version of a procedure that has come into force is never rewritten: dossiers live by it."""
    rewritten = [
        key
        for key in changed
        if key.startswith(PROCEDURE)
        and date.fromisoformat(stored[key]["effective_from"]) <= today
        and _without_end(stored[key]) != _without_end(offered[key])
    ]
    return _version_in_force(rewritten) if rewritten else None


def refuse_removal(stored: Content, offered: Content) -> Refused | None:
    """An office once published is never left out: dossiers have it in their past, or on their way."""
    removed = decode_organisation(stored).offices.keys() - decode_organisation(offered).offices.keys()
    return _office_left_out(sorted(removed)) if removed else None


def mistakes_refusal(fields: Iterable[FieldError]) -> Refused:
    """The files offered do not pass `motcua catalogue check`."""
    return refuse("catalogue_has_mistakes", errors=tuple(fields))


def _version_in_force(keys: Iterable[str]) -> Refused:
    return refuse("version_in_force", errors=tuple(map(_version_error, keys)))


def _office_left_out(offices: Sequence[str]) -> Refused:
    return refuse(
        "office_left_out",
        errors=tuple(
            field_error(office, "office_left_out", office=office) for office in offices[:MOST_NAMED]
        ),
    )


def _without_end(content: Content) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name != MAY_END}


def _version_error(key: str) -> FieldError:
    _, name, version = key.split(":")
    after = int(version) + 1
    return field_error(key, "version_in_force", name=name, next_version=after)
