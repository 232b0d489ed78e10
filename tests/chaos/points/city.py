"""One small city for all crash points: real servers by the launcher, the services as processes of our own."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import httpx

from deploy.local.home import Home
from deploy.local.launching import control
from deploy.local.stack import Stack
from tests.chaos.points import verdict
from tests.chaos.points.bus import Bus
from tests.chaos.points.errands import PARTIES, Errands, Slip
from tests.chaos.points.processes import SERVICES, OwnProcesses

FRIDAY_MORNING = "2026-03-06T09:00:00+07:00"
SETTLED_SECONDS = 45.0


@contextmanager
def servers(folder: Path) -> Iterator[tuple[Stack, Home]]:
    """PostgreSQL, Kafka, log-in, phones and mailboxes; the services are left to whoever asks."""
    own = {"MOTCUA_HOME": str(folder), "MOTCUA_WITHOUT": ",".join(SERVICES)}
    before = {name: os.environ.get(name) for name in own}
    os.environ |= own
    try:
        with control.running_stack(Home(folder), FRIDAY_MORNING, lambda _: None) as standing:
            yield standing.stack, Home(folder)
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


@dataclass
class SmallCity:
    """Everything a scene of dying and coming back needs."""

    stack: Stack
    http: httpx.AsyncClient
    sql: asyncpg.Connection
    processes: OwnProcesses
    bus: Bus
    errands: Errands
    every: list[Slip] = field(default_factory=list)
    in_the_air: set[str] = field(default_factory=set)
    receipts_lost: set[str] = field(default_factory=set)

    @staticmethod
    @asynccontextmanager
    async def open(stack: Stack, home: Home) -> AsyncIterator["SmallCity"]:
        """All three services up and ready, and the parties answering; down again at the end."""
        async with AsyncExitStack() as left:
            http = await left.enter_async_context(httpx.AsyncClient(timeout=20, trust_env=False))
            sql = await asyncpg.connect(stack.postgres_url)
            left.push_async_callback(sql.close)
            processes = OwnProcesses(stack, home, http)
            left.callback(processes.kill, *SERVICES)
            for name in SERVICES:
                processes.start(name)
            await processes.ready(*SERVICES)
            bus = await left.enter_async_context(Bus(stack.kafka, PARTIES))
            yield SmallCity(stack, http, sql, processes, bus, Errands(stack, http))

    async def note_what_is_in_the_air(self) -> None:
        """Their sender just died: what is `sending` may be in doubt, what is `sent` may lack a receipt.

        The text centre counts a receipt as delivered before we see it, so one in memory dies with its reader.
        """
        rows = await self.sql.fetch(
            "SELECT id::text, state FROM notification.messages WHERE state IN ('sending', 'sent')"
        )
        self.in_the_air |= {row["id"] for row in rows if row["state"] == "sending"}
        self.receipts_lost |= {row["id"] for row in rows if row["state"] == "sent"}

    async def settled(self, slips: Sequence[Slip], *, seconds: float = SETTLED_SECONDS) -> list[str]:
        """Complaints about these dossiers once all is at rest; what is only late is waited for."""
        self.every += slips
        return await self._at_rest(slips, seconds)

    async def closing(self) -> list[str]:
        """Complaints about everything that ever happened here, asked once all is at rest."""
        return await self._at_rest(self.every, SETTLED_SECONDS) + await verdict.whole(
            self.sql, self.every, self.bus.records
        )

    async def _at_rest(self, slips: Sequence[Slip], seconds: float) -> list[str]:
        against = ["the judge found no time"]
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while against := await self._complaints(slips):  # noqa: ASYNC110  (facts of other processes)
                    await asyncio.sleep(0.1)
        return against

    async def _complaints(self, slips: Sequence[Slip]) -> list[str]:
        """The cheap questions first: the dear ones only when those are answered well."""
        sql = self.sql
        against = await verdict.lost(sql, slips, self.every)
        against = against or await verdict.mistold(sql, slips, self.in_the_air, self.receipts_lost)
        against = against or await verdict.stuck(sql) + await verdict.doubled(sql, slips)
        if against:
            return against
        if not await self.bus.heard_all():
            return ["the bus was not heard to its end"]
        arrived = (await self.http.get(f"{self.stack.sinks_url}/messages")).json()
        roots = {slip.dossier_id.encode() for slip in slips}
        own = [record for record in self.bus.records if record.key in roots]
        return await verdict.misdelivered(sql, slips, arrived) + verdict.disordered(own)
