"""The pretend agencies are ordinary clients: what they can do, any party can do."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

AGENCIES = sorted((Path(__file__).parents[3] / "deploy" / "demo" / "agencies").glob("*.py"))
THEIR_OWN = ("deploy.demo.agencies", "confluent_kafka")


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    plain = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    return plain | {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize("path", AGENCIES, ids=lambda path: path.stem)
def test_an_agency_imports_nothing_of_our_code(path: Path) -> None:
    strange = {
        name
        for name in imported(path)
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith(THEIR_OWN)
    }

    assert not strange
