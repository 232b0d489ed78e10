"""Simulated officers at counters and desks, and operators. They act through the same API as real ones."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from deploy.demo.agencies import temper, work
from deploy.demo.agencies.hours import nth_slot
from deploy.demo.city_day.city import City
from deploy.demo.city_day.filing import Filed
from deploy.demo.city_day.holiday import Holiday
from deploy.demo.city_day.incidents import A_DAY, Incidents, Intention
from deploy.demo.made_up import COUNTER, OFFICES

REFUSED_SHARE = 0.04
REASONS: dict[str, str] = COUNTER["refusals"]
CONCURRENT_ACTS = 8


@dataclass
class Officers:
    """All simulated officers. They plan their acts from their lists, and act at the planned city times.

    `desks`: parties that work at the desk, without a system of their own. `complaints`: descriptions of
    requests that failed. `late`: codes of dossiers with an apology to sign.
    """

    city: City
    seed: int
    desks: tuple[str, ...]
    slip: Callable[[str], Filed | None]
    intentions: list[Intention] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    late: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.incidents = Incidents(self.city.stack, self.seed, self.slip, self._post)
        self.holiday = Holiday(self.city)

    async def plan_acts(self, now: datetime) -> datetime | None:
        """Plan acts from all lists. Returns the time of the first one; None if there is nothing to do."""
        counter, tasks = await asyncio.gather(self._counter(), self._tasks())
        planned = [
            *counter,
            *self._at_desks(tasks, now),
            *self.incidents.intentions(),
            *self.holiday.intentions(),
        ]
        self.intentions = sorted(planned, key=lambda intention: (intention.at, intention.name))
        return self.intentions[0].at if self.intentions else None

    async def act_until(self, now: datetime) -> None:
        """Do all acts due by `now`, at most `CONCURRENT_ACTS` at a time."""
        due = [intention.do for intention in self.intentions if intention.at <= now]
        for first in range(0, len(due), CONCURRENT_ACTS):
            await asyncio.gather(*(act() for act in due[first : first + CONCURRENT_ACTS]))
        self.intentions = [intention for intention in self.intentions if intention.at > now]

    async def _counter(self) -> Iterable[Intention]:
        stack = self.city.stack
        rows = await self.city.rows(
            f"{stack.intake_url}/v1/counter", stack.operator_api_key, state="submitted"
        )
        return [self._decision(row) for row in rows]

    def _decision(self, row: dict[str, Any]) -> Intention:
        code, office = row["code"], row["receiving_office"]
        slots = 1 + int(temper.roll("counter", self.seed, code) ** 2 * 8)
        at = nth_slot(datetime.fromisoformat(row["submitted_at"]), slots)
        incident = self.incidents.incident_at_counter(row, at)
        if incident is not None:
            return incident
        if not self._is_sample(code) and temper.roll("refused", self.seed, code) < REFUSED_SHARE:
            reason = sorted(REASONS)[int(temper.roll("why", self.seed, code) * len(REASONS))]
            body = {"reason_code": reason, "text": REASONS[reason], "rule": COUNTER["rule"]}
            return Intention(at, f"counter {code}", lambda: self._at_counter(code, office, "refuse", body))
        return Intention(at, f"counter {code}", lambda: self._at_counter(code, office, "accept", {}))

    async def _at_counter(self, code: str, office: str, act: str, body: dict[str, Any]) -> None:
        url = f"{self.city.stack.intake_url}/v1/dossiers/{code}/{act}"
        await self._post(url, self.city.stack.counter_api_key, body, **{"X-Office": office})

    def _is_sample(self, code: str) -> bool:
        """Whether the dossier is a sample: samples get no random refusals."""
        slip = self.slip(code)
        return slip is not None and slip.filing.is_sample

    async def _tasks(self) -> list[dict[str, Any]]:
        """All open tasks that are steps, appointments or apologies."""
        stack = self.city.stack
        rows = await self.city.rows(f"{stack.routing_url}/v1/tasks", stack.operator_api_key)
        return [row for row in rows if row["kind"] in {"step", "appointment", "letter"}]

    def _is_by_hand(self, row: dict[str, Any]) -> bool:
        return row["party"] in self.desks or row["state"] == "declined"

    def _at_desks(self, rows: list[dict[str, Any]], now: datetime) -> Iterator[Intention]:
        """Acts on tasks at desks: of offices without their own system, operators, and heads who sign."""
        open_tasks = Counter(row["code"] for row in rows)
        self.late |= {row["code"] for row in rows if row["kind"] == "letter"}
        for row in rows:
            if row["kind"] == "letter":
                yield self._sign(row)
            elif self._is_by_hand(row) and row["code"] not in self.incidents.waiting:
                yield self._at_desk(row, now, is_only_task=open_tasks[row["code"]] == 1)

    def _at_desk(self, row: dict[str, Any], now: datetime, *, is_only_task: bool) -> Intention:
        if row["state"] == "declined":
            return self._resend(row, now)
        acts = work.plan(_task(row["party"], row), self.seed)
        act = _next_act(acts, row)
        if row["code"] in self.late and temper.roll("forgotten", self.seed, row["code"]) < FORGOTTEN_SHARE:
            act = replace(act, at=nth_slot(act.at, 2 * A_DAY))
        incident = self.incidents.incident_at_desk(row, act.at) if is_only_task else None
        return incident or self._work(row["party"], row, act, now)

    def _work(self, party: str, row: dict[str, Any], act: work.Act, now: datetime) -> Intention:
        verb = _VERBS[act.type]
        body = {"office": row["office"]} | _act_body(act, now) | self._finding_body(row, act)
        url = f"{self.city.stack.routing_url}/v1/tasks/{row['task_id']}/{verb}"
        key = self.city.stack.agencies[party]
        return Intention(act.at, f"{party} {row['code']} {row['step']}", lambda: self._post(url, key, body))

    def _finding_body(self, row: dict[str, Any], act: work.Act) -> dict[str, list[str]]:
        """The findings of a completed task: a share of the councils cannot conclude."""
        fact = FINDINGS_BY_STEP.get((row["procedure"], row["step"]))
        is_inconclusive = temper.roll("found", self.seed, row["code"]) < CANNOT_CONCLUDE_SHARE
        return {"found": [fact]} if fact and is_inconclusive and act.type == work.COMPLETED else {}

    def _sign(self, row: dict[str, Any]) -> Intention:
        """Sign an apology. Heads sign at the desk, even if the office has a system of its own."""
        url = f"{self.city.stack.routing_url}/v1/tasks/{row['task_id']}/sign"
        key = self.city.stack.agencies[row["party"]]
        body = {"office": row["office"], "signed_by": OFFICES["head"]}
        at = nth_slot(datetime.fromisoformat(row["queued_at"]), 1)
        return Intention(at, f"head {row['code']}", lambda: self._post(url, key, body))

    def _resend(self, row: dict[str, Any], now: datetime) -> Intention:
        body = {"office": named_office(row.get("reason") or "") or row["office"]}
        body |= {"reason": OFFICES["office_checked"]}
        stack = self.city.stack
        url = f"{stack.routing_url}/v1/tasks/{row['task_id']}/reroute"
        name = f"operator {row['code']} {row['step']}"
        return Intention(nth_slot(now, 1), name, lambda: self._post(url, stack.operator_api_key, body))

    async def _post(self, url: str, key: str | None, body: dict[str, Any], **headers: str) -> bool:
        """POST an act. Returns whether it succeeded; a failure is added to `complaints`."""
        answer = await self.city.post(url, key, body, **headers)
        if not answer.is_success:
            self.complaints.append(f"{url.rpartition('/v1/')[2]}: {answer.status_code} {answer.text[:300]}")
        return answer.is_success


FINDINGS_BY_STEP = {("disability-certificate", "assess"): "council_cannot_conclude"}
CANNOT_CONCLUDE_SHARE = 0.2
"""The share of councils that cannot conclude."""

FORGOTTEN_SHARE = 0.4
"""The share of late dossiers that a desk leaves for two more days, even after the apology was signed."""

_VERBS = {
    work.STARTED: "start",
    work.COMPLETED: "complete",
    work.DECLINED: "decline",
    work.PROPOSED: "propose-appointment",
    work.KEPT: "record-arrival",
}


def named_office(reason: str) -> str | None:
    """The office named at the end of a reason ("…, đề nghị chuyển LRO.003"); None if there is none."""
    last_word = reason.rpartition(" ")[2]
    return last_word if "." in last_word and last_word.split(".")[0].replace("-", "").isupper() else None


def _task(party: str, row: dict[str, Any]) -> work.Task:
    return work.Task(
        party=party,
        root="",
        dossier_id="",
        task_id=row["task_id"],
        step=row["step"],
        office=row["office"],
        procedure=row["procedure"],
        due_at=datetime.fromisoformat(row["due_at"]),
        queued_at=datetime.fromisoformat(row["queued_at"]),
        outcomes=tuple(row["outcomes"]),
    )


def _next_act(acts: list[work.Act], row: dict[str, Any]) -> work.Act:
    """The next act on the task: start, propose an appointment, record the arrival, complete or decline."""
    by_type = {act.type: act for act in acts}
    if row["state"] != "started":
        return acts[0]
    if work.PROPOSED in by_type and row["appointment"] is None:
        return by_type[work.PROPOSED]
    if work.KEPT in by_type and row["appointment"]["came_at"] is None:
        return by_type[work.KEPT]
    return acts[-1]


def _act_body(act: work.Act, now: datetime) -> dict[str, str]:
    match act.type:
        case work.PROPOSED:
            return {"meet_at": work.meeting_time(max(act.at, now)).isoformat()}
        case work.COMPLETED:
            return work.granted(act.task)
        case work.DECLINED:
            return {"reason": work.NOT_OUR_AUTHORITY}
        case _:
            return {}
