"""The clock against the one walked by hand: `python -m tests.clock.compare --count 1000000 --seed 7`."""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from shared.worktime.jsonl import answer_line
from tests.builders.ledgers import calendars
from tests.clock.by_hand.answering import answer_by_hand
from tests.clock.random_ledgers import lines

SHOWN = 10


@dataclass
class Difference:
    """One line on which the two do not agree, and about what."""

    line: bytes
    ours: dict[str, Any]
    theirs: dict[str, Any]
    about: list[str]


@dataclass
class Comparison:
    """How many agreed, of which kinds they were, and where they did not."""

    count: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)


def compare(asked: Iterable[bytes]) -> Comparison:
    """Both answers to every line."""
    found = Comparison()
    for line in asked:
        ours = json.loads(answer_line(line, calendars())[0])
        theirs = answer_by_hand(line)
        found.count += 1
        found.kinds[kind_of(ours)] += 1
        about = list(differing(ours, theirs))
        if about:
            found.differences.append(Difference(line, ours, theirs, about))
    return found


def kind_of(ours: dict[str, Any]) -> str:
    """What sort of answer it is, to see that none is left out."""
    if "error" in ours:
        return f"error {ours['error']['code']}"
    return ours.get("state") or f"window {ours['advice']}"


def differing(ours: dict[str, Any], theirs: dict[str, Any]) -> Iterator[str]:
    """The fields that differ; of an error its code and field, of an explanation what each date counts."""
    said = {name: as_text(value) for name, value in theirs.items() if name not in {"counts", "until"}}
    mine = dict(ours)
    if "error" in mine:
        mine["error"] = {"code": mine["error"]["code"], "field": mine["error"]["field"]}
    told = mine.pop("explanation", None)
    yield from (name for name in sorted(said.keys() | mine.keys()) if said.get(name) != mine.get(name))
    if told is not None and "until" in theirs:
        yield from wrong_lines(told, theirs)


def wrong_lines(told: list[dict[str, Any]], theirs: dict[str, Any]) -> Iterator[str]:
    """Every date once and in order, to the end; each line counts what its dates count."""
    day = None
    for line in told:
        first, last = date.fromisoformat(line["from"]), date.fromisoformat(line["to"])
        if (day is not None and first != day) or last < first or not line["why"] or not line["why_en"]:
            yield "explanation order"
        day = last + timedelta(days=1)
        if theirs["counts"] is not None:
            dates = (first + timedelta(days=n) for n in range((last - first).days + 1))
            counts = sum(theirs["counts"].get(one, 0) for one in dates)
            if abs(counts - line["counts"]) > 1e-6:
                yield f"explanation counts {line['from']}"
    if day is None or day != theirs["until"] + timedelta(days=1):
        yield "explanation end"


def as_text(value: Any) -> Any:
    """Instants and dates as the wire has them."""
    match value:
        case datetime():
            return f"{value.isoformat()}+07:00"
        case date():
            return value.isoformat()
        case list():
            return [as_text(one) for one in value]
        case dict():
            return {name: as_text(one) for name, one in value.items()}
    return value


def main() -> int:
    """Compare so many; exit code 1 if any differ."""
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--count", type=int, default=20_000)
    told.add_argument("--seed", type=int, default=1)
    wanted = told.parse_args()
    total, began = Comparison(), time.monotonic()
    for part in parts(lines(wanted.seed, wanted.count), 10_000):
        found = compare(part)
        total.count += found.count
        total.kinds += found.kinds
        total.differences += found.differences[: SHOWN - len(total.differences)]
        say(f"{total.count:>9,} compared, {len(total.differences)} differ, {time.monotonic() - began:.0f} s")
        if len(total.differences) >= SHOWN:
            break
    for kind, count in sorted(total.kinds.items()):
        say(f"{count:>9,} {kind}")
    for one in total.differences:
        line = one.line.decode(errors="replace")
        say(f"\n{line}\nabout {', '.join(one.about)}\n  ours    {one.ours}\n  by hand {one.theirs}")
    return 1 if total.differences else 0


def parts(asked: Iterator[bytes], size: int) -> Iterator[list[bytes]]:
    """The lines, so many at a time."""
    part: list[bytes] = []
    for line in asked:
        part.append(line)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part


def say(text: str) -> None:
    """A line of progress."""
    print(text, flush=True)  # noqa: T201 - it is a command


if __name__ == "__main__":
    sys.exit(main())
