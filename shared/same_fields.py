"""Fields that two classes have in common, taken over by name."""

from collections.abc import Callable, Collection
from dataclasses import fields, is_dataclass
from operator import attrgetter
from typing import Any


def same_fields(
    target: type[Any], source: type[Any], *, beside: Collection[str] = ()
) -> Callable[[Any], dict[str, Any]]:
    """A function that gives the fields of `target` that a value of `source` has too, fields or properties.

    `beside`: fields of `target` that the caller gives. Raises TypeError for one that it does not have.
    """
    fields_of_target = _field_names(target)
    unknown = set(beside).difference(fields_of_target)
    if unknown:
        raise TypeError(f"{target.__name__} has no {', '.join(sorted(unknown))}")
    available = {*_field_names(source), *dir(source)}.difference(beside)
    names = [name for name in fields_of_target if name in available]
    read = attrgetter(*names)
    return lambda value: dict(zip(names, read(value), strict=True))


def _field_names(type_: type[Any]) -> list[str]:
    """The fields of a dataclass or of a pydantic model, in their order."""
    if is_dataclass(type_):
        return [field.name for field in fields(type_)]
    return list(type_.model_fields)
