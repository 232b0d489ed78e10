"""No database: the statements of filing answered from memory, so that everything but the database is done."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import orjson

from tests.bench.rig import CITY_AT

Row = dict[str, Any]


class MemoryConnection:
    """Answers what `submit` asks; an unknown statement is an error, so that it cannot quietly do less."""

    def __init__(self) -> None:
        self._last: defaultdict[Any, int] = defaultdict(int)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """Nothing to commit."""
        yield

    async def fetch(self, statement: str, *said: Any) -> list[Row]:
        """What a SELECT or a RETURNING would bring."""
        answers: dict[str, Callable[[], list[Row]]] = {
            "FROM submissions s": lambda: [{"kind": "now", "key": None, "answer_by": CITY_AT}],
            "INSERT INTO submissions": lambda: self._serials(said[0]),
            "INSERT INTO data_keys": lambda: self._new_keys(*said),
        }
        return _known(answers, statement)

    async def fetchrow(self, statement: str, *_: Any) -> Row:
        """Nothing asks for one row yet."""
        return _known({}, statement)

    fetchval = fetchrow

    async def execute(self, statement: str, *_: Any) -> str:
        """What an INSERT would do: nothing."""
        return _known(dict.fromkeys(_WRITES, lambda: "OK"), statement)

    def _serials(self, parameter: str) -> list[Row]:
        claims = orjson.loads(parameter)
        last = {unit: self._add(unit, n) for unit, n in Counter(claim["unit"] for claim in claims).items()}
        return [{"key": UUID(claim["key"]), "last": last[claim["unit"]]} for claim in claims]

    def _new_keys(self, refs: Sequence[Any], _wrapped: Sequence[bytes]) -> list[Row]:
        return [{"subject_ref": ref} for ref in refs]

    def _add(self, name: Any, n: int) -> int:
        self._last[name] += n
        return self._last[name]


class MemoryPool(MemoryConnection):
    """A pool of one such connection."""

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[MemoryConnection]:
        """The one."""
        yield self


_WRITES = (
    "INSERT INTO dossiers",
    "INSERT INTO dossier_seals",
    "INSERT INTO audit_lines",
    "INSERT INTO audit_heads",
    "INSERT INTO outbox",
)


def _known(answers: dict[str, Callable[[], Any]], statement: str) -> Any:
    for mark, answer in answers.items():
        if mark in statement:
            return answer()
    raise NotImplementedError(f"no database, and no answer to: {statement[:80]}")
