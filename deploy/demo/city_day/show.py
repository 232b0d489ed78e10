"""Display of the city day: a live table on a terminal, one line per day elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table

from deploy.demo.city_day.city import City
from deploy.demo.city_day.figures import Figures, figures
from shared.words.product import PRODUCT

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass
class Show:
    """The display. It reads figures no more often than a person can read them."""

    console: Console
    city: City
    first: datetime
    last: datetime
    expected: int
    _live: Live | None = None
    _day: date = date.min
    _figures: Figures = field(default_factory=Figures)
    _steps: int = 0

    def __enter__(self) -> Show:
        if self.console.is_terminal:
            self._live = Live(console=self.console, auto_refresh=False, transient=True)
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            self._live.stop()
            self._live = None

    async def step(self, now: datetime) -> None:
        """Update the display before the clock steps to `now`."""
        self._steps += 1
        if self._live and self._steps % 3 == 0:
            self._figures = await figures(self.city.sql, now)
            self._live.update(self._picture(now), refresh=True)
        if not self._live and self._day not in (date.min, now.date()):
            self._line(await figures(self.city.sql, now))
        self._day = now.date()

    async def end(self, now: datetime) -> None:
        """Show the last line."""
        if not self._live:
            self._line(await figures(self.city.sql, now))

    def _line(self, counts: Figures) -> None:
        weekday = WEEKDAYS[self._day.weekday()]
        done = f"completed {counts.completed:>3}, refused {counts.refused:>2}, late {counts.late:>2}"
        self.console.print(
            f"{self._day} {weekday:<9}  filed {counts.filed:>3}, to receive {counts.waiting:>2}, "
            f"in hand {counts.in_hand:>3}, {done}; texts and letters {counts.messages:>4}",
            highlight=False,
            soft_wrap=True,
        )

    def _picture(self, now: datetime) -> Group:
        counts, total_seconds = self._figures, (self.last - self.first).total_seconds()
        bar = ProgressBar(total=total_seconds, completed=(now - self.first).total_seconds(), width=None)
        head = Table.grid(expand=True)
        head.add_column()
        head.add_column(justify="right")
        head.add_row(
            f"[bold]{WEEKDAYS[now.weekday()]} {now:%d/%m/%Y %H:%M}[/]",
            f"{counts.filed} of {self.expected} filed",
        )
        return Group(
            Panel(Group(head, bar), title=f"{PRODUCT}: the city day"),
            _numbers(counts),
            _holders(counts),
        )


def _numbers(counts: Figures) -> Table:
    table = Table(expand=True, show_edge=False, pad_edge=False)
    for name in ("to receive", "in hand", "completed", "refused", "late", "texts and letters"):
        table.add_column(name, justify="right")
    values = (
        counts.waiting,
        counts.in_hand,
        counts.completed,
        counts.refused,
        counts.late,
        counts.messages,
    )
    table.add_row(*(f"[bold]{value}[/]" for value in values))
    return table


def _holders(counts: Figures) -> Table:
    table = Table(expand=True, title="Who has work now", title_justify="left", show_edge=False)
    table.add_column("party")
    table.add_column("open", justify="right")
    table.add_column("of these late", justify="right")
    for name, count, late in counts.holders:
        table.add_row(name, str(count), f"[red]{late}[/]" if late else "0")
    return table
