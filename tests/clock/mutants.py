"""Faults planted in the clock, each alone: what notices? `python -m tests.clock.mutants [FAULT…]` tells.

Each mutant lives in a process of its own, where one module is loaded from changed source; no file is written.
"""

import argparse
import importlib
import importlib.abc
import importlib.util
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from itertools import product
from types import ModuleType
from typing import Any

from tests.clock.planted import MUTANTS, Mutant

EXAMPLES = (
    "tests.unit.worktime.test_worked_examples",
    "tests.unit.worktime.test_rules_of_the_clock",
    "tests.unit.worktime.test_lines_refused",
)
LINES = 3_000
SEED = 5
UNTOUCHED = ("orjson", "pydantic", "pytest", "yaml")
"""Imported once, before any child begins: nothing of ours is in them."""


class CannotBePlanted(Exception):
    """The words of a fault are no longer in its module: nothing is broken, so nothing can be noticed."""


class PlantedLoader(SourceFileLoader):
    """Loads a module from its source with the fault planted."""

    mutant: Mutant

    def get_code(self, fullname: str) -> Any:
        """Compiled here and now, so that no cache of the good module is used or written."""
        path = self.get_filename(fullname)
        source = self.get_data(path).decode()
        if source.count(self.mutant.words) < 1:
            raise CannotBePlanted(f"{self.mutant.fault}: its words are no longer in {path}")
        return compile(source.replace(self.mutant.words, self.mutant.become), path, "exec")


class Planter(importlib.abc.MetaPathFinder):
    """Finds the one module that is to be faulty; all others are found as ever."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Its specification, with the planting loader."""
        if fullname != self.mutant.name or path is None:
            return None
        file = os.path.join(path[0], f"{fullname.rpartition('.')[2]}.py")  # noqa: PTH118 - a search path's entry
        loader = PlantedLoader(fullname, file)
        loader.mutant = self.mutant
        return importlib.util.spec_from_file_location(fullname, file, loader=loader)


def caught_by(mutant: Mutant | None) -> list[str]:
    """What notices the fault, in a child process; empty if nothing does."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.close(read)
        os.write(write, "\n".join(_noticed(mutant)).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as said:
        found = said.read()
    os.waitpid(child, 0)
    return found.splitlines()


def _noticed(mutant: Mutant | None) -> list[str]:
    """The first worked example or rule that fails, and the first random line answered differently."""
    if mutant:
        sys.meta_path.insert(0, Planter(mutant))
    try:
        return [*_first(_failing_examples()), *_first(_differing_lines())]
    except CannotBePlanted as why:
        print(why, file=sys.stderr)  # noqa: T201 - it is a command
        return []
    except Exception as broken:  # a clock that falls over is noticed too
        return [f"{type(broken).__name__}: {broken}"]


def _first(found: Iterator[str]) -> list[str]:
    return [one for one, _ in zip(found, range(1), strict=False)]


def _failing_examples() -> Iterator[str]:
    for module in map(importlib.import_module, EXAMPLES):
        for name, test in vars(module).items():
            if name.startswith("test_") and not all(_holds(test, values) for values in _parameters(test)):
                yield name


def _parameters(test: Callable[..., None]) -> Iterator[dict[str, Any]]:
    """The values that pytest would give it."""
    sets = [[_named(mark.args[0], row) for row in mark.args[1]] for mark in getattr(test, "pytestmark", ())]
    for rows in product(*sets):
        yield {name: value for row in rows for name, value in row.items()}


def _named(names: Any, row: Any) -> dict[str, Any]:
    listed = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    return dict(zip(listed, row if len(listed) > 1 else [row], strict=True))


def _holds(test: Callable[..., None], values: dict[str, Any]) -> bool:
    try:
        test(**values)
    except AssertionError:
        return False
    return True


def _differing_lines() -> Iterator[str]:
    compare = importlib.import_module("tests.clock.compare")
    lines = importlib.import_module("tests.clock.random_ledgers").lines(SEED, LINES)
    for number, line in enumerate(lines, start=1):
        for one in compare.compare([line]).differences:
            yield f"by hand: line {number}, {one.about[0]}"


def main() -> int:
    """Print the table; exit code 1 if a fault went unnoticed."""
    parser = argparse.ArgumentParser(prog="python -m tests.clock.mutants", description=__doc__)
    parser.add_argument("faults", nargs="*", metavar="FAULT", help="only these; without any, all")
    chosen = parser.parse_args().faults
    if unknown := set(chosen) - {mutant.fault for mutant in MUTANTS}:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    for name in UNTOUCHED:
        importlib.import_module(name)
    alive = 0
    for mutant in (None, *(mutant for mutant in MUTANTS if not chosen or mutant.fault in chosen)):
        noticed = caught_by(mutant)
        alive += not noticed if mutant else bool(noticed)
        fault = mutant.fault if mutant else "(none planted)"
        print(f"{fault:<44} {'; '.join(noticed) or 'NOTHING'}", flush=True)  # noqa: T201 - it is a command
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main())
