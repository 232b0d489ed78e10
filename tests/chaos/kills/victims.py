"""Hitting a process of a running stack, and seeing it come back."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psutil

from deploy.local.home import Home
from deploy.local.launching import control
from deploy.local.launching.processes import Health
from deploy.local.servers.kafka import brokers_at
from shared.messaging.record.murmur2 import SHARDS
from tests.chaos.kills.doors import Doors
from tests.chaos.kills.plan import Fault, Kind

PATIENCE_SECONDS = 90.0
RELAYS = """
SELECT pid FROM pg_stat_activity
 WHERE application_name = 'motcua relay' AND usename = $1 ORDER BY backend_start"""
SHARDS_HELD = """
SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
 WHERE l.locktype = 'advisory' AND l.granted AND a.application_name = 'motcua relay' AND a.usename = $1
   AND NOT a.pid = ANY($2::int[])"""
SENDERS = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'notification' AND pid = ANY($1::int[])"
SENDER_PIDS = "SELECT pid FROM pg_stat_activity WHERE usename = 'notification'"
IN_THE_AIR = "SELECT count(*) FROM notification.messages WHERE state = 'sending'"


class NeverBackError(RuntimeError):
    """A victim did not become ready again."""


@dataclass(frozen=True)
class Hit:
    """A fault as it happened: seconds until ready again, and how many sends it cut."""

    fault: Fault
    back_after: float
    cut_sends: int = 0


@dataclass(frozen=True)
class Victims:
    """The processes of one stack, found through what its launcher tells of them."""

    home: Home
    doors: Doors

    async def hit(self, fault: Fault) -> Hit:
        """Do it, and wait until the victim is ready again."""
        if fault.kind is Kind.CUT:
            return Hit(fault, await self._cut(fault.victim))
        if fault.kind is Kind.FREEZE:
            return Hit(fault, await self._freeze(fault))
        return await self._kill(fault)

    def row(self, name: str) -> dict[str, Any]:
        """What the launcher says of one process."""
        rows = control.read_progress(self.home).get("processes", [])
        return next(row for row in rows if row["name"] == name)

    async def _kill(self, fault: Fault) -> Hit:
        pid = self._pid(fault.victim)
        family = _family(pid)
        if fault.kind is Kind.FREEZE_KILL:
            _send(family, signal.SIGSTOP)
            await asyncio.sleep(fault.seconds)
        sends = fault.victim == "notification"
        backends = [row["pid"] for row in await self.doors.rows(SENDER_PIDS)] if sends else []
        began = time.monotonic()
        _send(family, signal.SIGKILL)
        cut = await self._left_in_the_air(backends) if sends else 0
        await _until(lambda: self._is_new(fault.victim, pid), str(fault))
        return Hit(fault, time.monotonic() - began, cut)

    async def _freeze(self, fault: Fault) -> float:
        family = _family(self._pid(fault.victim))
        _send(family, signal.SIGSTOP)
        try:
            await asyncio.sleep(fault.seconds)
        finally:
            _send(family, signal.SIGCONT)
        began = time.monotonic()
        await _until(lambda: self._answers(fault.victim), str(fault))
        return time.monotonic() - began

    async def _cut(self, victim: str) -> float:
        """With two processes of a service, the instance's number tells whose session it is."""
        role, _, instance = victim.partition("-")
        pids = [row["pid"] for row in await self.doors.rows(RELAYS, role)]
        chosen = pids[int(instance or 0) : int(instance or 0) + 1]
        began = time.monotonic()
        await self.doors.rows("SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid", chosen)

        async def all_held() -> bool:
            return await self.doors.value(SHARDS_HELD, role, chosen) == SHARDS

        await _until(all_held, f"the shards of {victim}'s relay")
        return time.monotonic() - began

    async def _left_in_the_air(self, backends: list[int]) -> int:
        """How many sends a dead sender left without their answer, once the server knows that it is dead."""

        async def gone() -> bool:
            return await self.doors.value(SENDERS, backends) == 0

        await _until(gone, "the dead sender's connections")
        return await self.doors.value(IN_THE_AIR)

    async def _is_new(self, name: str, before: int) -> bool:
        row = self.row(name)
        return row["phase"] == "ready" and row["pid"] not in (None, before)

    async def _answers(self, name: str) -> bool:
        if name == "postgres":
            return await self.doors.value("SELECT true")
        if name == "kafka":
            return await asyncio.to_thread(brokers_at, self.doors.stack.kafka) > 0
        return await asyncio.to_thread(
            Health(f"http://127.0.0.1:{self.row(name)['port']}/health/ready").is_ready
        )

    def _pid(self, name: str) -> int:
        pid = self.row(name)["pid"]
        if pid is None:
            raise NeverBackError(f"{name} is not running")
        return pid


def _family(pid: int) -> list[psutil.Process]:
    """A server and its children, the server first: a postmaster that lives would replace them."""
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]


def _send(family: list[psutil.Process], sign: signal.Signals) -> None:
    for process in family:
        with suppress(ProcessLookupError):
            os.kill(process.pid, sign)


async def _until(look: Callable[[], Awaitable[bool]], what: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not await look():
        if time.monotonic() > until:
            raise NeverBackError(f"{what}: not ready again after {PATIENCE_SECONDS:.0f} s")
        await asyncio.sleep(0.05)
