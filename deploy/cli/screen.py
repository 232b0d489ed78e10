"""Output of commands: tables on a terminal, lines with tabs elsewhere, one object for `--json`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

out = Console(highlight=False, markup=False, emoji=False, soft_wrap=not sys.stdout.isatty())
drawn = Console(highlight=False, emoji=False, soft_wrap=not sys.stdout.isatty())
"""For output with its own markup."""
err = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)


_open_line = False
"""Whether the last line of a terminal's standard error is still being rewritten."""


def rewrite(text: str) -> None:
    """Show a remark in place of the one before; the next output goes below it. For terminals only."""
    global _open_line  # noqa: PLW0603 - one screen, one last line
    err.file.write(f"\r\x1b[2K{text[: err.width - 1]}")
    err.file.flush()
    _open_line = True


def _end_line() -> None:
    global _open_line  # noqa: PLW0603
    if _open_line:
        err.file.write("\n")
        err.file.flush()
        _open_line = False


def say(text: str = "") -> None:
    """Print a line without markup."""
    _end_line()
    if out.is_terminal:
        out.print(text, soft_wrap=True)  # an address or a path stays in one piece
    else:
        print(text, flush=True)  # noqa: T201 - rich would turn tabs into spaces


def complain(text: str) -> None:
    """Print an error on standard error."""
    _end_line()
    err.print(text, style="red" if err.is_terminal else None)


def note(text: str) -> None:
    """Print a remark on standard error, so that the answer can be piped."""
    _end_line()
    err.print(text, style="dim" if err.is_terminal else None)


def as_json(value: Mapping[str, Any]) -> None:
    """Print the object of `--json`."""
    _end_line()
    print(json.dumps(value, ensure_ascii=False, default=str))  # noqa: T201 - bare, so that nothing wraps it


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; where there is no terminal, its title, its columns and a line a row, with tabs."""
    _end_line()
    texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
    if not out.is_terminal:
        for line in (f"{title}:", *("\t".join(row) for row in (columns, *texts))):
            print(line, flush=True)  # noqa: T201 - rich would turn tabs into spaces
        return
    grid = Table(title=title, title_justify="left", header_style="bold")
    for number, column in enumerate(columns):
        grid.add_column(column, no_wrap=number == 0, overflow="fold")  # folded, so that nothing is cut off
    for row in texts:
        grid.add_row(*row)
    out.print(grid)


def mebibytes(size: int) -> str:
    """A size in MiB."""
    return f"{size / 2**20:.0f} MiB"
