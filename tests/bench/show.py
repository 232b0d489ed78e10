"""Results for people: a table on the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from deploy.cli import screen
from tests.bench.rounds import OURS, THEIRS, Result

COLUMNS = ("stage", "ours", "theirs", "ratio (rounds)", "target", "met", "CPU an item", "machine")


def table(results: Sequence[Result]) -> None:
    """One line a stage; below, what was measured beside."""
    screen.table("Ours beside theirs, medians of interleaved rounds", COLUMNS, [_row(one) for one in results])
    for result in results:
        for line in beside(result):
            screen.say(line)


def beside(result: Result) -> list[str]:
    """The other sides in words: how the twin's untuned self did, and the like."""
    theirs = result.shown(THEIRS).median
    return [
        f"{result.stage.name}: {side} {_figure(result, side)}"
        + (f", so theirs is {theirs / result.shown(side).median:.2f}× that" if side == "untuned" else "")
        for side in result.samples
        if side not in (OURS, THEIRS)
    ]


def _row(result: Result) -> tuple[str, ...]:
    stage, ratio = result.stage, result.ratio
    return (
        f"{stage.ours} / {stage.theirs}",
        _figure(result, OURS),
        _figure(result, THEIRS),
        f"{ratio.median:.2f} ({ratio.low:.2f}–{ratio.high:.2f})",
        str(stage.target or ""),
        {True: "yes", False: "NO", None: ""}[result.met],
        _costs(result),
        str(result.noise),
    )


def _figure(result: Result, side: str) -> str:
    shown = result.shown(side)
    digits = 1 if result.stage.latency else 0
    return f"{shown.median:,.{digits}f} {result.stage.unit} ±{shown.percent:.0f} %"


def _costs(result: Result) -> str:
    """Processor time an item of both, and how many of ours one of theirs would pay for."""
    ours, theirs = result.cpu_us(OURS), result.cpu_us(THEIRS)
    if ours is None or theirs is None:
        return "–"
    return f"{ours:,.0f} / {theirs:,.0f} µs ({theirs / ours:.2f})"
