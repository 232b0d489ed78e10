"""Citizens who go on filing whatever happens, each the same dossier with the same key until it is taken."""

import asyncio
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import httpx

from tests.builders.intake import JUDICIAL

EVERY_SECONDS = 0.25
AGAIN_SECONDS = 0.5
TAKEN = frozenset({200, 201})


@dataclass(frozen=True, slots=True)
class Slip:
    """A dossier that was taken, and when (in `time.monotonic`)."""

    key: UUID
    code: str
    at: float


@dataclass
class Citizens:
    """One more every quarter of a second."""

    door: httpx.AsyncClient
    slips: list[Slip] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    mute: int = 0
    _filing: set[asyncio.Task[None]] = field(default_factory=set)
    _coming: asyncio.Task[None] | None = None

    def come(self) -> None:
        """From now on they come."""
        self._coming = asyncio.create_task(self._come())

    async def go(self) -> None:
        """Nobody new comes; those who stand at the door stay until they are served."""
        if self._coming is not None:
            self._coming.cancel()
            with suppress(asyncio.CancelledError):
                await self._coming
        await asyncio.gather(*self._filing)

    def taken_since(self, moment: float) -> list[Slip]:
        """Those served since."""
        return [slip for slip in self.slips if slip.at >= moment]

    async def _come(self) -> None:
        while True:
            one = asyncio.create_task(self._file(uuid4()))
            self._filing.add(one)
            one.add_done_callback(self._filing.discard)
            await asyncio.sleep(EVERY_SECONDS)

    async def _file(self, key: UUID) -> None:
        while True:
            headers = {"Idempotency-Key": str(key)}
            answer = await self.door.post("/v1/dossiers", json=JUDICIAL, headers=headers)
            self.statuses[answer.status_code] += 1
            if answer.status_code in TAKEN:
                self.slips.append(Slip(key, answer.json()["code"], time.monotonic()))
                return
            self.mute += "retry-after" not in answer.headers
            await asyncio.sleep(AGAIN_SECONDS)
