"""Values in the form before: an envelope with the data inside, as stored records and topics still hold.

The two forms are told apart by their shape: an envelope has an object `data`, and no model has such a field.
"""

from collections.abc import Iterator, Mapping
from typing import Any

UNKNOWN_VERSION = 0
"""The version of a child's procedure in the old form, which did not say it. Versions begin at 1."""


def is_envelope(document: Mapping[str, Any]) -> bool:
    """Whether a value has the form before."""
    return isinstance(document.get("data"), dict)


def data_of_value(document: dict[str, Any]) -> dict[str, Any]:
    """The data of a value in either form."""
    if not is_envelope(document):
        return document
    return upgraded(document["data"])


def upgraded(data: dict[str, Any]) -> dict[str, Any]:
    """Data of the old form as today's models read it: a child's procedure is an object.

    The children are changed in place.
    """
    for child in _children(data):
        if isinstance(child.get("procedure"), str):
            child["procedure"] = {"code": child["procedure"], "version": UNKNOWN_VERSION}
    return data


def _children(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    steps = data.get("steps")
    for holder in (data, *(steps if isinstance(steps, list) else ())):
        child = holder.get("child") if isinstance(holder, dict) else None
        if isinstance(child, dict):
            yield child
