"""The product's source files, read from a checkout or from another revision; each is parsed at most once."""

from __future__ import annotations

import ast
import gc
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

N = TypeVar("N", bound=ast.AST)

CHECKOUT = Path(__file__).parents[2]
PRODUCT = ("services", "shared", "deploy")
SUFFIXES = {".py", ".sql", ".html"}
STAGE = re.compile(r"deploy/demo/|deploy/local/((city_day|agencies|sinks)/|issuer|dossiers)")
"""The play around the product: a city's day, pretend agencies, sinks of messages, sample people."""


@dataclass(frozen=True)
class SourceFile:
    """A file by its path from the root of the tree."""

    path: PurePosixPath
    text: str

    @property
    def package(self) -> str:
        """The folder that holds the file, as a path."""
        return str(self.path.parent)

    @property
    def top(self) -> str:
        """The first folder of the path, such as `services`."""
        return self.path.parts[0]

    @property
    def module(self) -> str:
        """The dotted name to import the file by."""
        parts = self.path.with_suffix("").parts
        if parts[-1] == "__init__":
            parts = parts[:-1]
        return ".".join(parts)

    @property
    def is_stage(self) -> bool:
        """Whether the file belongs to the demo and not to the product."""
        return STAGE.match(str(self.path)) is not None

    @cached_property
    def syntax(self) -> ast.Module:
        """The parsed file; `SyntaxError` if it is not Python."""
        return ast.parse(self.text)

    def parse(self) -> None:
        """Parse now instead of at the first question."""
        self.nodes(ast.Module)

    def nodes(self, *types: type[N]) -> list[N]:
        """Every node of these types."""
        return [node for node_type in types for node in self._nodes.get(node_type, [])]

    @cached_property
    def _nodes(self) -> dict[type, list[Any]]:
        nodes: dict[type, list[Any]] = {}
        for node in ast.walk(self.syntax):
            nodes.setdefault(type(node), []).append(node)
        return nodes


@dataclass(frozen=True)
class SourceTree:
    """All Python, SQL and HTML files below some folders, in order of their paths."""

    files: tuple[SourceFile, ...]

    def of_type(self, suffix: str, *tops: str) -> list[SourceFile]:
        """Files with this suffix below these top folders, or below all if none is given."""
        return [file for file in self.files if file.path.suffix == suffix and (not tops or file.top in tops)]


def read_tree(root: Path, tops: Sequence[str] = PRODUCT) -> SourceTree:
    """Read what lies below the top folders of a checkout."""
    paths = [path for top in tops for path in (root / top).rglob("*") if path.suffix in SUFFIXES]
    return SourceTree(
        tuple(
            SourceFile(PurePosixPath(path.relative_to(root).as_posix()), path.read_text(encoding="utf-8"))
            for path in sorted(paths)
        )
    )


@contextmanager
def parsed(tree: SourceTree) -> Iterator[SourceTree]:
    """The tree with every Python file parsed. Garbage collection rests: it would take half of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        for file in tree.of_type(".py"):
            file.parse()
        yield tree
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def exported(revision: str) -> Iterator[Path]:
    """A temporary folder with the files of a revision. Raises `LookupError` if git has no such revision."""
    with tempfile.TemporaryDirectory(prefix="house-") as folder:
        archive = Path(folder) / "revision.tar"
        command = ["git", "archive", "--format=tar", f"--output={archive}", revision]
        done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise LookupError(done.stderr.strip())
        root = Path(folder) / "revision"
        with tarfile.open(archive) as tar:
            tar.extractall(root, filter="data")
        yield root
