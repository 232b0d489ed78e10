"""Rows of a named tuple as one array per column: for busy statements whose bytes JSON would double."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, get_type_hints

from shared.db.parameter_rows import sql_type


class ArrayRows:
    """The fields of a named tuple as columns of `unnest`, with a parameter for each, from number `first` on.

    `types`: SQL types of columns that do not follow from the type of their field.
    """

    def __init__(
        self,
        row: type[NamedTuple],
        *,
        first: int = 1,
        name: str = "given",
        types: Mapping[str, str] | None = None,
    ) -> None:
        hints, overrides = get_type_hints(row), dict(types or {})
        column_types = [overrides.pop(column, None) or sql_type(hints[column]) for column in row._fields]
        if overrides:
            raise TypeError(f"{row.__name__} has no {', '.join(sorted(overrides))}")
        self._width = len(column_types)
        self.columns = ", ".join(row._fields)
        self.arrays = ", ".join(f"${n}::{type_}[]" for n, type_ in enumerate(column_types, start=first))
        self.sql = f"unnest({self.arrays}) AS {name} ({self.columns})"

    def parameters(self, rows: Sequence[Any]) -> list[Sequence[Any]]:
        """The parameters of these rows: one array per column."""
        return list(zip(*rows, strict=True)) or [()] * self._width
