"""Expansion of versions that are written as differences from another version."""

from collections.abc import Iterator
from typing import Any

from shared.catalogue.loading.located_data import LocatedData


def expand_versions(source: LocatedData) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each version of a file in full, with its path in the file."""
    data = source.data if isinstance(source.data, dict) else {}
    rows = data.get("versions")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows) or "id" not in data:
        source.add_problem((), "needs an `id` and a list of `versions`; see docs/catalogue.md")
        return
    by_version = {row.get("version"): row for row in rows}
    for index, row in enumerate(rows):
        base = by_version.get(row.get("like")) if "like" in row else {}
        if base is None or "like" in base:
            source.add_problem(
                ("versions", index, "like"), "names no whole version of this file; write its number"
            )
            continue
        yield index, _whole(data["id"], base, row, source, index)


def _whole(
    id: str, base: dict[str, Any], row: dict[str, Any], source: LocatedData, index: int
) -> dict[str, Any]:
    dropped_steps = row.get("without_steps", [])
    base_steps = [step["id"] for step in base.get("steps", [])]
    for step in set(dropped_steps) - set(base_steps):
        source.add_problem(
            ("versions", index, "without_steps"), f"{step} is no step of version {row['like']}"
        )
    merged = {**base, **{name: value for name, value in row.items() if name != "without_steps"}, "id": id}
    if dropped_steps:
        merged["steps"] = [step for step in base["steps"] if step["id"] not in dropped_steps]
    return merged
