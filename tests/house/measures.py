"""Counts on the source: each function says what it counts."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from tests.house.sources import SourceFile, SourceTree

NOT_MODULES = {"__init__.py"}
NOT_PACKAGES = {"data", "migrations"}
MANY_POSITIONAL = 5
VIETNAMESE = re.compile("[ăđơưĂĐƠƯẠ-ỹ]")
"""Letters that Vietnamese alone has; a sentence of some words has at least one of them."""


def count_lines(files: Iterable[SourceFile]) -> int:
    """Lines as `wc -l` counts them, blank lines included."""
    return sum(file.text.count("\n") for file in files)


def modules_per_package(tree: SourceTree) -> dict[str, int]:
    """Python files directly in each folder, without `__init__.py` and folders of data and migrations."""
    return Counter(
        file.package
        for file in tree.of_type(".py")
        if file.path.name not in NOT_MODULES and NOT_PACKAGES.isdisjoint(file.path.parts)
    )


@dataclass(frozen=True)
class Density:
    """How often dense constructs occur in so many code lines."""

    code_lines: int
    ternaries: int
    comprehensions: int
    positional_calls: int

    def per_thousand(self, count: int) -> float:
        """The count per 1,000 code lines."""
        return 1000 * count / max(self.code_lines, 1)


def measure_density(files: Iterable[SourceFile]) -> Density:
    """Code lines are all lines that are not blank, comments and docstrings included.

    Comprehensions are those of lists, sets and dictionaries, and generator expressions. A call counts from
    five positional arguments on, `*arguments` counting as a single argument.
    """
    code_lines = ternaries = comprehensions = positional_calls = 0
    for file in files:
        code_lines += sum(1 for line in file.text.splitlines() if line.strip())
        ternaries += len(file.nodes(ast.IfExp))
        comprehensions += len(file.nodes(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp))
        positional_calls += sum(1 for call in file.nodes(ast.Call) if len(call.args) >= MANY_POSITIONAL)
    return Density(code_lines, ternaries, comprehensions, positional_calls)


def template_lines(tree: SourceTree) -> list[tuple[int, str]]:
    """The length in characters of each template line that is not empty, with its place, shortest first."""
    return sorted(
        (len(line), f"{file.path}:{number}")
        for file in tree.of_type(".html")
        for number, line in enumerate(file.text.splitlines(), start=1)
        if line
    )


def count_sentences(file: SourceFile) -> int:
    """String literals with letters that Vietnamese alone has.

    Docstrings of modules, classes and functions do not count. The parts of an f-string count one by one.
    """
    if not VIETNAMESE.search(file.text):
        return 0
    docstrings = {id(node) for node in _docstrings(file)}
    return sum(
        1
        for node in file.nodes(ast.Constant)
        if isinstance(node.value, str) and id(node) not in docstrings and VIETNAMESE.search(node.value)
    )


def _docstrings(file: SourceFile) -> Iterator[ast.expr]:
    for node in file.nodes(ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef):
        match node.body:
            case [ast.Expr(value=first), *_]:
                yield first


def forbidden_uses(tree: SourceTree, forbidden: Set[str], wire_fields: Set[str]) -> Counter[tuple[str, str]]:
    """Uses of forbidden identifiers by folder and word.

    A use is a name read or written, a parameter, an attribute that is set, a field, or what a definition, an
    import, a pattern or an `except` binds. Fields of wire models are exempt where they are listed; a field
    of another class is exempt where it is listed with its class (`MessagingStatus.held`).
    """
    uses: Counter[tuple[str, str]] = Counter()
    wire_models = _wire_models(tree)
    for file in tree.of_type(".py"):
        for name in _identifiers(file):
            if name and name in forbidden:
                uses[file.package, name] += 1
        for node in file.nodes(ast.ClassDef):
            if node.name in wire_models:
                for name in forbidden & wire_fields & set(_fields(node)):
                    uses[file.package, name] -= 1
            else:
                for name in forbidden & set(_fields(node)):
                    if f"{node.name}.{name}" in wire_fields:
                        uses[file.package, name] -= 1
    return +uses


def _identifiers(file: SourceFile) -> Iterator[str | None]:
    for node in file.nodes(ast.Name):
        yield node.id
    for node in file.nodes(ast.arg):
        yield node.arg
    for node in file.nodes(ast.Attribute):
        if isinstance(node.ctx, ast.Store):
            yield node.attr
    for node in file.nodes(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef):
        yield node.name
    for node in file.nodes(ast.ExceptHandler, ast.MatchAs, ast.MatchStar):
        yield node.name
    for node in file.nodes(ast.MatchMapping):
        yield node.rest
    for node in file.nodes(ast.alias):
        yield node.asname or node.name


def _fields(node: ast.ClassDef) -> Iterator[str]:
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            yield statement.target.id


def _wire_models(tree: SourceTree) -> set[str]:
    """Names of the classes below `shared/events`, and of every class that descends from pydantic's model."""
    bases: dict[str, set[str]] = {}
    models = {"BaseModel"}
    for file in tree.of_type(".py"):
        for node in file.nodes(ast.ClassDef):
            bases.setdefault(node.name, set()).update(_base_names(node))
            if file.package.startswith("shared/events"):
                models.add(node.name)
    while descendants := {name for name, above in bases.items() if above & models} - models:
        models |= descendants
    return models


def _base_names(node: ast.ClassDef) -> Iterator[str]:
    for base in node.bases:
        match base:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Subscript(value=ast.Name(id=name)):
                yield name


def duplicate_class_names(tree: SourceTree) -> Mapping[str, list[str]]:
    """Names of public classes in more than one module of `services` and `shared`, with the modules."""
    modules: dict[str, list[str]] = {}
    for file in tree.of_type(".py", "services", "shared"):
        names = {node.name for node in file.syntax.body if isinstance(node, ast.ClassDef)}
        for name in sorted(names):
            if not name.startswith("_"):
                modules.setdefault(name, []).append(file.module)
    return {name: holders for name, holders in sorted(modules.items()) if len(holders) > 1}
