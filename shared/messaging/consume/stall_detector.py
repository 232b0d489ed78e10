"""Detection of stalled subscriptions by their progress, in monotonic time."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class StallThresholds:
    """Seconds between two observations, until a complaint, and until a restart.

    Waiting records alone are no complaint: only those that wait without any progress.
    """

    look: float = 1.0
    complain: float = 10.0
    restart: float = 60.0


@dataclass(slots=True)
class StallDetector:
    """The state of one subscription. `stuck_since`: no progress since; `mute_since`: no answer since."""

    stuck_since: float | None = None
    mute_since: float | None = None
    handled: int = 0

    def observe(self, waiting: int | None, handled: int, now: float) -> None:
        """Record an observation: waiting records (None: Kafka did not answer) and batches handled so far."""
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
        """Why this subscription makes no progress, if that has lasted longer than `patience` seconds."""
        if self.stuck_since is not None and now - self.stuck_since > patience:
            return f"stalled for {now - self.stuck_since:.0f} s"
        if self.mute_since is not None and now - self.mute_since > patience:
            return f"Kafka has not answered for {now - self.mute_since:.0f} s"
        return None

    def should_restart(self, patience: float, now: float) -> bool:
        """Whether it has lasted longer than `patience` seconds."""
        since = min((at for at in (self.stuck_since, self.mute_since) if at is not None), default=now)
        return now - since > patience


@dataclass(slots=True)
class StallDetectors:
    """The detectors of a service's subscriptions, by label."""

    patience: StallThresholds = field(default_factory=StallThresholds)
    clock: Callable[[], float] = time.monotonic
    of: dict[str, StallDetector] = field(default_factory=dict)

    def observe(self, label: str, waiting: int | None, handled: int) -> bool:
        """Record an observation. Returns whether to restart the subscription."""
        now = self.clock()
        detector = self.of.setdefault(label, StallDetector())
        detector.observe(waiting, handled, now)
        return detector.should_restart(self.patience.restart, now)

    def reset(self, label: str) -> None:
        """Forget the observations of a restarted subscription."""
        self.of.pop(label, None)

    def problems(self) -> list[str]:
        """All lasting problems, each with its label."""
        now = self.clock()
        complaints: list[str] = []
        for label, detector in self.of.items():
            problem = detector.problem(self.patience.complain, now)
            if problem is not None:
                complaints.append(f"{label}: {problem}")
        return complaints
