"""Several writes as the text of one statement."""

import re
from collections.abc import Sequence
from functools import lru_cache

_PLACE = re.compile(r"\$(\d+)")


@lru_cache(maxsize=256)
def combine_statements(queries: Sequence[str], arguments: Sequence[int]) -> str:
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
