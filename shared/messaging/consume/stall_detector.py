"""Whether a subscription gets on: by progress and never by ping, in time that only runs forward."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class StallThresholds:
    """Seconds: between two looks, until a complaint, and until a subscription is started again.

    Work in hand is no complaint: only work that nobody has moved for a while.
    """

    look: float = 1.0
    complain: float = 10.0
    restart: float = 60.0


@dataclass(slots=True)
class StallDetector:
    """One subscription so far. `stuck_since`: work waits and nothing moves; `mute_since`: no answer."""

    stuck_since: float | None = None
    mute_since: float | None = None
    handled: int = 0

    def observe(self, waiting: int | None, handled: int, now: float) -> None:
        """A look: how many records wait (None: Kafka did not say), and how many batches were ever handled."""
        has_progressed = handled != self.handled
        self.handled = handled
        if waiting is None:
            self.mute_since = self.mute_since or now
            return
        self.mute_since = None
        if waiting == 0 or has_progressed:
            self.stuck_since = None
        if waiting:
            self.stuck_since = self.stuck_since or now

    def problem(self, patience: float, now: float) -> str | None:
        """Why this subscription does not get on, once it has lasted."""
        if self.stuck_since is not None and now - self.stuck_since > patience:
            return f"stalled for {now - self.stuck_since:.0f} s"
        if self.mute_since is not None and now - self.mute_since > patience:
            return f"Kafka has not answered for {now - self.mute_since:.0f} s"
        return None

    def should_restart(self, patience: float, now: float) -> bool:
        """Whether starting again is all that is left."""
        since = min((at for at in (self.stuck_since, self.mute_since) if at is not None), default=now)
        return now - since > patience


@dataclass(slots=True)
class StallDetectors:
    """Of every subscription of a service, by its label."""

    patience: StallThresholds = field(default_factory=StallThresholds)
    clock: Callable[[], float] = time.monotonic
    of: dict[str, StallDetector] = field(default_factory=dict)

    def observe(self, label: str, waiting: int | None, handled: int) -> bool:
        """Note a look; whether it is time to start this subscription again."""
        now = self.clock()
        detector = self.of.setdefault(label, StallDetector())
        detector.observe(waiting, handled, now)
        return detector.should_restart(self.patience.restart, now)

    def reset(self, label: str) -> None:
        """It was started again."""
        self.of.pop(label, None)

    def problems(self) -> list[str]:
        """Those that lasted, each with its label."""
        now = self.clock()
        complaints: list[str] = []
        for label, detector in self.of.items():
            problem = detector.problem(self.patience.complain, now)
            if problem is not None:
                complaints.append(f"{label}: {problem}")
        return complaints
