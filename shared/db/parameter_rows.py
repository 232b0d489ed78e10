"""Rows of a dataclass as one parameter of a statement, for rows that belong to no table."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from operator import attrgetter
from typing import Any, Generic, TypeVar, get_args, get_type_hints
from uuid import UUID

from shared.db.table import json_parameter

R = TypeVar("R")
SQL_TYPES: dict[type, str] = {
    bool: "boolean",
    int: "bigint",
    float: "double precision",
    bytes: "bytea",
    UUID: "uuid",
    datetime: "timestamptz",
    date: "date",
}


class ParameterRows(Generic[R]):
    """The fields of a dataclass as columns with SQL types; other types are text."""

    def __init__(self, row: type[R]) -> None:
        types = get_type_hints(row)
        self._names = [field.name for field in fields(row)]  # pyright: ignore[reportArgumentType]
        self._read = attrgetter(*self._names)
        self._definition = ", ".join(f"{name} {sql_type(types[name])}" for name in self._names)

    def sql(self, parameter: str = "$1", *, name: str = "given") -> str:
        """The rows of this parameter as an item of FROM, under this name."""
        return f"json_to_recordset({parameter}::text::json) AS {name} ({self._definition})"

    def parameter(self, rows: Sequence[R]) -> str:
        """The JSON parameter of these rows."""
        return json_parameter([dict(zip(self._names, self._read(row), strict=True)) for row in rows])


def sql_type(type_: Any) -> str:
    """The SQL type of a field; of `bytes | None` it is bytea."""
    bare = next((member for member in get_args(type_) if member is not type(None)), type_)
    return SQL_TYPES.get(bare, "text")
