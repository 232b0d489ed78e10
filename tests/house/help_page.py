"""`python -m tests.house.help_page` writes docs/commands.md: the help of every command of `motcua`.

`./motcua` prints from this page where nothing is installed yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

from cyclopts import App
from rich.console import Console

from deploy.cli.app import build
from deploy.local.home import CHECKOUT

PAGE = CHECKOUT / "docs" / "commands.md"
WIDTH = 100
HEAD = """# Commands

What `./motcua COMMAND --help` prints, for every command. `./motcua` itself reads this page where nothing is
installed yet. `python -m tests.house.help_page` writes it, and a test compares.
"""


def command_paths(app: App, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of every command and of every command of a group. The proofs, all alike, count as one."""
    yield path
    for name in app:
        if not name.startswith("-") and path != ("prove",):
            yield from command_paths(app[name], (*path, name))


def help_text(path: tuple[str, ...]) -> str:
    """What `--help` prints for one command."""
    printed = StringIO()
    build().help_print([*path], console=Console(file=printed, width=WIDTH, color_system=None))
    lines = printed.getvalue().splitlines()
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def page_text() -> str:
    """The whole page."""
    sections = [
        f"\n## {' '.join(('motcua', *path))}\n\n```\n{help_text(path)}\n```\n"
        for path in command_paths(build())
    ]
    return HEAD + "".join(sections)


if __name__ == "__main__":
    PAGE.write_text(page_text(), encoding="utf-8")
