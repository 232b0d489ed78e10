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
    What they name by WITH is theirs alone: two of them may not use one name.
    """
    gathering = _Gathering(tx)
    yield cast(Tx, gathering)
    kept = gathering.kept
    if kept:
        query = joined(tuple(query for query, _ in kept), tuple(len(given) for _, given in kept))
        await tx.execute(query, *chain.from_iterable(given for _, given in kept))


@lru_cache(maxsize=256)
def joined(queries: Sequence[str], arguments: Sequence[int]) -> str:
    """These writes as one statement, the places of each behind those of the ones before.

    What one names with WITH goes to the front: only the outermost statement may write there.
    """
    named, behind, main = list[str](), 0, ""
    for query, own in zip(queries, arguments, strict=True):
        if main:
            named.append(f"write_{len(named) + 1} AS ({main})")
        own_named, main = _apart(_moved(query, behind).strip())
        named += own_named
        behind += own
    return f"WITH {', '.join(named)} {main}" if named else main


def _apart(query: str) -> tuple[list[str], str]:
    """What a statement names with WITH (`name AS (…)`), and the statement itself."""
    if not query.startswith("WITH "):
        return [], query
    named, depth, start = list[str](), 0, len("WITH ")
    for at, sign in enumerate(query):
        depth += (sign == "(") - (sign == ")")
        if sign == ")" and depth == 0:
            named.append(query[start : at + 1].strip())
            rest = query[at + 1 :].lstrip()
            if not rest.startswith(","):
                return named, rest
            start = query.index(",", at) + 1
    raise ValueError(f"no statement behind WITH: {query[:80]}")


def _moved(query: str, behind: int) -> str:
    return _PLACE.sub(lambda place: f"${int(place[1]) + behind}", query)
