"""The acts of an office on one task, planned when it reads the task, each with its city time."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from deploy.demo.agencies import temper
from deploy.demo.agencies.hours import nth_slot, slots_between

TYPE_PREFIX = "vn.motcua."
"""Names of types have it on the wire, and not in the ids of replies, which stay what they were."""
STARTED, COMPLETED, DECLINED = "task.started.v1", "task.completed.v1", "task.declined.v1"
PROPOSED, KEPT = "appointment.proposed.v1", "appointment.kept.v1"
MEETINGS = frozenset({("marriage", "register"), ("disability-certificate", "assess")})
"""(Procedure, step) pairs for which the citizen comes in person."""
NAMES = uuid.UUID("6f6c2d0e-3b5a-5b0e-9f3b-4d0c7a1e2b11")
NOT_OUR_AUTHORITY = "Chưa đúng thẩm quyền, đề nghị xem lại nơi nhận"
LAND_BRANCHES = tuple(f"LRO.{number:03}" for number in (*range(1, 10), *range(16, 22)))


@dataclass(frozen=True)
class Task:
    """A `task.queued.v1` record as read by its party. `outcomes`: the words of which one ends it."""

    party: str
    root: str
    dossier_id: str
    task_id: str
    step: str
    office: str
    procedure: str
    due_at: datetime
    queued_at: datetime
    outcomes: tuple[str, ...] = ()

    @property
    def facts(self) -> tuple[str, ...]:
        """The fields that are the same in every run; ids are not."""
        times = (self.due_at.isoformat(), self.queued_at.isoformat())
        return (self.party, self.procedure, self.step, self.office, *times)


@dataclass(frozen=True)
class Act:
    """A reply to write. `at`: city time; `copies`: how often it is sent."""

    at: datetime
    task: Task
    type: str
    id: str
    value: bytes
    copies: int = 1

    @property
    def is_invalid(self) -> bool:
        return self.id.startswith("rubbish-")


def plan(task: Task, seed: int) -> list[Act]:
    """The acts of the office on this task, in order."""
    office_temper, facts = temper.temper_of(task.party), (seed, *task.facts)
    slot_count = max(slots_between(task.queued_at, task.due_at), 2)
    last_slot = max(ceil(slot_count * temper.share_of_time(office_temper, *facts)), 2)
    first_at = nth_slot(task.queued_at, max(last_slot // 3, 1))
    invalid_replies = (
        [_invalid_reply(task, first_at, seed)]
        if temper.roll("rubbish", *facts) < office_temper.invalid
        else []
    )
    if temper.roll("declines", *facts) < office_temper.declines:
        return [*invalid_replies, _reply(task, first_at, DECLINED, {"reason": _reason(task, facts)})]
    copies = 2 if temper.roll("twice", *facts) < office_temper.duplicates else 1
    end = nth_slot(task.queued_at, last_slot)
    meeting = _meeting(task, first_at) if (task.procedure, task.step) in MEETINGS else []
    end = max([end, *(nth_slot(act.at, 1) for act in meeting)])
    return [
        *invalid_replies,
        _reply(task, first_at, STARTED, {}),
        *meeting,
        _reply(task, end, COMPLETED, granted(task), copies),
    ]


def granted(task: Task) -> dict[str, str]:
    """The outcome of a completion: granted, if the task has outcomes."""
    return {"outcome": "granted"} if "granted" in task.outcomes else {}


def _meeting(task: Task, begun_at: datetime) -> list[Act]:
    """An appointment that the citizen keeps: the proposal and the arrival."""
    return [_proposal(task, begun_at, begun_at), _reply(task, meeting_time(begun_at), KEPT, {})]


def _proposal(task: Task, at: datetime, now: datetime) -> Act:
    return _reply(task, at, PROPOSED, {"meet_at": meeting_time(now).isoformat()})


def meeting_time(now: datetime) -> datetime:
    """The time of an appointment that is proposed now: the second slot from now."""
    return nth_slot(now, 2)


def as_written(act: Act, now: datetime) -> Act:
    """The act as written now: a late proposal gets a time that is still in the future."""
    return _proposal(act.task, act.at, max(act.at, now)) if act.type == PROPOSED else act


def _reply(task: Task, at: datetime, type_: str, extra_data: dict[str, str], copies: int = 1) -> Act:
    data = {"task_id": task.task_id, "office": task.office} | extra_data
    value = json.dumps({"dossier_id": task.dossier_id} | data, ensure_ascii=False).encode()
    return Act(at, task, type_, str(uuid.uuid5(NAMES, f"{task.task_id} {type_}")), value, copies)


def _invalid_reply(task: Task, at: datetime, seed: int) -> Act:
    """An invalid reply: broken JSON, the office of another party, or an unknown event type."""
    kind = int(temper.roll("which rubbish", seed, *task.facts) * 3)
    id_ = f"rubbish-{uuid.uuid5(NAMES, task.task_id)}"
    valid = _reply(task, at, STARTED, {})
    if kind == 0:
        return Act(at, task, STARTED, id_, valid.value[:-9])
    if kind == 1:
        other = valid.value.replace(task.office.encode(), b"PASC-SP.00070")
        return Act(at, task, COMPLETED, id_, other)
    return Act(at, task, "task.finished.v9", id_, valid.value)


def _reason(task: Task, facts: tuple[object, ...]) -> str:
    """The reason for declining; the land registry names the branch that is responsible."""
    if task.office.startswith("LRO."):
        others = [branch for branch in LAND_BRANCHES if branch != task.office]
        correct_office = others[int(temper.roll("whose", *facts) * len(others))]
        return f"Thửa đất do chi nhánh khác quản lý, đề nghị chuyển {correct_office}"
    return NOT_OUR_AUTHORITY
