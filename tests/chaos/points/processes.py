"""The three services as processes of our own: real ones, forked from a server that has read their code.

A fork stands in milliseconds where a fresh interpreter reads modules for a second, so that services can die
at fifty points within two minutes. Each child dies with its server, and that with us.
"""

import asyncio
import ctypes
import multiprocessing
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.process import BaseProcess

import httpx

from deploy.local.home import Home
from deploy.local.keys import read_keys
from deploy.local.launching.assemble import Servers, environment
from deploy.local.stack import Stack
from tests.builders.wire import until
from tests.chaos.points import doomed
from tests.chaos.points.table import Point

SERVICES = ("routing", "intake", "notification")
READY_SECONDS = 40.0
_PR_SET_PDEATHSIG = 1
_forks = multiprocessing.get_context("forkserver")
_READ_ALREADY = ("tests.chaos.points.doomed", "tests.chaos.points.deaths", "rich.console")
_forks.set_forkserver_preload([*_READ_ALREADY, *(f"services.{name}.main" for name in SERVICES)])


@dataclass(frozen=True)
class Death:
    """How a process ended: the signal or code, and the point it says it died at."""

    exitcode: int | None
    point: str


class OwnProcesses:
    """Starts, kills and watches the services of one stack whose launcher left them out."""

    def __init__(self, stack: Stack, home: Home, http: httpx.AsyncClient) -> None:
        self._stack, self._home, self._http = stack, home, http
        self._keys = read_keys(home)
        self._alive: dict[str, BaseProcess] = {}
        self._fates: dict[str, Point | None] = {}
        self.signs = doomed.Signs(home.folder)

    def start(self, name: str, point: Point | None = None) -> None:
        """Start a service: ordinary, or doomed to die at this point once `signs.armed` is there."""
        log = str(self._home.log_of(name))
        child = _forks.Process(target=_live, args=(name, self._environment(name, point), log), daemon=True)
        child.start()
        self._alive[name], self._fates[name] = child, point

    def fate(self, name: str) -> Point | None:
        """The point this service is doomed to die at."""
        return self._fates[name]

    async def ready(self, *names: str) -> None:
        """Wait until these answer that they are ready."""
        async with asyncio.timeout(READY_SECONDS):
            for name in names:
                while not await self._is_ready(name):  # noqa: ASYNC110  (a fact of another process)
                    await asyncio.sleep(0.1)

    def is_alive(self, name: str) -> bool:
        """Whether this service still runs."""
        return self._alive[name].is_alive()

    async def died(self, name: str, seconds: float) -> Death | None:
        """How it died, or None when it still lives after so long."""

        async def is_dead() -> bool:
            return not self.is_alive(name)

        try:
            await until(is_dead, seconds=seconds)
        except TimeoutError:
            return None
        said = self.signs.died.read_text("utf-8") if self.signs.died.exists() else ""
        return Death(self._alive[name].exitcode, said)

    def kill(self, *names: str) -> None:
        """End these, as a power cut would."""
        for name in names:
            if name in self._alive:
                self._alive[name].kill()
                self._alive.pop(name).join(10)

    async def _is_ready(self, name: str) -> bool:
        if not self.is_alive(name):
            raise RuntimeError(f"{name} ended with {self._alive[name].exitcode}: {self._home.log_of(name)}")
        urls = self._stack.service_urls
        try:
            return (await self._http.get(f"{urls[name]}/health/ready")).status_code == 200
        except httpx.TransportError:
            return False

    def _environment(self, name: str, point: Point | None) -> dict[str, str]:
        servers = Servers([], self._stack.postgres_url, self._stack.kafka)
        told = environment(name, self._home, self._keys, servers) | {"MOTCUA_LOG": "json"}
        if point is not None:
            told |= {"MOTCUA_CRASH_AT": point.name, "MOTCUA_CRASH_SIGNS": str(self._home.folder)}
        return told


def _live(name: str, told: Mapping[str, str], log: str) -> None:
    """A service's whole life, in the child."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(out, stream)
    for known in [key for key in os.environ if key.startswith("MOTCUA_")]:
        del os.environ[known]
    os.environ |= told
    doomed.main(name)
