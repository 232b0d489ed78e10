"""Logged in as an operator at all three services, every link of every page leads to a page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx

from deploy.local.stack import Stack
from tests.e2e.town import Town

BROWSER = {"Accept": "text/html"}
LINK = re.compile(r'<(?:a|link)\b[^>]*?\bhref="([^"]+)"')
BA_DINH = "00004"
MOST_PAGES = 150
SAME_PAGE = re.compile(r"[?&](?:amp;)?(?:lang|theme)=")
"""The same page in another language or light."""


async def test_no_link_is_dead(stack: Stack, town: Town) -> None:
    slip = await town.files(
        "permanent-residence", place={"dwelling": BA_DINH}, facts={"rented": False}, channel="vneid"
    )
    await town.queued("ward-police", slip, tasks=1)
    services = (stack.intake_url, stack.routing_url, stack.notification_url)
    async with httpx.AsyncClient(timeout=20, trust_env=False, headers=BROWSER) as browser:
        for service in services:
            await _log_in(browser, service, _operator(stack))
        starts = (
            f"{stack.intake_url}/",
            f"{stack.routing_url}/board",
            f"{stack.routing_url}/dossiers/{slip.code}",
            f"{stack.notification_url}/messages",
        )
        visited, dead = await _crawl(browser, services, *starts)
    assert {urlsplit(page).path for page in visited} >= {"/", "/procedures", "/board", "/messages", "/held"}
    assert dead == {}


async def test_a_dead_link_is_found() -> None:
    pages = {"/": '<a class="x" href="/gone">…</a><a href="https://elsewhere.vn/">…</a>', "/gone": None}

    def answer(request: httpx.Request) -> httpx.Response:
        page = pages[request.url.path]
        return httpx.Response(404 if page is None else 200, html=page or "")

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as browser:
        _, dead = await _crawl(browser, ("http://here",), "http://here/")
    assert dead == {"http://here/gone": "404, linked from http://here/"}


def _operator(stack: Stack) -> str:
    return next(str(one["login"]) for one in stack.officers if "operator" in str(one))


async def _log_in(browser: httpx.AsyncClient, service: str, login: str) -> None:
    """Press one's own name on our log-in page, and come back from the issuer."""
    page = (await browser.get(f"{service}/login?next=/held")).text
    form = re.search(r'<form method="post" action="(http[^"]+)">', page)
    assert form, page
    sent = await browser.post(unescape(form[1]), data={"sub": login})
    landed = await browser.get(sent.headers["location"])
    assert landed.status_code == 303, landed.text


async def _crawl(
    browser: httpx.AsyncClient, services: Iterable[str], *starts: str
) -> tuple[set[str], dict[str, str]]:
    """Every page of these services reached from the first; and what is dead, with where it was linked."""
    inside = tuple(service.rstrip("/") + "/" for service in services)
    waiting = dict.fromkeys(starts, "the start")
    seen: set[str] = set()
    dead: dict[str, str] = {}
    while waiting and len(seen) < MOST_PAGES:
        page, came_from = waiting.popitem()
        seen.add(page)
        answer = await browser.get(page)
        if answer.status_code == 404 or answer.status_code >= 500:
            dead[page] = f"{answer.status_code}, linked from {came_from}"
        for link in _links(page, answer):
            if link not in seen and link.startswith(inside):
                waiting.setdefault(link, page)
    return seen, dead


def _links(page: str, answer: httpx.Response) -> list[str]:
    if "location" in answer.headers:
        return [urldefrag(urljoin(page, answer.headers["location"])).url]
    if "html" not in answer.headers.get("content-type", ""):
        return []
    found = [unescape(link) for link in LINK.findall(answer.text)]
    return [urldefrag(urljoin(page, link)).url for link in found if not SAME_PAGE.search(link)]
