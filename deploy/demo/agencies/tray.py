"""The planned acts of all simulated offices."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from deploy.demo.agencies.kafka_log import PartiesLog, closed_task, read_task
from deploy.demo.agencies.work import Act, as_written, plan


@dataclass
class Tray:
    """The acts that remain for each task. `written_ids`: ids of replies that were written already."""

    log: PartiesLog
    seed: int
    written_ids: set[str]
    open: dict[str, list[Act]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def read(self) -> None:
        """Read new records: plan the acts of queued tasks, and drop those of closed tasks."""
        for record in self.log.new_records():
            if task := read_task(record):
                self.open[task.task_id] = [
                    act for act in plan(task, self.seed) if act.id not in self.written_ids
                ]
                self._count("tasks")
            elif closed_id := closed_task(record):
                self.open.pop(closed_id, None)

    def act_until(self, now: datetime) -> int:
        """Write all replies that are due by `now`, in order of time. Returns their number."""
        due = [act for acts in self.open.values() for act in acts if act.at <= now]
        due.sort(key=lambda act: (act.at, act.task.facts, not act.is_invalid))
        self.log.write([as_written(act, now) for act in due])
        for act in due:
            self._record(act)
        ids = {act.id for act in due}
        self.open = {
            task: remaining
            for task, acts in self.open.items()
            if (remaining := [act for act in acts if act.id not in ids])
        }
        return len(due)

    def next_act(self) -> datetime | None:
        """The city time of the next act; None if nothing is planned."""
        return min((act.at for acts in self.open.values() for act in acts), default=None)

    def _record(self, act: Act) -> None:
        self.written_ids.add(act.id)
        self._count("rubbish" if act.is_invalid else act.type.split(".")[1])
        if act.copies > 1:
            self._count("sent_twice")

    def _count(self, kind: str) -> None:
        self.counts[kind] = self.counts.get(kind, 0) + 1
