"""Code of the product that nobody uses: `python -m tests.house.unused`. Exits with 1 when there is any.

Vulture looks for it, with the tests as users too. What it cannot see is left out: fields of classes (they are
read as JSON or by a template), names in a template, routes, and `tests/unit/house/unused_exceptions.txt`.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

from vulture.core import Item, Vulture

from tests.house.lists import unused_exceptions
from tests.house.sources import CHECKOUT, PRODUCT

CALLED_BY_A_FRAMEWORK = ["@*.get", "@*.post", "@*.put", "@*.delete", "@*router.*", "@app.*", "@*.default"]
CALLED_BY_PYDANTIC = ["@field_validator", "@model_validator"]
SURE_ENOUGH = 60
"""Percent: vulture's confidence for a name that is nowhere said."""


def unused_code() -> list[str]:
    """Each as `path:line: kind 'name'`, in the order of the tree."""
    vulture = Vulture(ignore_decorators=CALLED_BY_A_FRAMEWORK + CALLED_BY_PYDANTIC)
    vulture.scavenge([str(CHECKOUT / folder) for folder in (*PRODUCT, "tests")])
    used_elsewhere = _names_in_templates() | unused_exceptions()
    lines: list[str] = []
    for item in vulture.get_unused_code(min_confidence=SURE_ENOUGH):
        path = Path(item.filename).relative_to(CHECKOUT)
        if path.parts[0] in PRODUCT and item.name not in used_elsewhere and not _is_field(item):
            lines.append(f"{path}:{item.first_lineno}: {item.typ} '{item.name}'")
    return lines


def _names_in_templates() -> set[str]:
    folders = (CHECKOUT / folder for folder in PRODUCT)
    templates = (path for folder in folders for path in folder.rglob("templates/**/*") if path.is_file())
    return {name for path in templates for name in re.findall(r"[A-Za-z_]\w*", path.read_text())}


def _is_field(item: Item) -> bool:
    tree = ast.parse(Path(item.filename).read_text())
    classes = (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    fields = (line for each in classes for line in each.body if isinstance(line, ast.AnnAssign | ast.Assign))
    return any(field.lineno == item.first_lineno for field in fields)


def main() -> int:
    """Print what is unused; 1 when there is any."""
    lines = unused_code()
    for line in lines:
        print(line)  # noqa: T201
    if lines:
        print("Delete it, or name it with its reason in tests/unit/house/unused_exceptions.txt.")  # noqa: T201
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
