"""YAML and CSV data with the line of every field, for error messages."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

Place = tuple[str | int, ...]
NOT_TEXT = "is no text in UTF-8; save it as that"


@dataclass(frozen=True, slots=True)
class DataProblem:
    """A problem in the data: file, line, field and remedy."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.message}"


@dataclass(slots=True)
class LocatedData:
    """A file's data with the line of each field."""

    file: str
    data: Any
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[DataProblem] = field(default_factory=list)

    def line(self, path: Place) -> int:
        """The line of this field, or of its nearest parent that exists."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def add_problem(self, path: Place, message: str) -> None:
        """Add a problem of this field."""
        name = ".".join(map(str, path)) or "file"
        self.problems.append(DataProblem(self.file, self.line(path), name, message))


def read_yaml(file: Path, name: str) -> LocatedData:
    """Read a YAML file. A file that cannot be parsed gives a problem and empty data."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        return _unreadable(name, {}, 1, "file", f"cannot be read: {error.strerror}; put it back")
    except UnicodeDecodeError:
        return _unreadable(name, {}, 1, "file", NOT_TEXT)
    root = None
    try:
        loader = yaml.CSafeLoader(text)
        root = loader.get_single_node()
        located = LocatedData(name, loader.construct_document(root) if root else {})
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return _unreadable(name, {}, line, "syntax", f"{error.problem}; mend the YAML")
    except yaml.YAMLError as error:
        return _unreadable(name, {}, 1, "syntax", f"{str(error).splitlines()[0]}; mend the YAML")
    except ValueError:  # of a scalar: a date or a number that cannot be
        return LocatedData(name, {}, problems=list(_impossible_values(root, name)))
    if root:
        _record_lines(root, (), located)
    return located


def read_csv(file: Path, name: str) -> LocatedData:
    """Read a CSV file with a header as a list of mappings. Lines that start with # are comments."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    except UnicodeDecodeError:
        return _unreadable(name, [], 1, "file", NOT_TEXT)
    numbered_lines = [
        (line_number, line) for line_number, line in enumerate(lines, 1) if line and not line.startswith("#")
    ]
    if not numbered_lines:
        return _unreadable(name, [], 1, "file", "is missing or empty; put the rows back")
    located = LocatedData(name, [])
    for row, (line_number, _) in zip(
        csv.DictReader(line for _, line in numbered_lines), numbered_lines[1:], strict=True
    ):
        located.lines[len(located.data),] = line_number
        located.data.append(dict(row))
    return located


def _unreadable(name: str, data: Any, line: int, field: str, message: str) -> LocatedData:
    return LocatedData(name, data, problems=[DataProblem(name, line, field, message)])


def _impossible_values(node: yaml.Node | None, name: str, path: Place = ()) -> Iterator[DataProblem]:
    """Scalars that look like a value of their type and are none, as the date 2026-02-31."""
    for key, child in _children(node):
        yield from _impossible_values(child, name, (*path, key))
    if isinstance(node, yaml.ScalarNode):
        try:
            yaml.SafeLoader("").construct_object(node)
        except ValueError as error:
            yield DataProblem(
                name, node.start_mark.line + 1, ".".join(map(str, path)), f"{node.value} cannot be: {error}"
            )


def _record_lines(node: yaml.Node, path: Place, located: LocatedData) -> None:
    for key, child in _children(node):
        if (*path, key) in located.lines:
            located.add_problem((*path, key), "stands here twice; keep one")
        located.lines[*path, key] = child.start_mark.line + 1
        _record_lines(child, (*path, key), located)


def _children(node: yaml.Node | None) -> Iterator[tuple[str | int, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        yield from ((key.value, value) for key, value in node.value)
    elif isinstance(node, yaml.SequenceNode):
        yield from enumerate(node.value)
