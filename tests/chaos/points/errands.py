"""Citizens and counters who do not give up: the same act, with the same key, until the door has answered."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import uuid4

import httpx

from deploy.local.stack import Stack

BA_DINH = "00004"
PATIENCE_SECONDS = 40.0
PARTIES = ("city-police", "ward-police")
RECORD: dict[str, Any] = {"procedure": "judicial-record-1", "place": {}, "facts": {"for_use": "xin việc"}}
INCOME: dict[str, Any] = {
    "procedure": "income-confirm-police",
    "place": {"residence": BA_DINH},
    "facts": {"monthly_income_vnd": 12_000_000},
    "papers": [{"type": "TOKHAI", "form": "05", "file": "tokhai.pdf", "bytes": 71680}],
    "delivery": "counter",
}
_people = count(1)


@dataclass(frozen=True, slots=True)
class Slip:
    """What a citizen holds, how the dossier must end, and the facts the citizen is told of on the way."""

    code: str
    dossier_id: str
    end: str
    told: tuple[str, ...]


class Errands:
    """Everyone who wants something of the city while its processes die."""

    def __init__(self, stack: Stack, http: httpx.AsyncClient) -> None:
        self._stack, self._http = stack, http

    async def run(self) -> list[Slip]:
        """A handful of dossiers at once: two straight through, one accepted at the counter, one refused."""
        return [
            *await asyncio.gather(
                self._straight_through(),
                self._straight_through(),
                self._at_counter("accept"),
                self._at_counter("refuse"),
            )
        ]

    async def replay_held(self) -> None:
        """An operator replays what routing holds, until nothing is held any more."""
        url, key = f"{self._stack.routing_url}/v1/held", {"X-API-Key": self._stack.operator_api_key}
        while held := (await self._http.get(url, headers=key)).json():
            await self._http.post(f"{url}/{held[-1]['id']}/replay", headers=key)

    async def _straight_through(self) -> Slip:
        filed = await self._files(RECORD)
        return Slip(filed["code"], filed["dossier_id"], "completed", ("submitted", "accepted", "completed"))

    async def _at_counter(self, act: str) -> Slip:
        filed = await self._files(INCOME)
        said = {"reason_code": "papers_incomplete", "text": "Thiếu chữ ký.", "rule": "Luật Hộ tịch 2014"}
        url = f"{self._stack.intake_url}/v1/dossiers/{filed['code']}/{act}"
        key = {"X-API-Key": self._stack.counter_api_key, "X-Office": filed["receiving_office"]}
        await self._insist(lambda: self._http.post(url, json=said if act == "refuse" else {}, headers=key))
        if act == "refuse":
            return Slip(filed["code"], filed["dossier_id"], "refused", ("submitted", "refused"))
        return Slip(filed["code"], filed["dossier_id"], "completed", ("submitted", "accepted", "completed"))

    async def _files(self, what: dict[str, Any]) -> dict[str, Any]:
        body, key = _body(next(_people), what), {"Idempotency-Key": str(uuid4())}
        url = f"{self._stack.intake_url}/v1/dossiers"
        answer = await self._insist(lambda: self._http.post(url, json=body, headers=key))
        return answer.json()

    async def _insist(self, act: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                try:
                    answer = await act()
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
                    continue
                if answer.status_code in (200, 201):
                    return answer
                if answer.status_code not in (429, 503):
                    raise AssertionError(f"{answer.status_code}: {answer.text}")
                await asyncio.sleep(0.1)


def _body(number: int, what: dict[str, Any]) -> dict[str, Any]:
    return {
        "channel": "online",
        "applicant": {
            "name": "Nguyễn Ví Dụ Yến",
            "sex": "nữ",
            "born": "1991-10-04",
            "id_number": f"099191{number:06}",
        },
        "contact": {
            "phone": f"+8490{number:07}",
            "email": f"vidu{number:04}@example.vn",
            "language": "vi",
            "text": "plain",
        },
        "filed_by": "self",
        "papers": [{"type": "TOKHAI", "file": "tokhai.pdf", "bytes": 71680}],
        "delivery": "electronic",
    } | what


def codes(slips: Sequence[Slip]) -> list[str]:
    """The codes on these slips."""
    return [slip.code for slip in slips]
