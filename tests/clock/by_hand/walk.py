"""The due date by walking: day by day, or session by session, putting down a unit at each that counts."""

# ruff: noqa: DTZ901 - the city's time is written without its offset here

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.clock.by_hand.wall import DAY, Wall

Span = tuple[datetime, datetime | None]
"""A pause: asked, answered."""


@dataclass
class Job:
    """What is to be walked: so much of a unit from acceptance on, and what interrupts it."""

    wall: Wall
    unit: str
    amount: float
    accepted: datetime
    is_task: bool
    cap: datetime | None = None
    extension: int = 0
    pauses: list[Span] = field(default_factory=list)


class Walk:
    """One walk to its end. `due` is None while the last pause is open; `counted` is units by date."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.wall = job.wall
        self.left = 0 if job.unit == "same_day" else job.amount
        if job.unit == "working_hour":
            self.left = int(job.amount * 3600)
        self.more = job.extension
        self.counted: dict[date, float] = defaultdict(float)
        self.zeros: list[date] = []
        self.due: datetime | None = None
        begins = job.accepted
        for asked, answered in job.pauses:
            self._go(begins, asked)
            if answered is None:
                return
            begins = answered
        self.due = self._go(begins, None)
        if job.cap is not None:
            self.due = min(self.due, job.cap)
        if job.unit == "same_day" and self.zeros[-1] <= self.due.date():
            self.counted[self.zeros[-1]] += 1

    def _go(self, begins: datetime, asked: datetime | None) -> datetime:
        """Put down units from a start to the asking, or until none is left; the instant that was reached."""
        if self.job.unit == "working_hour" and self.left:
            self.zeros.append(begins.date())
            reached = self._sessions(begins, asked)
        else:
            self.zeros.append(self.wall.zero(begins, is_task=self.job.is_task))
            reached = self._limit_days(self.zeros[-1], asked)
        return self._extension_days(reached, asked) if not self.left and self.more else reached

    def _sessions(self, at: datetime, asked: datetime | None) -> datetime:
        stop, cap = asked or datetime.max, self.job.cap or datetime.max
        day = at.date()
        while True:
            for opening, closing in self.wall.hours(day):
                begin = max(at, datetime.combine(day, opening))
                end = min(datetime.combine(day, closing), stop)
                worked = min(self.left, max(0, int((end - begin).total_seconds())))
                self.left -= worked
                self.counted[day] += max(0, min(worked, (cap - begin).total_seconds())) / 3600
                if not self.left:
                    return begin + timedelta(seconds=worked)
            if datetime.combine(day, datetime.max.time()) >= stop:
                return stop
            day += DAY

    def _limit_days(self, zero: date, asked: datetime | None) -> datetime:
        day = zero
        while self.left and (asked is None or day < asked.date()):
            day += DAY
            if self.job.unit == "calendar_day" or self.wall.is_worked(day):
                put = min(1, self.left)
                self.left -= put
                self.counted[day] += put
                if put == 0.5:
                    return datetime.combine(day, self.wall.hours(day)[0][1])
        return (
            self.wall.closes(self.wall.next_worked(day))
            if not self.left
            else datetime.combine(day, datetime.min.time())
        )

    def _extension_days(self, reached: datetime, asked: datetime | None) -> datetime:
        day = reached.date()
        while self.more and (asked is None or day < asked.date()):
            day += DAY
            if self.wall.is_worked(day):
                self.more -= 1
                self.counted[day] += 1
        return self.wall.closes(day) if self.wall.is_worked(day) else reached
