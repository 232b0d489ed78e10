"""Statements name their columns, and a row is one JSON object by those names."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple
from uuid import UUID

import orjson
import pytest

from shared.clock import CITY_TZ
from shared.db.array_rows import ArrayRows
from shared.db.parameter_rows import ParameterRows
from shared.db.table import Table

ID = UUID(int=7)
AT = datetime(2026, 3, 6, 9, tzinfo=CITY_TZ)


@dataclass(frozen=True)
class Parcel:
    id: UUID
    state: str
    mark: bytes
    weight: float
    arrived_at: datetime
    note: str | None
    tags: tuple[str, ...] = ()


PARCELS = Table("parcels", Parcel, key="id", enums=("state",), shapes={"tags": (" ".join, str.split)})
PARCEL = Parcel(ID, "lost", b"\x01\xff", 2.5, AT, None, ("red", "big"))


@dataclass(frozen=True)
class Key:
    id: UUID
    mark: bytes | None
    count: int
    is_new: bool
    day: date
    at: datetime
    name: str | None = None


KEYS = ParameterRows(Key)


def test_a_row_is_written_by_name_with_bytes_as_postgresql_reads_them() -> None:
    (row,) = orjson.loads(PARCELS.parameter([PARCEL]))
    assert row["mark"] == "\\x01ff"
    assert row["tags"] == "red big"
    assert datetime.fromisoformat(row["arrived_at"]) == AT


def test_an_update_of_some_columns_writes_the_key_and_those_alone() -> None:
    (row,) = orjson.loads(PARCELS.parameter([PARCEL], only=("state",)))
    assert row == {"id": str(ID), "state": "lost"}


def test_a_type_of_postgresql_is_read_as_text_and_null_where_there_is_no_default() -> None:
    assert "parcels.state::text AS state" in PARCELS.columns
    assert PARCELS.columns_of("p").startswith("p.id AS id, ")
    record = {
        "id": ID,
        "state": "lost",
        "mark": b"\x01\xff",
        "weight": 2.5,
        "arrived_at": AT.astimezone(UTC),
        "note": None,
        "tags": "red big",
    }
    read = PARCELS.read(record)
    assert read.tags == ["red", "big"]
    assert (read.arrived_at.tzinfo, read.note) == (CITY_TZ, None)


def test_rows_of_no_table_have_a_column_a_field_with_its_type() -> None:
    sql = KEYS.sql("$2", name="asked")
    assert sql.startswith("json_to_recordset($2::text::json) AS asked (")
    assert "id uuid, mark bytea, count bigint, is_new boolean, day date, at timestamptz, name text" in sql
    (row,) = orjson.loads(KEYS.parameter([Key(ID, None, 3, True, AT.date(), AT)]))
    assert row["id"] == str(ID)
    assert (row["mark"], row["count"], row["is_new"], row["day"]) == (None, 3, True, "2026-03-06")


class Mark(NamedTuple):
    """A row whose columns are sent as arrays."""

    id: UUID
    number: int
    mark: bytes


def test_a_named_tuple_gives_an_array_a_column() -> None:
    marks = ArrayRows(Mark, first=3, name="new", types={"number": "int"})
    assert marks.sql == "unnest($3::uuid[], $4::int[], $5::bytea[]) AS new (id, number, mark)"
    rows = [Mark(mark=b"a", id=ID, number=1), Mark(id=ID, mark=b"b", number=2)]
    assert marks.parameters(rows) == [(ID, ID), (1, 2), (b"a", b"b")]
    assert marks.parameters([]) == [(), (), ()]


def test_the_type_of_a_column_that_does_not_exist_is_refused() -> None:
    with pytest.raises(TypeError, match="Mark has no numbers"):
        ArrayRows(Mark, types={"numbers": "int"})
