"""SQL of a table, derived by name from the fields of a dataclass.

Any number of rows are one statement with one parameter, a JSON array that PostgreSQL converts to the table's
types: columns need no position and no cast.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from datetime import datetime
from enum import Enum
from operator import attrgetter
from typing import Any, Generic, TypeVar, get_args, get_type_hints
from uuid import UUID

import orjson
from pydantic import TypeAdapter

from shared.clock import to_city_time
from shared.db.transaction import Tx

R = TypeVar("R")
Load = Callable[[Any], Any]
Shape = tuple[Load, Load]
UNCONVERTED_TYPES = (str, int, float, bool, bytes)


class Table(Generic[R]):
    """The SQL of one table. Each write takes any number of rows in one statement.

    `source`: columns whose name is not the field's, each with the attribute it is written from; a dotted one
    (`limit.unit`) is a part of a field, and one that is no field (`desk`) is written and not read back.
    `beside`: columns that each write gets beside its rows. `skip`: fields without a column. `fixed`: columns
    that updates do not change. `documents`: JSON columns written with the aliases of their fields; `compact`:
    those written without default values. `shapes`: columns with their own writer and reader. `enums`:
    columns of a PostgreSQL enum.
    """

    def __init__(
        self,
        name: str,
        row: type[R],
        *,
        key: str,
        source: Mapping[str, str] | None = None,
        beside: Sequence[str] = (),
        skip: Collection[str] = (),
        fixed: Collection[str] = (),
        documents: Collection[str] = (),
        compact: Collection[str] = (),
        shapes: Mapping[str, Shape] | None = None,
        enums: Collection[str] = (),
    ) -> None:
        types = get_type_hints(row, include_extras=True)
        renamed = dict(source or {})
        roots = {path.split(".")[0] for path in renamed.values()}
        unknown = [root for root in roots if root not in types and not hasattr(row, root)]
        if unknown:
            raise TypeError(f"{row.__name__} has no {', '.join(unknown)}, named as a source of table {name}")
        names = [field.name for field in fields(row)]  # pyright: ignore[reportArgumentType]
        plain_fields = [name for name in names if name not in roots and name not in skip]
        paths = {name: name for name in plain_fields} | renamed
        self._name, self._key, self._row = name, key, row
        self._without_default = {field.name for field in fields(row) if _has_no_default(field)}  # pyright: ignore[reportArgumentType]
        self._writers: dict[str, Load] = {column: attrgetter(path) for column, path in paths.items()}
        for column in documents:
            self._writers[column] = _document(column, types[column])
        for column in compact:
            self._writers[column] = _document(column, types[column], exclude_defaults=True)
        for column, (write, _) in (shapes or {}).items():
            self._writers[column] = _shaped(paths[column], write)
        self._read, self._parts = _readers(paths, types, shapes or {})
        columns = [*paths, *beside]
        self._columns, self._enums = columns, enums
        self.columns = self.columns_of(name)
        self.changing = [column for column in columns if column != key and column not in fixed]
        self.rows_sql = f"json_populate_recordset(NULL::{name}, $1::text::json) AS given"
        listed = ", ".join(f"given.{column}" for column in columns)
        self.insert_sql = f"INSERT INTO {name} ({', '.join(columns)}) SELECT {listed} FROM {self.rows_sql}"  # noqa: S608
        excluded = ", ".join(f"{column} = EXCLUDED.{column}" for column in self.changing)
        self._upsert = f"{self.insert_sql} ON CONFLICT ({key}) DO UPDATE SET {excluded}"
        self._updates: dict[tuple[str, ...], str] = {}

    def columns_of(self, alias: str) -> str:
        """All columns, to select them from the table under this name."""
        casts = {column: "::text" if column in self._enums else "" for column in self._columns}
        return ", ".join(f"{alias}.{column}{cast} AS {column}" for column, cast in casts.items())

    async def insert(self, tx: Tx, rows: Sequence[R], **beside: Sequence[Any]) -> None:
        """Insert rows."""
        if rows:
            await tx.execute(self.insert_sql, self.parameter(rows, beside))

    async def upsert(self, tx: Tx, rows: Sequence[R], **beside: Sequence[Any]) -> None:
        """Insert rows in this order; of an existing key change all but the fixed columns."""
        if rows:
            await tx.execute(self._upsert, self.parameter(rows, beside))

    async def insert_new(
        self, tx: Tx, rows: Sequence[R], *, unique: str, **beside: Sequence[Any]
    ) -> set[Any]:
        """Insert rows whose `unique` columns do not exist yet. Returns the keys of the inserted ones."""
        if not rows:
            return set()
        insert = f"{self.insert_sql} ON CONFLICT ({unique}) DO NOTHING RETURNING {self._key}"
        return {record[self._key] for record in await tx.fetch(insert, self.parameter(rows, beside))}

    async def update(
        self, tx: Tx, rows: Sequence[R], *, only: tuple[str, ...] = (), **beside: Sequence[Any]
    ) -> None:
        """Update rows: all but the fixed columns, or `only` these."""
        if rows:
            await tx.execute(self._update(only), self.parameter(rows, beside, only))

    def _update(self, only: tuple[str, ...]) -> str:
        if only not in self._updates:
            name, key = self._name, self._key
            changes = ", ".join(f"{column} = given.{column}" for column in only or self.changing)
            condition = f"WHERE {name}.{key} = given.{key}"
            self._updates[only] = f"UPDATE {name} SET {changes} FROM {self.rows_sql} {condition}"  # noqa: S608
        return self._updates[only]

    def parameter(
        self,
        rows: Sequence[R],
        beside: Mapping[str, Sequence[Any]] | None = None,
        only: Collection[str] = (),
    ) -> str:
        """The JSON parameter of these rows: all columns, or the key and `only` these."""
        columns = [self._key, *only] if only else self._writers
        writers = [(column, self._writers[column]) for column in columns]
        documents = [{column: write(row) for column, write in writers} for row in rows]
        for column, values in (beside or {}).items():
            for row, value in zip(documents, values, strict=True):
                row[column] = value
        return json_parameter(documents)

    def read(self, record: Mapping[str, Any], **others: Any) -> R:
        """The row of a record. NULL becomes the field's default, or None if it has none.

        `others`: the fields without a column.
        """
        for field, column, load in self._read:
            value = record[column]
            if value is not None:
                others[field] = value if load is None else load(value)
            elif field in self._without_default:
                others[field] = None
        for field, whole, parts in self._parts:
            others[field] = whole(
                **{part: load(record[col]) if load else record[col] for part, col, load in parts}
            )
        return self._row(**others)


def row_reader(row: type[R]) -> Callable[[Mapping[str, Any]], R]:
    """A function that reads this dataclass from a record with a column for each of its fields, by name."""
    types = get_type_hints(row, include_extras=True)
    loads = {field.name: load_as(types[field.name]) for field in fields(row)}  # pyright: ignore[reportArgumentType]

    def read(record: Mapping[str, Any]) -> R:
        values = {name: record[name] for name in loads}
        for name, load in loads.items():
            if load is not None and values[name] is not None:
                values[name] = load(values[name])
        return row(**values)

    return read


def json_parameter(rows: Any) -> str:
    """Rows as a JSON parameter, each value in the form that PostgreSQL reads."""
    return orjson.dumps(rows, default=_plain).decode()


def _plain(value: Any) -> Any:
    """Convert what orjson does not know: asyncpg's UUID class, bytes, and mappings other than dict."""
    if isinstance(value, UUID):
        return str(value)
    return "\\x" + value.hex() if isinstance(value, bytes) else dict(value)


def _shaped(field: str, write: Load) -> Load:
    get = attrgetter(field)
    return lambda row: write(get(row))


def _has_no_default(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _document(field: str, type_: Any, *, exclude_defaults: bool = False) -> Load:
    get, write = attrgetter(field), TypeAdapter(type_).dump_json
    return lambda row: orjson.Fragment(write(get(row), by_alias=True, exclude_defaults=exclude_defaults))


def _readers(
    paths: Mapping[str, str], types: Mapping[str, Any], shapes: Mapping[str, Shape]
) -> tuple[list[Any], list[Any]]:
    plain, parts = list[Any](), dict[str, list[Any]]()
    for column, path in paths.items():
        field, _, part = path.partition(".")
        if part:
            inner = get_type_hints(types[field])
            parts.setdefault(field, []).append((part, column, load_as(inner[part])))
        elif field in types:
            plain.append((field, column, shapes[column][1] if column in shapes else load_as(types[field])))
    return plain, [(field, types[field], part_readers) for field, part_readers in parts.items()]


def load_as(type_: Any) -> Load | None:
    """The reader of a column of this type; None if the driver's value is right."""
    members = (
        [member for member in get_args(type_) if member is not type(None)]
        if type(None) in get_args(type_)
        else [type_]
    )
    bare_type = members[0] if len(members) == 1 else type_
    if bare_type is datetime:
        return to_city_time
    if isinstance(bare_type, type) and issubclass(bare_type, Enum):
        return bare_type
    if isinstance(bare_type, type) and (
        issubclass(bare_type, UNCONVERTED_TYPES) or bare_type.__module__ in ("datetime", "uuid")
    ):
        return None
    return TypeAdapter(type_).validate_python
