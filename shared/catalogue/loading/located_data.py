"""YAML and CSV data with the line of every field, for error messages."""

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

Place = tuple[str | int, ...]
NOT_TEXT = "is no text in UTF-8; save it as that"
DECIMAL_COMMA = re.compile(r"-?\d+,\d+")


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

    def merge_row_problems(self) -> None:
        """Say once what is wrong with many rows of a table: the first row, and how many more."""
        first_by_kind: dict[tuple[str, str], DataProblem] = {}
        counts = Counter[tuple[str, str]]()
        for problem in self.problems:
            _, _, column = problem.field.partition(".")
            first_by_kind.setdefault((column, problem.message), problem)
            counts[column, problem.message] += 1
        self.problems = [
            replace(problem, message=f"{problem.message} (and so in {counts[kind] - 1} more rows)")
            if counts[kind] > 1
            else problem
            for kind, problem in first_by_kind.items()
        ]


def read_yaml(file: Path, name: str) -> LocatedData:
    """Read a YAML file. A file that cannot be parsed gives a problem and empty data."""
    try:
        text = _read_text(file)
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
    """Read a CSV file with a header as a list of mappings. Lines that start with # are comments.

    A file as a spreadsheet saves it is read too: with a byte order mark, with semicolons and decimal commas,
    with comments in quotation marks and with empty rows.
    """
    try:
        text = _read_text(file) if file.exists() else ""
    except UnicodeDecodeError:
        return _unreadable(name, [], 1, "file", NOT_TEXT)
    lines = [line for line in enumerate(text.split("\n"), 1) if not _is_blank_or_comment(line[1])]
    if not lines:
        return _unreadable(name, [], 1, "file", "is missing or empty; put the rows back")
    separator = _separator_of(lines[0][1])
    rows = csv.reader((line for _, line in lines), delimiter=separator)
    located = LocatedData(name, [])
    try:
        columns = next(rows)
        for number, cells in ((lines[rows.line_num - 1][0], cells) for cells in rows):
            located.lines[len(located.data),] = number
            if len(cells) != len(columns):
                message = f"has {len(cells)} cells under {len(columns)} columns; separate them as the header"
                located.add_problem((len(located.data),), message)
            located.data.append(_row(columns, cells, separator))
    except csv.Error as error:
        return _unreadable(name, [], lines[rows.line_num - 1][0], "syntax", f"{error}; mend the row")
    return located


def _read_text(file: Path) -> str:
    """The text of a file in composed Unicode (NFC), without a byte order mark, with plain line feeds."""
    return unicodedata.normalize("NFC", file.read_text(encoding="utf-8-sig"))


def _is_blank_or_comment(line: str) -> bool:
    return not line.strip(",; \t") or line.startswith(("#", '"#'))


def _separator_of(header: str) -> str:
    """The separator of a CSV file: where the decimal sign is a comma, spreadsheets write semicolons."""
    return max((",", ";", "\t"), key=header.count)


def _row(columns: list[str], cells: list[str], separator: str) -> dict[str, str]:
    if separator != ",":
        cells = [cell.replace(",", ".") if DECIMAL_COMMA.fullmatch(cell) else cell for cell in cells]
    named = zip(columns, cells, strict=False)
    return {column: cell for column, cell in named if column or cell}


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
