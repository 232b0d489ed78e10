"""The lists that the house tests and the figures read: one entry a line, `#` begins a comment."""

from __future__ import annotations

from tests.house.sources import CHECKOUT

FOLDER = CHECKOUT / "tests" / "unit" / "house"


def forbidden_names() -> frozenset[str]:
    """Words that are no identifiers."""
    return _read("forbidden_names.txt")


def wire_fields() -> frozenset[str]:
    """Forbidden words that are fields of a wire format, and so may stand in its models.

    An entry with a class (`MessagingStatus.held`) is a field of that class alone, which is no model.
    """
    return _read("wire_fields.txt")


def unused_exceptions() -> frozenset[str]:
    """Names of the product that look unused and are not."""
    return _read("unused_exceptions.txt")


def _read(file_name: str) -> frozenset[str]:
    lines = (FOLDER / file_name).read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines for word in line.partition("#")[0].split())
