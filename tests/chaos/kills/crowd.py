"""Filers and the counter: they file, lose the line, send the same key again, and decide what was filed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from deploy.demo.agencies import temper
from deploy.demo.city_day.filing import Filed
from deploy.demo.dossiers import Filing, project_owners
from deploy.local.counters import AT_A_COUNTER, filing_counter
from tests.chaos.kills.doors import Doors

AT_ONCE = 8
TWICE, REFUSED = 0.10, 0.05
REFUSAL = {"reason_code": "papers_incomplete", "text": "Hồ sơ còn thiếu giấy tờ.", "rule": "Nghị định 118"}


@dataclass
class Crowd:
    """So many people at once; what each got is in `filed`, by the key of the submission."""

    doors: Doors
    seed: int
    filed: dict[str, Filed] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    _waiting: asyncio.Queue[Filing] = field(default_factory=asyncio.Queue)

    def come(self, filings: Iterable[Filing]) -> None:
        """These people want to file now."""
        for filing in filings:
            self._waiting.put_nowait(filing)

    async def work(self) -> None:
        """File whatever waits, until cancelled."""
        async with asyncio.TaskGroup() as together:
            for _ in range(AT_ONCE):
                together.create_task(self._one_after_another())

    async def all_served(self) -> None:
        """Wait until nobody waits any more."""
        await self._waiting.join()

    async def _one_after_another(self) -> None:
        while True:
            filing = await self._waiting.get()
            try:
                await self._serve(filing)
            except Exception as failure:
                self.complaints.append(f"{filing.key}: {failure!r}")
            self._waiting.task_done()

    async def _serve(self, filing: Filing) -> None:
        slip = await self._file(filing)
        if slip is None:
            return
        if temper.roll("twice", self.seed, filing.key) < TWICE:
            again = await self._file(filing)
            if again != slip:
                self.complaints.append(f"{filing.key}: two slips, {slip['code']} and {again}")
        if slip["state"] == "submitted":
            await self._decide(slip["code"], slip["receiving_office"])

    async def _file(self, filing: Filing) -> dict[str, Any] | None:
        stack, channel = self.doors.stack, filing.body["channel"]
        key = stack.counter_api_key if channel in AT_A_COUNTER else None
        if channel == "investor":
            key = stack.agencies[project_owners()[filing.body["place"]["project"]]]
        url, headers = f"{stack.intake_url}/v1/dossiers", {"Idempotency-Key": filing.key}
        if channel in AT_A_COUNTER:
            headers["X-Office"] = filing_counter(filing.body["place"])
        answer = await self.doors.insist("POST", url, key, filing.body, headers=headers)
        if answer.status_code not in (200, 201):
            self.complaints.append(f"{filing.procedure}: {answer.status_code} {answer.text[:300]}")
            return None
        slip = answer.json()
        self.filed[filing.key] = Filed(filing, slip["code"], slip["secret"], slip["receiving_office"])
        return slip

    async def _decide(self, code: str, office: str) -> None:
        stack = self.doors.stack
        refused = temper.roll("refused", self.seed, code) < REFUSED
        verb, body = ("refuse", REFUSAL) if refused else ("accept", None)
        url = f"{stack.intake_url}/v1/dossiers/{code}/{verb}"
        answer = await self.doors.insist(
            "POST", url, stack.counter_api_key, body, headers={"X-Office": office}
        )
        if answer.status_code != 200:
            self.complaints.append(f"{verb} {code}: {answer.status_code} {answer.text[:300]}")


def shares(filings: Sequence[Filing], rounds: int) -> list[Sequence[Filing]]:
    """The filings of each round, evenly."""
    cuts = [len(filings) * n // max(rounds, 1) for n in range(max(rounds, 1) + 1)]
    return [filings[a:b] for a, b in pairwise(cuts)]
