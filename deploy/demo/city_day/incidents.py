"""Incidents of the simulation: requests for papers or fees, withdrawals, extensions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from deploy.demo.agencies import temper
from deploy.demo.agencies.hours import nth_slot
from deploy.demo.city_day.filing import Filed
from deploy.demo.made_up import OFFICES
from deploy.local.stack import Stack

SHARES = {"supplement": 0.07, "payment": 0.05, "withdrawal": 0.04, "extension": 0.04}
"""The share of dossiers with each incident, at most one per dossier, while it has a single open task."""

A_DAY, A_WEEK = 15, 75
"""Numbers of slots, half an hour each."""

PAPERS: list[str] = OFFICES["papers"]
Post = Callable[..., Awaitable[bool]]
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Intention:
    """An act that one person does at a known city time."""

    at: datetime
    name: str
    do: Callable[[], Awaitable[object]]


@dataclass
class Incidents:
    """The incidents of all dossiers; each depends only on the seed and the code.

    `sent_templates`: by code, the messages that the citizen must receive because of incidents. `waiting`:
    codes of dossiers that wait for their citizen. `planned`: acts that follow from incidents.
    """

    stack: Stack
    seed: int
    slip: Callable[[str], Filed | None]
    post: Post
    sent_templates: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    waiting: set[str] = field(default_factory=set)
    planned: list[Intention] = field(default_factory=list)
    _affected: set[str] = field(default_factory=set)

    def intentions(self) -> list[Intention]:
        """The planned acts that were not done yet."""
        return list(self.planned)

    def incident_at_desk(self, row: Row, at: datetime) -> Intention | None:
        """The incident that replaces the work on this task at this time; None for most tasks."""
        code = row["code"]
        kind = self._kind(code)
        if (
            code in self._affected
            or kind is None
            or row["state"] != "queued"
            or not self._is_possible(kind, row, at)
        ):
            return None
        acts = {
            "supplement": self._ask_papers,
            "payment": self._ask_fee,
            "withdrawal": self._withdraw,
            "extension": self._extend,
        }
        return Intention(at, f"{kind} {code}", lambda: self._run(code, acts[kind](row, at)))

    def incident_at_counter(self, row: Row, at: datetime) -> Intention | None:
        """The request for papers (form 02) before acceptance, for a sample that expects it; else None."""
        slip, code = self.slip(row["code"]), row["code"]
        if slip is None or code in self._affected or slip.filing.expect["outcome"] != "supplement_requested":
            return None
        return Intention(
            at, f"form 02 {code}", lambda: self._run(code, self._ask_missing_papers(row, slip, at))
        )

    async def _ask_missing_papers(self, row: Row, slip: Filed, at: datetime) -> None:
        body = {"answer_by": nth_slot(at, A_WEEK).isoformat()}
        if await self._at_door(row, "ask-supplement", body, counter=slip.receiving_office):
            self.sent_templates[row["code"]].add("supplement")
            self._answer_later(row, at, "supplement", {"items": slip.filing.expect["items"]})

    def summary(self) -> str:
        """The numbers of dossiers by kind of incident, as text."""
        count = Counter(kind for codes in self.sent_templates.values() for kind in codes)
        return ", ".join(f"{kind} {count[kind]}" for kind in sorted(count))

    def _kind(self, code: str) -> str | None:
        slip, chance = self.slip(code), temper.roll("incident", self.seed, code)
        if slip is None or slip.filing.is_sample:
            return None
        for kind, share in SHARES.items():
            if chance < share:
                return kind
            chance -= share
        return None

    def _is_possible(self, kind: str, row: Row, at: datetime) -> bool:
        """Whether the incident can happen. An extension needs a limit and two days before the due date."""
        due = datetime.fromisoformat(row["due_at"])
        return kind != "extension" or (
            nth_slot(at, 2 * A_DAY) < due
            and row["procedure"] != "social-housing-purchase"
            and row["child"] is None
        )

    async def _run(self, code: str, act: Awaitable[None]) -> None:
        self._affected.add(code)
        await act

    async def _ask_papers(self, row: Row, at: datetime) -> None:
        body = {"items": PAPERS, "answer_by": nth_slot(at, A_WEEK).isoformat()}
        if await self._at_desk(row, "ask-supplement", body):
            self._wait_for_citizen(row, "supplement")
            self._answer_later(row, at, "supplement", {"items": ["HDCN"]})

    async def _ask_fee(self, row: Row, at: datetime) -> None:
        body = {"amount": 150_000, "pay_by": nth_slot(at, A_WEEK).isoformat()}
        if await self._at_desk(row, "ask-payment", body):
            self._wait_for_citizen(row, "payment")
            self._answer_later(
                row, at, "payment", {"amount": 150_000, "receipt_ref": f"BL-{row['code'][-4:]}"}
            )

    async def _withdraw(self, row: Row, at: datetime) -> None:
        slip = self.slip(row["code"])
        if slip and await self._at_door(row, "withdraw", {"secret": slip.secret}):
            self._wait_for_citizen(row, "withdrawal")
            self._plan(nth_slot(at, 2), row, "ask-stop", lambda: self._stop(row))

    async def _stop(self, row: Row) -> None:
        if await self._at_desk(row, "ask-stop", {"reason": OFFICES["citizen_withdrew"]}):
            self.sent_templates[row["code"]].add("stopped")

    async def _extend(self, row: Row, at: datetime) -> None:
        body = {"days": 1, "reason": OFFICES["more_checks"], "approved_by": OFFICES["head"]}
        if await self._at_desk(row, "extend", body):
            self.sent_templates[row["code"]].add("extended")

    def _wait_for_citizen(self, row: Row, template: str) -> None:
        """Expect a message, and let offices leave the dossier alone until the citizen has answered."""
        self.sent_templates[row["code"]].add(template)
        self.waiting.add(row["code"])

    def _answer_later(self, row: Row, at: datetime, act: str, body: dict[str, Any]) -> None:
        """Plan the citizen's answer, recorded at the counter one working day later."""
        slip = self.slip(row["code"])
        counter = slip.receiving_office if slip else None

        async def record_answer() -> None:
            if await self._at_door(row, act, body, counter=counter):
                self.waiting.discard(row["code"])

        self._plan(nth_slot(at, A_DAY), row, act, record_answer)

    def _plan(self, at: datetime, row: Row, name: str, act: Callable[[], Awaitable[None]]) -> None:
        async def run_once() -> None:
            self.planned = [planned for planned in self.planned if planned is not intention]
            await act()

        intention = Intention(at, f"{name} {row['code']}", run_once)
        self.planned.append(intention)

    async def _at_desk(self, row: Row, verb: str, body: dict[str, Any]) -> bool:
        url = f"{self.stack.routing_url}/v1/tasks/{row['task_id']}/{verb}"
        return await self.post(url, self.stack.agencies[row["party"]], {"office": row["office"]} | body)

    async def _at_door(self, row: Row, act: str, body: dict[str, Any], *, counter: str | None = None) -> bool:
        """An act of the slip's holder, or of the machine that acts for this counter."""
        url = f"{self.stack.intake_url}/v1/dossiers/{row['code']}/{act}"
        headers = {"Idempotency-Key": str(uuid5(NAMESPACE_URL, url))}
        if counter is None:
            return await self.post(url, None, body, **headers)
        return await self.post(url, self.stack.counter_api_key, body, **headers, **{"X-Office": counter})
