"""How many may wait, and for how long: what would wait longer is turned away at once, before any work."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

ALWAYS_ADMITTED = 8
"""So many are always let in: an estimate needs something under way, and a stall something to end it."""
WINDOW_SECONDS = 0.5
BURST_SECONDS = 0.02
SHARE = 2
"""One caller may hold one place in so many."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`places`: how many requests may be under way; `seconds`: how long one that is let in should wait."""

    places: int
    seconds: float


@dataclass(slots=True)
class ServiceRate:
    """How long one piece of work takes while there is always some, in seconds of the given clock."""

    seconds_each: float = 0.0
    since: float = 0.0
    last: float = 0.0
    done: int = 0
    flow: float = 0.0
    """Since when work has been finished without a pause, and how much."""
    flowed: int = 0

    def restart(self, now: float) -> None:
        """Nothing was waiting: what was known of a busier time says nothing of now."""
        self.seconds_each, self.since, self.last, self.done, self.flow, self.flowed = 0.0, now, now, 0, now, 0

    def record_done(self, now: float) -> None:
        """One is done. A shared commit ends many at once: a window ends between bursts, or in a long flow."""
        if now - self.last > BURST_SECONDS:
            self._measure(self.since, self.last, self.done)
            self.flow, self.flowed = now, 0
        elif now - self.flow >= WINDOW_SECONDS:
            self._measure(self.flow, now, self.flowed)
            self.flow, self.flowed = now, 0
        self.done, self.flowed, self.last = self.done + 1, self.flowed + 1, now

    def _measure(self, since: float, until: float, done: int) -> None:
        if (
            done >= ALWAYS_ADMITTED and until - since >= WINDOW_SECONDS
        ):  # a lone first one says nothing of a crowd
            seconds_each = (until - since) / done
            self.seconds_each = (self.seconds_each + seconds_each) / 2 if self.seconds_each else seconds_each
            self.since, self.done = until, 0

    def expected_wait(self, waiting: int, now: float) -> float:
        """Seconds until so many are done: by the pace so far, or by how long nothing has been finished."""
        return max(waiting * self.seconds_each, now - self.last)


@dataclass(slots=True)
class RequestQueue:
    """The requests under way, each caller's own among them."""

    limits: Limits
    clock: Callable[[], float] = time.monotonic
    waiting: int = 0
    _by_caller: Counter[str] = field(default_factory=Counter)
    _rate: ServiceRate = field(default_factory=ServiceRate)

    def shed_reason(self, caller: str) -> "Shed | None":
        """Why this caller would get no place now; None when there is one."""
        now = self.clock()
        if self.waiting == 0:
            self._rate.restart(now)
        wait = self._rate.expected_wait(self.waiting + 1, now)
        if self._by_caller[caller] >= max(1, self.limits.places // SHARE):
            return Shed(greedy=True, seconds=wait)
        if self.waiting >= self.limits.places or (
            self.waiting >= ALWAYS_ADMITTED and wait > self.limits.seconds
        ):
            return Shed(greedy=False, seconds=wait)
        return None

    def enter(self, caller: str) -> "Shed | None":
        """Take a place, or learn why not. Whoever got one gives it back with `leave`."""
        shed = self.shed_reason(caller)
        if shed is None:
            self.waiting += 1
            self._by_caller[caller] += 1
        return shed

    def leave(self, caller: str) -> None:
        """Done, however it ended."""
        self.waiting -= 1
        self._by_caller[caller] -= 1
        if not self._by_caller[caller]:
            del self._by_caller[caller]
        self._rate.record_done(self.clock())


@dataclass(frozen=True, slots=True)
class Shed:
    """Not let in: the door is full, or this one caller holds its whole share (`greedy`)."""

    greedy: bool
    seconds: float
