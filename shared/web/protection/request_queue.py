"""The queue of requests: one that would wait too long is refused at once."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

ALWAYS_ADMITTED = 8
"""So many requests are always admitted: the estimate needs some, and a stall must be able to end."""
WINDOW_SECONDS = 0.5
BURST_SECONDS = 0.02
SHARE = 2
"""A caller may hold one of so many places."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`places`: maximum of concurrent requests; `seconds`: how long an admitted one may wait."""

    places: int
    seconds: float


@dataclass(slots=True)
class ServiceRate:
    """The time per request while the queue is never empty, in seconds of the given clock."""

    seconds_each: float = 0.0
    since: float = 0.0
    last: float = 0.0
    done: int = 0
    flow: float = 0.0
    """When the current window started, and how many requests were served in it."""
    flowed: int = 0

    def restart(self, now: float) -> None:
        """Reset the rate: the queue was empty."""
        self.seconds_each, self.since, self.last, self.done, self.flow, self.flowed = 0.0, now, now, 0, now, 0

    def record_done(self, now: float) -> None:
        """Count a served request. A shared commit serves many at once, so a window ends between bursts."""
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
        ):  # a single first request says nothing about many
            seconds_each = (until - since) / done
            self.seconds_each = (self.seconds_each + seconds_each) / 2 if self.seconds_each else seconds_each
            self.since, self.done = until, 0

    def expected_wait(self, waiting: int, now: float) -> float:
        """Seconds until so many are served, by the rate so far or by how long none has been served."""
        return max(waiting * self.seconds_each, now - self.last)


@dataclass(slots=True)
class RequestQueue:
    """The requests being served, in all and per caller."""

    limits: Limits
    clock: Callable[[], float] = time.monotonic
    waiting: int = 0
    _by_caller: Counter[str] = field(default_factory=Counter)
    _rate: ServiceRate = field(default_factory=ServiceRate)

    def shed_reason(self, caller: str) -> "Shed | None":
        """Why this caller would get no place now; None if there is one."""
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
        """Take a place; returns the reason if there is none. Release it with `leave`."""
        shed = self.shed_reason(caller)
        if shed is None:
            self.waiting += 1
            self._by_caller[caller] += 1
        return shed

    def leave(self, caller: str) -> None:
        """Release a place."""
        self.waiting -= 1
        self._by_caller[caller] -= 1
        if not self._by_caller[caller]:
            del self._by_caller[caller]
        self._rate.record_done(self.clock())


@dataclass(frozen=True, slots=True)
class Shed:
    """A shed request: the queue is full, or the caller holds its whole share (`greedy`)."""

    greedy: bool
    seconds: float
