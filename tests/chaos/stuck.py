"""A consumer that stands still: by its handler, or by a line on which nothing passes. Does anybody see it?"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from unittest.mock import patch

from shared.messaging.consume import process_batch
from tests.builders.intake import JUDICIAL
from tests.chaos.house import House
from tests.chaos.proxy import FAIR, Proxy, Weather

LOOK_SECONDS = 0.2
Way = Callable[[], Any]


async def stuck_is_seen(
    house: House, line: Proxy, tries: int, *, seed: int = 1, within: float = 60.0
) -> list[float | None]:
    """Seconds until readiness and the board both say so, for each try; None when they never did."""
    chance = random.Random(seed)
    ways: list[Way] = [_handler_hangs, lambda: _line_stalls(line)]
    found: list[float | None] = []
    for _ in range(tries):
        async with chance.choice(ways)():
            await _something_to_do(house, line)
            found.append(await _seen(house, within))
        await house.ready()
        await house.quiet()
    return found


@asynccontextmanager
async def _handler_hangs() -> AsyncIterator[None]:
    """Whatever routing reads, its work on it never ends until the block does."""
    go, real = asyncio.Event(), process_batch.apply_batch

    async def hangs(tx: Any, route: Any, what: Any, handler: Any) -> None:
        if route.label == "dossier.events":
            await go.wait()
        await real(tx, route, what, handler)

    with patch.object(process_batch, "apply_batch", hangs):
        try:
            yield
        finally:
            go.set()


@asynccontextmanager
async def _line_stalls(line: Proxy) -> AsyncIterator[None]:
    """Kafka's connections stay open, and nothing passes on them."""
    await line.turn(Weather(stalled=True))
    try:
        yield
    finally:
        await line.turn(FAIR)


async def _something_to_do(house: House, line: Proxy) -> None:
    """Work that has to move."""
    await house.file(JUDICIAL)


async def _seen(house: House, within: float) -> float | None:
    began = time.monotonic()
    while time.monotonic() - began < within:
        if await _all(_said_by_readiness(house), _said_by_board(house)):
            return time.monotonic() - began
        await asyncio.sleep(LOOK_SECONDS)
    return None


async def _said_by_readiness(house: House) -> bool:
    said = (await house.said("routing"))["consumers"]
    return "stalled" in said or "not answered" in said


async def _said_by_board(house: House) -> bool:
    asked = {"accept": "text/html", "x-api-key": house.keys["operator"]}
    page = await house.http["routing"].get("/board", headers=asked)
    return 'data-value="stuck"' in page.text


async def _all(*questions: Awaitable[bool]) -> bool:
    return all(await asyncio.gather(*questions))
