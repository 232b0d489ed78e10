"""Measure the house: `python -m tests.house.figures`, or with `--rev` the house at another commit.

Product means the folders services, shared and deploy. The stage is the demo of a city around the product:
deploy/demo, or before that folder existed deploy/local/{city_day,agencies,sinks,issuer*,dossiers*}.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.house import measures
from tests.house.calls import DEFAULT_ENTRY, CallGraph
from tests.house.commits import HistoryMissing, commits_after
from tests.house.lists import forbidden_names, wire_fields
from tests.house.sources import CHECKOUT, SourceTree, exported, parsed, read_tree

BASE = "86ccd82"
TOP = 10
COMMANDS = "deploy/cli"

DEFINITIONS = {
    "lines": "lines of the product's Python, SQL and HTML as `wc -l` counts them, blank lines included",
    "modules": "Python files directly in a package of the product, without __init__.py, data and migrations",
    "ternaries": "conditional expressions in services, per 1,000 lines not blank",
    "comprehensions": "comprehensions and generator expressions in services, per 1,000 lines not blank",
    "positional calls": "calls in services with five or more positional arguments, per 1,000 lines not blank",
    "template line": "characters of a line in the product's HTML templates, empty lines left out",
    "sentences": "string literals with letters that Vietnamese alone has, docstrings of definitions left out",
    "one reply": "files and functions named on the way from --entry, statically (see tests/house/calls.py)",
    "by names only": "the same without types of parameters, so that it depends on method names being unique",
    "commit subject": "characters of the first line of the commits after --since",
    "forbidden names": "names read or bound that stand in forbidden_names.txt, listed wire fields left out",
    "class names": "public class names of services and shared that stand in more than one module",
}


@dataclass(frozen=True)
class Figure:
    """A line of the table, and the same as numbers for `--json`."""

    name: str
    text: str
    numbers: dict[str, Any]


def measure(tree: SourceTree, entry: str) -> list[Figure]:
    """Every figure that the files alone give. Raises `LookupError` if the entry is not there."""
    return [
        *_lines(tree),
        _modules(tree),
        *_density(tree),
        _templates(tree),
        _sentences(tree),
        *_one_reply(tree, entry),
        _forbidden(tree),
        _class_names(tree),
    ]


def _lines(tree: SourceTree) -> list[Figure]:
    stage = [file for file in tree.files if file.is_stage]
    product = [file for file in tree.files if not file.is_stage]
    all_lines, lines = measures.count_lines(tree.files), measures.count_lines(product)
    numbers = {"with_stage": all_lines, "without_stage": lines, "stage_files": len(stage)}
    return [Figure("lines", f"{lines:,} without the stage, {all_lines:,} with it", numbers)]


def _modules(tree: SourceTree) -> Figure:
    packages = Counter(measures.modules_per_package(tree))
    commands = packages.pop(COMMANDS, 0)
    largest = packages.most_common(TOP)
    rows = [f"{count} {package}" for package, count in largest]
    text = "\n".join([*rows, f"apart: {commands} {COMMANDS}"])
    return Figure("modules", text, {"largest": dict(largest), COMMANDS: commands})


def _density(tree: SourceTree) -> list[Figure]:
    density = measures.measure_density(tree.of_type(".py", "services"))
    counts = {
        "ternaries": density.ternaries,
        "comprehensions": density.comprehensions,
        "positional calls": density.positional_calls,
    }
    return [
        Figure(
            name,
            f"{density.per_thousand(count):.1f} ({count} in {density.code_lines:,} lines)",
            {"count": count, "per_thousand": round(density.per_thousand(count), 1)},
        )
        for name, count in counts.items()
    ]


def _templates(tree: SourceTree) -> Figure:
    lines = measures.template_lines(tree)
    if not lines:
        return Figure("template line", "no templates", {})
    longest, place = lines[-1]
    ninetieth = lines[int(0.9 * len(lines))][0]
    text = f"longest {longest}, p90 {ninetieth} ({place})"
    return Figure("template line", text, {"longest": longest, "p90": ninetieth})


def _sentences(tree: SourceTree) -> Figure:
    counts = {file: measures.count_sentences(file) for file in tree.of_type(".py")}
    with_sentences = {file: count for file, count in counts.items() if count}
    product = {file: count for file, count in with_sentences.items() if not file.is_stage}
    numbers = {
        "files": len(product),
        "sentences": sum(product.values()),
        "files_with_stage": len(with_sentences),
        "sentences_with_stage": sum(with_sentences.values()),
    }
    text = (
        f"{numbers['sentences']} in {numbers['files']} files without the stage, "
        f"{numbers['sentences_with_stage']} in {numbers['files_with_stage']} with it"
    )
    return Figure("sentences", text, numbers)


def _one_reply(tree: SourceTree, entry: str) -> list[Figure]:
    return [
        _reach("one reply", CallGraph(tree), entry),
        _reach("by names only", CallGraph(tree, with_types=False), entry),
    ]


def _reach(name: str, graph: CallGraph, entry: str) -> Figure:
    reach = graph.reach(graph.find_entry(entry))
    text = f"{reach.files} files, {reach.functions} functions, depth {reach.depth} (from {reach.entry.name})"
    numbers = {"files": reach.files, "functions": reach.functions, "depth": reach.depth}
    return Figure(name, text, numbers)


def _forbidden(tree: SourceTree) -> Figure:
    uses = measures.forbidden_uses(tree, forbidden_names(), wire_fields())
    packages: Counter[str] = Counter()
    words: Counter[str] = Counter()
    for (package, word), count in uses.items():
        packages[package] += count
        words[word] += count
    rows = [f"{count} {package}" for package, count in packages.most_common()]
    frequent = ", ".join(f"{word} {count}" for word, count in words.most_common(TOP))
    text = "\n".join([f"{uses.total():,} in all: {frequent}", *rows])
    numbers = {"all": uses.total(), "packages": dict(packages), "words": dict(words)}
    return Figure("forbidden names", text, numbers)


def _class_names(tree: SourceTree) -> Figure:
    duplicates = measures.duplicate_class_names(tree)
    names = ", ".join(f"{name} {len(modules)}" for name, modules in duplicates.items())
    return Figure("class names", f"{len(duplicates)}: {names}", dict(duplicates))


def measure_commits(since: str, until: str) -> Figure:
    """Lengths of commit subjects, as far as the history is here."""
    try:
        commits = commits_after(CHECKOUT, since, until)
    except HistoryMissing as missing:
        return Figure("commit subject", str(missing), {"commits": 0})
    if not commits:
        return Figure("commit subject", f"no commits after {since}", {"commits": 0})
    lengths = [len(commit.subject) for commit in commits]
    middle = median(lengths)
    text = f"median {middle:g}, longest {max(lengths)}, of {len(lengths)} commits"
    numbers = {"commits": len(lengths), "median": middle, "longest": max(lengths)}
    return Figure("commit subject", text, numbers)


def main(arguments: Sequence[str]) -> int:
    """Print the table, or the numbers as JSON. 2 if the revision or the entry does not exist."""
    options = _parser().parse_args(arguments)
    checkout = nullcontext(CHECKOUT)
    if options.rev:
        checkout = exported(options.rev)
    try:
        with checkout as root, parsed(read_tree(Path(root))) as tree:
            figures = measure(tree, options.entry)
    except LookupError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    figures.append(measure_commits(options.since, options.rev or "HEAD"))
    if options.json:
        numbers = {figure.name: figure.numbers for figure in figures}
        sys.stdout.write(json.dumps({"revision": options.rev, "figures": numbers}, indent=2) + "\n")
        return 0
    _print_table(figures, options.rev or "this checkout")
    return 0


def _print_table(figures: Sequence[Figure], title: str) -> None:
    table = Table("figure", "measured", title=f"The house: {title}", show_lines=True)
    for figure in figures:
        table.add_row(figure.name, figure.text)
    Console(width=120, highlight=False).print(table)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.house.figures",
        description=__doc__,
        epilog="\n".join(f"{name:17}{meaning}" for name, meaning in DEFINITIONS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rev", help="commit, branch or tag to measure instead of the files of the checkout")
    parser.add_argument("--json", action="store_true", help="print numbers for machines")
    parser.add_argument("--since", default=BASE, help="commits after this one; '' for all (%(default)s)")
    parser.add_argument("--entry", default=DEFAULT_ENTRY, help="function, or module:function (%(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
