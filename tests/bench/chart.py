"""Pictures for the documentation, drawn as SVG: readable on light and dark pages, titled, without scripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, LEFT, ROW, TOP, FOOT, RIGHT = 960, 340, 46, 64, 26, 150
STYLE = """
text { font: 14px system-ui, sans-serif; fill: #1d2733 }
.title { font-weight: 600; font-size: 17px } .small { font-size: 12px; fill: #4a5a6a }
.page { fill: #ffffff } .met { fill: #1b6e4f } .missed { fill: #b4540a } .plain { fill: #2b5f9e }
.goal { stroke: #1d2733; stroke-width: 2; stroke-dasharray: 5 4 }
@media (prefers-color-scheme: dark) {
  text { fill: #e8edf2 } .small { fill: #b3c0cc } .page { fill: #10161d }
  .met { fill: #4fbf92 } .missed { fill: #f0a04b } .plain { fill: #7fb2ee } .goal { stroke: #e8edf2 }
}"""


@dataclass(frozen=True, slots=True)
class Bar:
    """One line: its name, how long (1 is the dashed line, where there is one), and the figure in words.

    `kind`: met, missed or plain.
    """

    label: str
    share: float
    said: str
    kind: str = "plain"
    below: str = ""


def draw(title: str, note: str, bars: Sequence[Bar], *, goal: str | None = None) -> str:
    """The picture. With `goal`, a dashed line of that name stands at 1, and bars end at twice that."""
    longest = 2.0 if goal else max((bar.share for bar in bars), default=1.0) or 1.0
    height = TOP + ROW * len(bars) + FOOT
    lines = [line for number, bar in enumerate(bars) for line in _bar(bar, TOP + number * ROW, longest)]
    if goal:
        lines += _goal(goal, longest, height)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
            f'aria-labelledby="t d"><title id="t">{escape(title)}</title><desc id="d">{_words(bars)}</desc>',
            f"<style>{STYLE}</style>",
            f'<rect class="page" width="{WIDTH}" height="{height}"/>',
            f'<text class="title" x="12" y="26">{escape(title)}</text>',
            f'<text class="small" x="12" y="46">{escape(note)}</text>',
            *lines,
            "</svg>\n",
        ]
    )


def _bar(bar: Bar, y: int, longest: float) -> list[str]:
    width = max(2.0, _scale(min(bar.share, longest), longest))
    more = "" if bar.share <= longest else "»"
    x, first = LEFT - 10, y + (16 if bar.below else 22)
    return [
        f'<text x="{x}" y="{first}" text-anchor="end">{escape(bar.label)}</text>',
        f'<text class="small" x="{x}" y="{y + 32}" text-anchor="end">{escape(bar.below)}</text>',
        f'<rect class="{bar.kind}" x="{LEFT}" y="{y + 6}" width="{width:.1f}" height="24" rx="3"/>',
        f'<text x="{LEFT + width + 8:.1f}" y="{y + 23}">{more}{escape(bar.said)}</text>',
    ]


def _goal(name: str, longest: float, height: int) -> list[str]:
    x = LEFT + _scale(1.0, longest)
    return [
        f'<line class="goal" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{height - FOOT}"/>',
        f'<text class="small" x="{x:.1f}" y="{height - 8}" text-anchor="middle">{escape(name)}</text>',
    ]


def _scale(share: float, longest: float) -> float:
    return share / longest * (WIDTH - LEFT - RIGHT)


def _words(bars: Sequence[Bar]) -> str:
    return escape("; ".join(f"{bar.label} {bar.below}: {bar.said}" for bar in bars))
