"""A real Chromium in front of a real stack, for those machines that have one."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from deploy.local.home import Home
from deploy.local.launching import control, spawn
from deploy.local.launching.leftovers import end_leftovers
from deploy.local.stack import Stack, read_stack

AT = "2026-03-06T09:00:00+07:00"
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --disable-background-networking"
    " --disable-component-update --disable-sync"
)


@dataclass
class Reader:
    """A person with a browser. What the browser complains about is kept."""

    context: BrowserContext
    page: Page
    complaints: list[str]

    def log_in(self, service: str, login: str, path: str) -> None:
        """Choose an officer on our log-in page and land where one wanted."""
        self.page.goto(f"{service}/login?next={path}")
        self.page.locator(f'button[value="{login}"]').click()
        self.page.wait_for_url(f"{service}{path}**")


Open = Callable[..., Reader]


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The stack named by MOTCUA_TEST_HOME if one runs there, else one of our own, the clock standing."""
    running = os.environ.get("MOTCUA_TEST_HOME")
    if running:
        yield read_stack(Home(Path(running)))
        return
    home = Home(tmp_path_factory.mktemp("stack"))
    launcher = control.start_launcher(home, AT, tied=True)
    try:
        yield control.follow(home, launcher, lambda _: None)
    finally:
        spawn.stop(launcher, signal.SIGTERM, patience=60)
        end_leftovers(home)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The Chromium found on the path; without one these tests are left out."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS.split())
        yield browser
        browser.close()


@pytest.fixture
def open_browser(chromium: Browser) -> Iterator[Open]:
    """`open_browser(width=360, scripts=False, scheme="dark")` gives a fresh reader."""
    opened: list[BrowserContext] = []

    def fresh(*, width: int = 1280, scripts: bool = True, scheme: str = "light") -> Reader:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            color_scheme="dark" if scheme == "dark" else "light",
            locale="vi-VN",
        )
        opened.append(context)
        page, complaints = context.new_page(), []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        return Reader(context, page, complaints)

    yield fresh
    for context in opened:
        context.close()


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    """A machine beside the reader."""
    with httpx.Client(timeout=10) as client:
        yield client
