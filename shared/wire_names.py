"""Fields that have another name in JSON than in Python."""

from collections.abc import Mapping
from typing import Any


def wire_names(**names: str) -> Mapping[str, Any]:
    """The pydantic settings of a dataclass: its fields under these names in JSON, read under both."""
    return {"alias_generator": lambda field: names.get(field, field), "populate_by_name": True}
