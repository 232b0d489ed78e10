"""Where the code uses the words of a package: calls of `refuse`, `field_error`, `text` and `group`."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

from shared.words import WordCatalogue

FUNCTIONS = {"refuse": 0, "field_error": 1, "text": 0, "group": 0}
"""Each with the position of its key."""

NOT_PLACEHOLDERS = {"at_field", "errors"}


@dataclass(frozen=True, slots=True)
class WordUse:
    """One call. `key` is None where it is computed, `values` where they are given by `**`."""

    owner: str
    function: str
    key: str | None
    values: frozenset[str] | None
    place: str


def owners() -> dict[str, WordCatalogue]:
    """The words of every package that has some, by the module's name."""
    modules = [path.parent.as_posix().replace("/", ".") for path in _sources() if _is_owner(path)]
    return {name: import_module(name).WORDS for name in modules}


@cache
def word_uses() -> tuple[WordUse, ...]:
    """Every use in the product's code."""
    return tuple(use for path in _sources() for use in _uses(path))


@cache
def strings_of(owner: str) -> frozenset[str]:
    """Every string in the files that use the words of this owner: tables of keys stand there too."""
    found: set[str] = set()
    for path in _sources():
        if not _imports(path).get(owner):
            continue
        nodes = ast.walk(_tree(path))
        found |= {
            node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
    return frozenset(found)


def _uses(path: Path) -> Iterator[WordUse]:
    names = {name: (owner, function) for owner, them in _imports(path).items() for name, function in them}
    for node in ast.walk(_tree(path)):
        if not isinstance(node, ast.Call) or ast.unparse(node.func) not in names:
            continue
        owner, function = names[ast.unparse(node.func)]
        at = FUNCTIONS[function]
        key = node.args[at] if len(node.args) > at else None
        given = {word.arg for word in node.keywords}
        yield WordUse(
            owner=owner,
            function=function,
            key=key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else None,
            values=None if None in given else frozenset(name for name in given if name) - NOT_PLACEHOLDERS,
            place=f"{path}:{node.lineno}",
        )


@cache
def _imports(path: Path) -> dict[str, list[tuple[str, str]]]:
    """By owner, what the file calls its functions: `refuse`, or `web_words.refuse`."""
    found: dict[str, list[tuple[str, str]]] = {}
    for node in ast.walk(_tree(path)):
        if not isinstance(node, ast.ImportFrom) or node.module is None:
            continue
        for name in node.names:
            called = name.asname or name.name
            if node.module.endswith(".words") and name.name in FUNCTIONS:
                found.setdefault(node.module, []).append((called, name.name))
            elif name.name == "words":
                whole = [(f"{called}.{function}", function) for function in FUNCTIONS]
                found.setdefault(f"{node.module}.words", []).extend(whole)
    return found


def _is_owner(path: Path) -> bool:
    return path.name == "__init__.py" and path.parent.name == "words" and any(path.parent.glob("*.yaml"))


@cache
def _sources() -> tuple[Path, ...]:
    """The product's files that name some words; to parse all others would take seconds."""
    paths = [path for root in ("services", "shared", "deploy") for path in sorted(Path(root).rglob("*.py"))]
    return tuple(path for path in paths if "words" in path.as_posix() or "words" in path.read_text("utf-8"))


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))
