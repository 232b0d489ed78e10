"""No database: the statements of filing answered from memory, so that everything but the database is done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from tests.bench.rig import CITY_AT

Row = dict[str, Any]


class MemoryConnection:
    """Answers what `submit` asks; an unknown statement is an error, so that it cannot quietly do less."""

    def __init__(self) -> None:
        self._last: defaultdict[Any, int] = defaultdict(int)
        self._wrapped: dict[Any, bytes] = {}

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """Nothing to commit."""
        yield

    async def fetchval(self, statement: str, *_: Any) -> Any:
        """The city's time."""
        return _known({"city.now()": lambda: CITY_AT}, statement)

    async def fetch(self, statement: str, *said: Any) -> list[Row]:
        """What a SELECT or a RETURNING would bring."""
        answers: dict[str, Callable[[], list[Row]]] = {
            "FROM submissions s": list,
            "INSERT INTO submissions": lambda: [{"key": key} for key in said[0]],
            "INSERT INTO code_serials": lambda: self._serials(*said),
            "INSERT INTO audit_heads": lambda: [
                {"root_id": root, "n": 0, "hash": said[1]} for root in said[0]
            ],
            "INSERT INTO sequence_given": lambda: self._numbers(*said),
            "FROM data_keys": lambda: self._keys(said[0]),
        }
        return _known(answers, statement)

    async def execute(self, statement: str, *said: Any) -> str:
        """What an INSERT or UPDATE would do: nothing, but that keys are kept."""
        if "INSERT INTO data_keys" in statement:
            self._wrapped |= dict(zip(*said, strict=True))
        return _known(dict.fromkeys(_WRITES, lambda: "OK"), statement)

    def _serials(self, units: Sequence[str], _day: Any, counts: Sequence[int]) -> list[Row]:
        return [{"unit": unit, "last": self._add(unit, n)} for unit, n in zip(units, counts, strict=True)]

    def _numbers(self, topics: Sequence[str], keys: Sequence[str], counts: Sequence[int]) -> list[Row]:
        asked = zip(topics, keys, counts, strict=True)
        return [{"topic": topic, "key": key, "seq": n} for topic, key, n in asked]

    def _keys(self, refs: Sequence[Any]) -> list[Row]:
        known = [(ref, self._wrapped.get(ref)) for ref in refs]
        return [{"subject_ref": ref, "wrapped": wrapped} for ref, wrapped in known if wrapped is not None]

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
    "UPDATE audit_heads",
    "INSERT INTO outbox",
    "INSERT INTO data_keys",
)


def _known(answers: dict[str, Callable[[], Any]], statement: str) -> Any:
    for mark, answer in answers.items():
        if mark in statement:
            return answer()
    raise NotImplementedError(f"no database, and no answer to: {statement[:80]}")
