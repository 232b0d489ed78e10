"""Names of fields in JSON that differ from those in Python."""

from collections.abc import Mapping
from typing import Any


def wire_names(**names: str) -> Mapping[str, Any]:
    """The pydantic settings of a dataclass with these JSON names; both names are read."""
    return {"alias_generator": lambda field: names.get(field, field), "populate_by_name": True}
