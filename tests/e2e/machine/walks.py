"""The shortest way from a filing to a place, or through a row, by acts that people do."""

from __future__ import annotations

from collections import deque
from functools import cache

from tests.e2e.machine.acts import ACTS, Act, leads
from tests.e2e.machine.table import SUBMITTED, Place, Row, row_of, rows

Walk = tuple[Act, ...]

ON_FILING = frozenset({1, 2, 3})
"""A filing is the first row, one accepted by rule the second, one that a counter turns away the third."""

BY_ITSELF = frozenset({14})
"""Routing's own: an accepted dossier is routed in the same transaction."""

FEE_FIRST = frozenset({15})
"""Only where a procedure asks for its fee before the work."""

NO_OFFICE = frozenset({16, 32})
"""Only while an office of the plan cannot be named (decision 0015)."""


@cache
def places() -> dict[Place, Walk]:
    """Every place people can bring a dossier to, and how."""
    found: dict[Place, Walk] = {SUBMITTED: ()}
    ahead = deque([SUBMITTED])
    while ahead:
        here = ahead.popleft()
        for act in ACTS:
            there = leads(here, act)
            if there is not None and there not in found:
                found[there] = (*found[here], act)
                ahead.append(there)
    return found


def walk_through(row: Row) -> Walk | None:
    """The shortest walk whose last act takes this row; None: there is none."""
    ways = [
        (*walk, act)
        for place, walk in places().items()
        for act in ACTS
        if leads(place, act) is not None and row_of(place, act.fact) == row
    ]
    return min(ways, key=len, default=None)


def reachable() -> list[Row]:
    """The rows that acts lead through."""
    return [row for row in rows() if row.n not in ON_FILING | BY_ITSELF | FEE_FIRST | NO_OFFICE]
