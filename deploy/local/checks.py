"""What `motcua test` runs, in this order: names and command lines, nothing else."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.local.home import CHECKOUT

TOOLS = Path(sys.executable).parent
SOURCES = ("services", "shared", "deploy", "tests")
QUICK_OPTIONS = ("-p", "no:schemathesis")
"""A plugin the pure tests do not need, and that takes longer to load than they take to run."""
SLOW_FOLDERS = ("clock", "fuzz", "integration", "contract", "e2e", "chaos", "bench")


@dataclass(frozen=True)
class Check:
    """One stage: its title, and the command that has to end with 0."""

    title: str
    argv: Sequence[str]


def all_checks(chosen: str | None) -> list[Check]:
    """Every stage; with `-k` only the tests, and of them those whose name matches."""
    return [*([] if chosen else style()), *tests(chosen)]


def style() -> list[Check]:
    """Everything that reads the code without running it."""
    return [
        Check("lint", [_tool("ruff"), "check", *SOURCES]),
        Check("format", [_tool("ruff"), "format", "--check", *SOURCES]),
        Check("types", [_tool("basedpyright")]),
        Check("walls", [_tool("lint-imports")]),
        Check("unused code", [sys.executable, "-m", "tests.house.unused"]),
        Check("migrations", [_tool("squawk"), *SQUAWK_OPTIONS, *map(str, migrations())]),
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


def tests(chosen: str | None) -> list[Check]:
    """The tests: the pure ones at once, those with real servers on two workers, the pages by themselves.

    Playwright keeps an event loop running in its thread, beside which no asyncio test can start another.
    """
    filter_options = ["-k", chosen] if chosen else []
    slow_folders = [f"tests/{kind}" for kind in SLOW_FOLDERS if (CHECKOUT / "tests" / kind).is_dir()]
    pytest = [sys.executable, "-m", "pytest", "-o", "console_output_style=count"]
    return [
        Check("unit tests", [*pytest, *QUICK_OPTIONS, "tests/unit", *filter_options]),
        Check("tests with real servers", [*pytest, *slow_folders, "-n", "2", *filter_options]),
        Check("pages in a browser", [*pytest, "tests/browser", *filter_options]),
    ]


def _tool(name: str) -> str:
    return str(TOOLS / name)
