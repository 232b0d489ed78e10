"""Officers at desks without a system of their own, and the operator: they look at their lists and act."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from deploy.local.parties import read_parties
from tests.chaos.kills.doors import Doors

AT_ONCE = 6
PAUSE_SECONDS = 0.4
STALE = frozenset({404, 409, 422})
"""Somebody was quicker, or the list was older than the task: the next look tells."""


@dataclass
class Desks:
    """All who work by hand."""

    doors: Doors
    complaints: list[str] = field(default_factory=list)
    _desks: frozenset[str] = frozenset(party.name for party in read_parties() if party.desk)

    async def work(self) -> None:
        """Look and act, until cancelled."""
        while True:
            rows = [row for row in await self._open_tasks() if self._is_by_hand(row)]
            for first in range(0, len(rows), AT_ONCE):
                await asyncio.gather(*(self._act(row) for row in rows[first : first + AT_ONCE]))
            await asyncio.sleep(PAUSE_SECONDS)

    async def _open_tasks(self) -> list[dict[str, Any]]:
        stack = self.doors.stack
        found: list[dict[str, Any]] = []
        after: str | None = ""
        while after is not None:
            query = {"limit": "500"} | ({"after": after} if after else {})
            url = f"{stack.routing_url}/v1/tasks"
            page = (await self.doors.insist("GET", url, stack.operator_api_key, params=query)).json()
            found, after = found + page["tasks"], page["next"]
        return found

    def _is_by_hand(self, row: dict[str, Any]) -> bool:
        return row["kind"] in {"step", "appointment"} and (
            row["party"] in self._desks or row["state"] == "declined"
        )

    async def _act(self, row: dict[str, Any]) -> None:
        stack = self.doors.stack
        if row["state"] == "declined":
            verb, key = "reroute", stack.operator_api_key
            body = {"office": row["office"], "reason": "Đã xem lại nơi nhận"}
        else:
            key = stack.agencies[row["party"]]
            verb, body = _next_act(row)
        url = f"{stack.routing_url}/v1/tasks/{row['task_id']}/{verb}"
        answer = await self.doors.insist("POST", url, key, body)
        if answer.status_code != 200 and answer.status_code not in STALE:
            self.complaints.append(f"{verb} {row['code']}: {answer.status_code} {answer.text[:300]}")


def _next_act(row: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Finish it; where the citizen comes for it, meet them first."""
    office = {"office": row["office"]}
    meeting = row["appointment"]
    if row["kind"] == "appointment" and meeting is None:
        meet_at = datetime.fromisoformat(row["due_at"]) + timedelta(days=30)
        return "propose-appointment", office | {"meet_at": meet_at.isoformat()}
    if meeting is not None and meeting["came_at"] is None:
        return "record-arrival", office
    return "complete", office | ({"outcome": "granted"} if row["outcomes"] else {})
