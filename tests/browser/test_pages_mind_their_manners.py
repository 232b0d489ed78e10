"""Every page, in both languages, at three widths, in both lights: nothing missing for ear, hand or eye."""

import pytest

from deploy.local.stack import Stack
from tests.browser.conftest import Open, Reader
from tests.browser.hands import COPY
from tests.browser.manners import faults

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

ANYONES = ["/", "/procedures", f"/procedures/{COPY}", f"/file/{COPY}", "/track", "/login", "/nowhere"]
WATCHERS = ["/board", "/board/open/open", "/board/today/submitted", "/board/open/late", "/desk", "/held"]
WAYS = [(360, "light", "vi"), (768, "dark", "en"), (1280, "light", "en")]


def visit(reader: Reader, service: str, paths: list[str], lang: str) -> dict[str, list[str]]:
    """What is wrong with each of these pages."""
    found = {}
    for path in paths:
        reader.page.goto(f"{service}{path}?lang={lang}")
        found[path] = faults(reader.page) + [text for text in reader.complaints if "404" not in text]
        reader.complaints.clear()
    return {path: wrong for path, wrong in found.items() if wrong}


@pytest.mark.parametrize(("width", "scheme", "lang"), WAYS)
def test_pages_for_anyone(stack: Stack, open_browser: Open, width: int, scheme: str, lang: str) -> None:
    reader = open_browser(width=width, scheme=scheme)
    assert visit(reader, stack.intake_url, ANYONES, lang) == {}


@pytest.mark.parametrize(("width", "scheme", "lang"), WAYS)
def test_the_counter(stack: Stack, open_browser: Open, width: int, scheme: str, lang: str) -> None:
    reader = open_browser(width=width, scheme=scheme)
    reader.log_in(stack.intake_url, "quay.badinh", "/counter")
    assert visit(reader, stack.intake_url, ["/counter"], lang) == {}


@pytest.mark.parametrize(("width", "scheme", "lang"), WAYS)
def test_pages_for_those_who_run_the_city(
    stack: Stack, open_browser: Open, width: int, scheme: str, lang: str
) -> None:
    reader = open_browser(width=width, scheme=scheme)
    reader.log_in(stack.routing_url, "dieuhanh", "/board")
    assert visit(reader, stack.routing_url, WATCHERS, lang) == {}
    reader.log_in(stack.notification_url, "dieuhanh", "/messages")
    assert visit(reader, stack.notification_url, ["/messages", "/held"], lang) == {}


def test_the_keyboard_reaches_the_content_first(stack: Stack, open_browser: Open) -> None:
    page = open_browser().page
    page.goto(f"{stack.intake_url}/track")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id || location.hash") in {"main", "#main"}


def test_at_twice_the_size_nothing_is_cut_off(stack: Stack, open_browser: Open) -> None:
    """200 % on a 1280 px screen is a page of 640 px."""
    reader = open_browser(width=640)
    assert visit(reader, stack.intake_url, ANYONES, "vi") == {}


def test_light_or_dark_is_remembered(stack: Stack, open_browser: Open) -> None:
    page = open_browser(scripts=False).page
    page.goto(f"{stack.intake_url}/track")
    page.locator(".switches .to-dark").click()
    page.goto(f"{stack.intake_url}/login")
    assert page.locator("html").get_attribute("data-theme") == "dark"
