"""A story that takes days: its clock moves, its city may be shut for a week, its pages photographed.

With MOTCUA_PICTURES=<folder> each picture a story asks for is taken by a real browser; else none is.
"""

from __future__ import annotations

import os
import signal
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from playwright.async_api import FloatRect, Page, async_playwright

from deploy.local.chromium import find_chromium
from deploy.local.clock import set_clock
from deploy.local.home import Home
from deploy.local.launching import control
from deploy.local.stack import Stack
from tests.browser.conftest import FLAGS
from tests.builders.counters import office_of
from tests.e2e.town import Slip, Town, eventually

TALLEST = 1700
PICTURES = os.environ.get("MOTCUA_PICTURES")


class Days:
    """A city that stands, and those who act in it, from the day the story begins."""

    def __init__(self, home: Home, stack: Stack | None) -> None:
        self._home = home
        self._stack = stack
        self._open = AsyncExitStack()
        self.town: Town

    @property
    def stack(self) -> Stack:
        """Its addresses, as long as it stands."""
        assert self._stack is not None, "the city is shut"
        return self._stack

    async def begin(self, at: datetime) -> None:
        """Its clock stands at this instant, and people come."""
        await self.become(at)
        self.town = await self._open.enter_async_context(Town.open(self.stack))

    async def close(self) -> None:
        """Everybody goes home."""
        await self._open.aclose()
        self._open = AsyncExitStack()

    async def become(self, at: datetime) -> None:
        """The city's clock stands at another instant."""
        await set_clock(self.stack.postgres_url, at)

    def routing_goes(self) -> None:
        """Routing alone does nothing more; everybody else goes on."""
        os.kill(self._routing()["pid"], signal.SIGSTOP)

    async def routing_comes_back(self) -> None:
        """It is ended where it stands, and starts anew."""
        before = self._routing()
        os.kill(before["pid"], signal.SIGKILL)

        async def stands() -> bool | None:
            now = self._routing()
            return (now["phase"] == "ready" and now["restarts"] > before["restarts"]) or None

        await eventually(stands, "routing to stand again")

    def _routing(self) -> dict[str, Any]:
        rows = control.read_progress(self._home)["processes"]
        return next(row for row in rows if row["name"] == "routing")

    async def citizen(self, slip: Slip, act: str, **said: Any) -> httpx.Response:
        """The holder of the slip asks for something."""
        return await self._sends(f"{self._dossier(slip)}/{act}", {"secret": slip.secret} | said, {})

    async def counter(self, slip: Slip, act: str, **said: Any) -> httpx.Response:
        """The counter writes down what a citizen brought or asked."""
        return await self._sends(
            f"{self._dossier(slip)}/{act}",
            said,
            {"X-API-Key": self.stack.counter_api_key, "X-Office": office_of(slip.code)},
        )

    async def asks(self, party: str, task: dict[str, Any], act: str, **said: Any) -> httpx.Response:
        """An office asks for something from its task, and may be refused."""
        url = f"{self.stack.routing_url}/v1/tasks/{task['task_id']}/{act}"
        return await self._sends(
            url, {"office": task["office"]} | said, {"X-API-Key": self.stack.agencies[party]}
        )

    async def operator(self, path: str, said: dict[str, Any]) -> httpx.Response:
        """An operator acts on routing."""
        key = {"X-API-Key": self.stack.operator_api_key}
        return await self._sends(f"{self.stack.routing_url}{path}", said, key)

    async def citizens_picture(self, name: str, slip: Slip) -> None:
        """The tracking page, as the holder of the slip sees it on a phone."""

        async def open_it(page: Page) -> None:
            await page.goto(f"{self.stack.intake_url}/track?new=true")
            await page.fill("input[name=code]", slip.code)
            await page.fill("input[name=secret]", slip.secret)
            await page.click("main button[type=submit], main form button")

        await self._picture(name, 420, open_it)

    async def officers_picture(self, name: str, login: str, path: str) -> None:
        """A page of routing, as an officer sees it."""

        async def open_it(page: Page) -> None:
            await page.goto(f"{self.stack.routing_url}/login?next={path}")
            await page.click(f'button[value="{login}"]')

        await self._picture(name, 1280, open_it)

    async def _picture(self, name: str, width: int, open_it: Any) -> None:
        if PICTURES is None:
            return
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS.split())
            page = await browser.new_page(viewport={"width": width, "height": 800})
            await open_it(page)
            await page.wait_for_load_state("networkidle")
            tall: int = await page.evaluate("document.documentElement.scrollHeight")
            top = FloatRect(x=0, y=0, width=width, height=min(tall, TALLEST))
            await page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True, clip=top)
            await browser.close()

    async def _sends(self, url: str, said: dict[str, Any], key: dict[str, str]) -> httpx.Response:
        async with httpx.AsyncClient(timeout=20, trust_env=False) as http:
            return await http.post(url, json=said, headers={"Idempotency-Key": str(uuid4())} | key)

    def _dossier(self, slip: Slip) -> str:
        return f"{self.stack.intake_url}/v1/dossiers/{slip.code}"


class OwnDays(Days):
    """A city of one story, which it opens and shuts."""

    def __init__(self, home: Home) -> None:
        super().__init__(home, None)

    async def begin(self, at: datetime) -> None:
        """The city opens, its clock standing at this instant."""
        standing = self._open.enter_context(control.running_stack(self._home, at.isoformat(), lambda _: None))
        self._stack = standing.stack
        self.town = await self._open.enter_async_context(Town.open(self.stack))

    async def close(self) -> None:
        """Every process ends; the data stays."""
        await super().close()
        self._stack = None
