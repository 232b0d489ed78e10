"""What `motcua test` runs: the stages by name, what each stands for, and their command lines."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.home import CHECKOUT

TOOLS = Path(sys.executable).parent
SOURCES = ("services", "shared", "deploy", "tests")
PYTEST = (sys.executable, "-m", "pytest", "-o", "console_output_style=count")
QUICK_OPTIONS = ("-p", "no:schemathesis", "-p", "no:logging")
"""Plugins that pure tests do not need: one is slow to load, the other takes a tenth of their whole time."""

STYLE = "style"
PURE = {"unit": ("tests/unit",), "contract": ("tests/contract",)}
"""No process, no server: two workers, each with all imports."""
SERVED = {
    "integration": ("tests/integration",),
    "e2e": ("tests/e2e",),
    "proofs": ("tests/clock", "tests/fuzz", "tests/chaos", "tests/bench"),
}
"""Real PostgreSQL and Kafka, whole cities. They often wait, so there are more workers than cores."""
BROWSER = {"browser": ("tests/browser",)}
"""Playwright keeps an event loop in its thread, beside which no asyncio test can start another."""
STAGES = (STYLE, *PURE, *SERVED, *BROWSER)
PURE_WORKERS, SERVED_WORKERS = "2", "4"


class UnknownSelectionError(ValueError):
    """A word that names neither a stage nor a check nor a path; the message lists what there is."""


@dataclass(frozen=True)
class Check:
    """One command that has to end with 0; `environment` is added to ours."""

    title: str
    argv: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


Step = Sequence[Check]
"""Checks that run side by side: each keeps about one core busy. What the first prints is shown at once."""


def select(words: Sequence[str], expression: str | None) -> list[Step]:
    """The steps of these stages, single checks and test paths; without words, of everything.

    `expression` is pytest's `-k`; with it and without words, only tests are run.
    Raises UnknownSelectionError.
    """
    named = [*words] or [stage for stage in STAGES if not (expression and stage == STYLE)]
    style = _style_checks(named)
    pure = _tests("pure tests", PURE, named, expression, workers=PURE_WORKERS, plugins=QUICK_OPTIONS)
    served = _tests("tests with real servers", SERVED, named, expression, workers=SERVED_WORKERS)
    browser = _tests("pages in a browser", BROWSER, named, expression, workers=None)
    slow_style = [check for check in style if check.title == "types"]
    quick_style = [check for check in style if check not in slow_style]
    steps: list[Step] = [[check] for check in (*quick_style, *pure, *served)]
    if browser or slow_style:
        steps.append([*browser, *slow_style])
    return steps


def style() -> list[Check]:
    """Everything that reads the code without running it."""
    return [
        Check("lint", [_tool("ruff"), "check", *SOURCES]),
        Check("format", [_tool("ruff"), "format", "--check", *SOURCES]),
        Check("walls", [_tool("lint-imports")]),
        Check("unused", [sys.executable, "-m", "tests.house.unused"]),
        Check("migrations", [_tool("squawk"), *SQUAWK_OPTIONS, *map(str, migrations())]),
        Check("types", [_tool("basedpyright")]),
    ]


# Left out: taste (sizes of whole numbers, IF NOT EXISTS in files that run once), timeouts (the pool sets
# them) and concurrent indexes (they cannot be built in the transaction that keeps a migration whole).
SQUAWK_OPTIONS = (
    "--assume-in-transaction",
    "--pg-version=18.0",
    "--exclude=prefer-robust-stmts,require-timeout-settings,prefer-text-field,prefer-bigint-over-int,"
    "prefer-bigint-over-smallint,require-concurrent-index-creation,require-concurrent-index-deletion",
)


def migrations() -> list[Path]:
    """Every migration, by its path from the checkout."""
    paths = [*CHECKOUT.glob("shared/*/migrations/*.sql"), *CHECKOUT.glob("services/*/migrations/*.sql")]
    return sorted(path.relative_to(CHECKOUT) for path in paths)


def pytest_of(paths: Sequence[str], *options: str) -> list[str]:
    """A command line of pytest."""
    return [*PYTEST, *options, *paths]


def _style_checks(named: Sequence[str]) -> list[Check]:
    return [check for check in style() if check.title in named or STYLE in named]


def _tests(
    title: str,
    stages: Mapping[str, Sequence[str]],
    named: Sequence[str],
    expression: str | None,
    *,
    workers: str | None,
    plugins: Sequence[str] = (),
) -> list[Check]:
    """One run of pytest for those of the named stages and paths that belong to these stages."""
    paths: list[str] = []
    for word in named:
        if word in stages:
            paths += stages[word]
        elif word not in STAGES and word not in STYLE_TITLES:
            path = test_path(word)
            paths += [path] if stage_of(path) in stages else []
    if not paths:
        return []
    whole_folders = all((CHECKOUT / path).is_dir() for path in paths)
    spread = ["-n", workers] if workers and whole_folders else []
    filtered = ["-k", expression] if expression else []
    return [Check(title, pytest_of(paths, *plugins, *spread, *filtered))]


def test_path(word: str) -> str:
    """The path, from the checkout, of a test file, folder or `file::test`, named from here or from there."""
    name, separator, test = word.partition("::")
    for base in (Path.cwd(), CHECKOUT):
        path = (base / name).resolve()
        if path.exists() and path.is_relative_to(CHECKOUT / "tests"):
            return f"{path.relative_to(CHECKOUT)}{separator}{test}"
    raise UnknownSelectionError(f"{word!r} is no path of a test; {_KNOWN}")


def stage_of(path: str) -> str:
    """The stage that runs this path."""
    folder = "/".join(path.split("::", maxsplit=1)[0].split("/")[:2])
    for stage, folders in (PURE | SERVED | BROWSER).items():
        if folder in folders:
            return stage
    raise UnknownSelectionError(f"{path!r} belongs to no stage; {_KNOWN}")


def _tool(name: str) -> str:
    return str(TOOLS / name)


STYLE_TITLES = tuple(check.title for check in style())
_KNOWN = f"stages: {', '.join(STAGES)}; single checks: {', '.join(STYLE_TITLES)}"
