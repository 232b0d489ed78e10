"""Writes nobody waits for, sent as one statement: a round trip for all of them instead of one each."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from itertools import chain
from typing import Any, cast

from shared.db.transaction import Tx

_PLACE = re.compile(r"\$(\d+)")


class _Gathering:
    """A transaction that fetches at once and keeps what it is to execute."""

    def __init__(self, tx: Tx) -> None:
        self.fetch, self.fetchrow, self.fetchval = tx.fetch, tx.fetchrow, tx.fetchval
        self.kept: list[tuple[str, tuple[Any, ...]]] = []

    async def execute(self, query: str, *arguments: Any) -> None:
        self.kept.append((query, arguments))


@asynccontextmanager
async def gathered(tx: Tx) -> AsyncIterator[Tx]:
    """What is fetched within runs at once; INSERT, UPDATE, DELETE executed within go together at the end.

    Each of them sees the rows as they were before all: none may read or change a row that another writes.
    Foreign keys are checked at the end, over what all have written. Left by an exception, nothing is sent.
    """
    gathering = _Gathering(tx)
    yield cast(Tx, gathering)
    # Only the outermost statement may begin with WITH and write within it.
    ordered = sorted(gathering.kept, key=lambda kept: kept[0].lstrip().startswith("WITH"))
    if ordered:
        query = joined(tuple(query for query, _ in ordered), tuple(len(given) for _, given in ordered))
        await tx.execute(query, *chain.from_iterable(given for _, given in ordered))


@lru_cache(maxsize=256)
def joined(queries: Sequence[str], arguments: Sequence[int]) -> str:
    """These writes as one statement, the places of each behind those of the ones before. At most the last
    begins with WITH.
    """
    parts, behind = list[str](), 0
    for query, own in zip(queries, arguments, strict=True):
        parts.append(_moved(query, behind).strip())
        behind += own
    *first, last = parts
    if not first:
        return last
    named = ", ".join(f"write_{n} AS ({part})" for n, part in enumerate(first, start=1))
    return f"WITH {named}, {last.removeprefix('WITH')}" if last.startswith("WITH") else f"WITH {named} {last}"


def _moved(query: str, behind: int) -> str:
    return _PLACE.sub(lambda place: f"${int(place[1]) + behind}", query)
