"""What one sees while it runs: one live line on a terminal, a plain line a fault elsewhere."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType

from rich.console import Console
from rich.live import Live
from rich.text import Text

from tests.chaos.kills.plan import Fault
from tests.chaos.kills.victims import Hit


@dataclass
class Show:
    """The counts so far, and the last blow."""

    console: Console
    plan: Sequence[Fault]
    dossiers: int
    filed: int = 0
    done: int = 0
    hits: list[Hit] = field(default_factory=list)
    never_back: list[str] = field(default_factory=list)
    half_done: asyncio.Event = field(default_factory=asyncio.Event)
    now: str = "nothing hit yet"
    _began: float = field(default_factory=time.monotonic)
    _live: Live | None = None

    def __enter__(self) -> Show:
        if self.console.is_terminal:
            self._live = Live(self._line(), console=self.console, refresh_per_second=4)
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def count(self, filed: int, done: int) -> None:
        """So many dossiers by now."""
        self.filed, self.done = filed, done
        if 2 * done >= self.dossiers:
            self.half_done.set()
        self._draw()

    def about_to(self, fault: Fault) -> None:
        """This happens now."""
        self.now = f"{fault} …"
        self._draw()

    def was(self, hit: Hit) -> None:
        """It happened, and the victim is back."""
        self.hits.append(hit)
        cut = f", {hit.cut_sends} sends cut" if hit.cut_sends else ""
        self.now = f"{hit.fault}: ready again after {hit.back_after:.1f} s{cut}"
        self._draw()
        if self._live is None:
            self.console.print(self._line())

    def say(self, what: str) -> None:
        """Another phase."""
        self.now = what
        self._draw()
        if self._live is None:
            self.console.print(self._line())

    def _draw(self) -> None:
        if self._live is not None:
            self._live.update(self._line())

    def _line(self) -> Text:
        return Text(
            f"{time.monotonic() - self._began:5.0f} s · {len(self.hits)} of {len(self.plan)} faults · "
            f"{self.filed} of {self.dossiers} filed, {self.done} done · {self.now}"
        )
