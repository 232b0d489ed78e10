"""Combines several writes into one SQL statement."""

import re
from collections.abc import Sequence
from functools import lru_cache

_PLACEHOLDER = re.compile(r"\$(\d+)")


@lru_cache(maxsize=256)
def combine_statements(queries: Sequence[str], arguments: Sequence[int]) -> str:
    """One statement for these writes, with renumbered parameters.

    Their WITH queries move to the front: only the outermost statement may have writing ones.
    """
    ctes, shift, statement = list[str](), 0, ""
    for query, count in zip(queries, arguments, strict=True):
        if statement:
            ctes.append(f"write_{len(ctes) + 1} AS ({statement})")
        own_ctes, statement = _split_with(_shift_placeholders(query, shift).strip())
        ctes += own_ctes
        shift += count
    return f"WITH {', '.join(ctes)} {statement}" if ctes else statement


def _split_with(query: str) -> tuple[list[str], str]:
    """The WITH queries of a statement (`name AS (…)`), and the rest of it."""
    if not query.startswith("WITH "):
        return [], query
    ctes, depth, start = list[str](), 0, len("WITH ")
    for index, character in enumerate(query):
        depth += (character == "(") - (character == ")")
        if character == ")" and depth == 0:
            ctes.append(query[start : index + 1].strip())
            statement = query[index + 1 :].lstrip()
            if not statement.startswith(","):
                return ctes, statement
            start = query.index(",", index) + 1
    raise ValueError(f"no statement behind WITH: {query[:80]}")


def _shift_placeholders(query: str, shift: int) -> str:
    return _PLACEHOLDER.sub(lambda match: f"${int(match[1]) + shift}", query)
