"""A TCP proxy that can be made to behave like a bad network: late, stuck, broken off, silent, or gone."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace

from deploy.local.ports import LOOPBACK

CHUNK = 65_536
LOOK_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Weather:
    """How the line behaves, to those connected and those who come.

    `delay`: seconds each piece is late. `stalled`: nothing passes or closes. `breaks`: the chance that a
    piece is met by a reset. `silent`: connections are taken and never answered. `gone`: they are refused.
    """

    delay: float = 0.0
    stalled: bool = False
    breaks: float = 0.0
    silent: bool = False
    gone: bool = False


FAIR = Weather()


@dataclass
class Proxy:
    """One port of ours in front of one port of a server. The seed makes breaks repeatable."""

    to: int
    seed: int = 1
    port: int = 0
    weather: Weather = FAIR
    passed: int = 0
    broken: int = 0
    _chance: random.Random = field(default_factory=random.Random)
    _server: asyncio.Server | None = None
    _lines: set[asyncio.Task[None]] = field(default_factory=set)

    async def open(self) -> None:
        """Listen, on the port of last time where there was one."""
        self._chance.seed(self.seed)
        await self._listen()

    async def turn(self, weather: Weather) -> None:
        """From now on the line behaves like this. Going away resets whoever is connected."""
        was, self.weather = self.weather, weather
        if weather.gone and not was.gone:
            await self._away()
        elif was.gone and not weather.gone:
            await self._listen()
        if was.silent and not weather.silent:
            await self._hang_up()

    async def close(self) -> None:
        """Let go of everything."""
        await self._away()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._meet, LOOPBACK, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _away(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        await self._hang_up()

    async def _hang_up(self) -> None:
        for line in list(self._lines):
            line.cancel()
        await asyncio.gather(*self._lines, return_exceptions=True)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = asyncio.create_task(self._line(reader, writer))
        self._lines.add(line)
        line.add_done_callback(self._lines.discard)

    async def _line(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Both directions of one connection, until either ends."""
        far: asyncio.StreamWriter | None = None
        try:
            while self.weather.silent:  # noqa: ASYNC110  (the weather is turned elsewhere)
                await asyncio.sleep(LOOK_SECONDS)
            back, far = await asyncio.open_connection(LOOPBACK, self.to)
            both = [
                asyncio.create_task(self._pass(reader, far)),
                asyncio.create_task(self._pass(back, writer)),
            ]
            try:
                await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for one in both:
                    one.cancel()
                await asyncio.gather(*both, return_exceptions=True)
        except OSError:
            return
        finally:
            for end in (writer, far):
                if end is not None:
                    end.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(CHUNK):
                if self.weather.delay:
                    await asyncio.sleep(self.weather.delay)
                while self.weather.stalled or self.weather.silent:  # noqa: ASYNC110  (likewise)
                    await asyncio.sleep(LOOK_SECONDS)
                if self._chance.random() < self.weather.breaks:
                    self.broken += 1
                    return
                writer.write(piece)
                await writer.drain()
                self.passed += 1


@asynccontextmanager
async def before(to: int, *, port: int = 0, seed: int = 1) -> AsyncIterator[Proxy]:
    """A proxy before this port, for the length of the block."""
    proxy = Proxy(to, seed=seed, port=port)
    await proxy.open()
    try:
        yield proxy
    finally:
        await proxy.close()


def with_breaks(chance: float) -> Weather:
    """Fair, but for a reset now and then."""
    return replace(FAIR, breaks=chance)
