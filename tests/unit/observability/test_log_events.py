"""docs/log-events.md is the list of what the product may say in its logs: none missing, none left over."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "log-events.md"
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
LOGS = re.compile(r"\blog\b")
NAME = re.compile(r"^[a-z_]+\.[a-z_]+$")


def logged_events(path: Path) -> set[tuple[str, str]]:
    """(event, level) of each `log.<level>("…")` in a file; anything but a plain name is a mistake."""
    text = path.read_text(encoding="utf-8")
    if not LOGS.search(text):
        return set()
    found: set[tuple[str, str]] = set()
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="log"), attr=level)) if level in LEVELS:
                first = node.args[0] if len(node.args) == 1 else None
                event = first.value if isinstance(first, ast.Constant) else None
                assert isinstance(event, str) and NAME.match(event), (
                    f"{path}:{node.lineno}: {ast.unparse(node)}"
                )
                found.add((event, "error" if level == "exception" else level))
            case _:
                pass
    return found


@cache
def in_code() -> set[tuple[str, str]]:
    files = [path for top in ("services", "shared") for path in (ROOT / top).rglob("*.py")]
    return {pair for path in files for pair in logged_events(path)}


def in_page() -> set[tuple[str, str]]:
    return set(
        re.findall(r"^\| `([a-z_.]+)` \| (\w+) \|", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    )


def test_every_event_the_code_may_log_is_on_the_page() -> None:
    assert sorted(in_code() - in_page()) == []


def test_every_event_on_the_page_is_in_the_code() -> None:
    assert sorted(in_page() - in_code()) == []
