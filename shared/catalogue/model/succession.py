"""Successors of offices that ended on 30 June 2025, by the dated changes and the lineage."""

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]


def successor_offices(former_office: str, changes: list[Json], lineage: Json) -> tuple[str, ...]:
    """The successors of a former office, the likely one first; empty for an unknown one."""
    role, _, place = former_office.partition(".")
    for change in changes:
        if change["what"] == "successor" and f"{role}.*" in change["offices"]:
            return tuple(
                change["to_offices"].format(fd=place, code=code) for code in _codes(role, place, lineage)
            )
    return ()


def _codes(role: str, place: str, lineage: Json) -> tuple[str, ...]:
    if role == "OLD-WARD":
        return tuple(row["code"] for row in lineage.get(place, ()))
    inside = [row for rows in lineage.values() for row in rows if row["former_district_code"] == place]
    if role == "DIST-LRO":
        return (place,) if inside else ()
    return tuple(sorted({row["code"] for row in inside}))
