"""Limits that part of the tree does not keep yet: `python -m tests.house.allowances` lowers them to what is.

`tests/unit/house/allowances.yaml` holds, by measure and by folder or name, what is allowed beyond the limit.
A number may shrink, and move with its files; its sum over the tree does not grow.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import yaml

from tests.house import measures
from tests.house.lists import FOLDER, forbidden_names, wire_fields
from tests.house.sources import CHECKOUT, SourceTree, read_tree

FILE = FOLDER / "allowances.yaml"
MODULES = 15
TEMPLATE_LINE = 140
COMMANDS = "deploy/cli"
"""One command a file, so there are as many files as commands."""

HEADER = """\
# What does not keep the limits of the house yet. Numbers may only shrink; after mending something, run
#   python -m tests.house.allowances
# and commit what it writes. After a conflict keep either side and run it again.
"""

Counts = Mapping[str, int]


def _large_packages(tree: SourceTree) -> Counts:
    packages = measures.modules_per_package(tree)
    return {package: count for package, count in packages.items() if count > MODULES and package != COMMANDS}


def _forbidden_names(tree: SourceTree) -> Counts:
    packages: Counter[str] = Counter()
    for (package, _), count in measures.forbidden_uses(tree, forbidden_names(), wire_fields()).items():
        packages[package] += count
    return packages


def _duplicate_classes(tree: SourceTree) -> Counts:
    return {name: len(modules) for name, modules in measures.duplicate_class_names(tree).items()}


def _long_template_lines(tree: SourceTree) -> Counts:
    lines = [place for length, place in measures.template_lines(tree) if length > TEMPLATE_LINE]
    return Counter(place.rpartition("/")[0] for place in lines)


def _files_with_sentences(tree: SourceTree) -> Counts:
    product = [file for file in tree.of_type(".py") if not file.is_stage]
    return Counter(file.package for file in product if measures.count_sentences(file))


MEASURES: Mapping[str, Callable[[SourceTree], Counts]] = {
    "modules": _large_packages,
    "forbidden_names": _forbidden_names,
    "duplicate_classes": _duplicate_classes,
    "long_template_lines": _long_template_lines,
    "files_with_sentences": _files_with_sentences,
}


def read_allowances() -> dict[str, dict[str, int]]:
    """What the file allows, by measure."""
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def differences(actual: Counts, allowed: Counts) -> list[str]:
    """A line for each folder or name whose number is not the one allowed."""
    complaints: list[str] = []
    for name in sorted({*actual, *allowed}):
        count, limit = actual.get(name, 0), allowed.get(name, 0)
        if count > limit:
            complaints.append(f"{name}: {count}, allowed {limit}")
        elif count < limit:
            complaints.append(f"{name}: {count}; lower {limit} by `python -m tests.house.allowances`")
    return complaints


def main(arguments: Sequence[str]) -> int:
    """Write the file anew. 1, and nothing is written, where a measure has grown over the whole tree."""
    parser = argparse.ArgumentParser(prog="python -m tests.house.allowances", description=__doc__)
    parser.parse_args(arguments)
    tree = read_tree(CHECKOUT)
    allowances = read_allowances()
    counts = {name: dict(sorted(count(tree).items())) for name, count in MEASURES.items()}
    larger = [name for name in MEASURES if sum(counts[name].values()) > sum(allowances[name].values())]
    for name in larger:
        sys.stderr.write(f"{name} has grown:\n")
        sys.stderr.writelines(f"  {line}\n" for line in differences(counts[name], allowances[name]))
    if larger:
        return 1
    FILE.write_text(HEADER + yaml.safe_dump(counts, sort_keys=False), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
