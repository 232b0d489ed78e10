"""The desk's forms without scripts: what an officer typed comes back, and to nobody else."""

import re
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from shared.web.auth.sessions import Officer, open_session
from tests.builders.forms import fields_of, switch_language, typed_in
from tests.builders.routing import submitted_case, task_of
from tests.builders.routing_batches import accepted
from tests.integration.routing.conftest import World

pytestmark = pytest.mark.integration
WARD = Officer("ubnd", "Ủy Ví Dụ Ban", "specialist", "WARD.00070")
OTHER = Officer("khac", "Khác Ví Dụ", "specialist", "WARD.00070")
PAPERS = {"items": "Giấy A chưa ký\nGiấy B <mờ>", "answer_by": "2026-04-20"}


@pytest.fixture
async def browser(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """An officer's browser, in front of the same service."""
    made = await world.browser_of(WARD)
    made.headers["accept"] = "text/html"
    async with made:
        yield made


@pytest.fixture
async def task(world: World) -> str:
    """The address of a task on this desk."""
    (case,) = await accepted(world.routing, [submitted_case("disability-certificate")])
    return f"/desk/tasks/{task_of(case, 'convene').id}"


@pytest.mark.parametrize("way", ["before", "after"])
async def test_the_language_switch_keeps_a_list_of_papers(
    browser: httpx.AsyncClient, task: str, way: str
) -> None:
    action = f"{task}/ask/ask-supplement"
    typed = PAPERS
    page = await browser.get(task)
    if way == "after":
        typed = PAPERS | {"answer_by": ""}
        page = await browser.post(action, data=fields_of(page, action) | typed)
        assert page.status_code == 422
        assert typed_in(page, action, typed) == typed
    switched = await switch_language(browser, page, action, **typed)
    assert '<html lang="en"' in switched.text
    assert typed_in(switched, action, typed) == typed
    assert re.search(r'<details id="ask-supplement" open', switched.text)


async def test_the_link_in_the_frame_keeps_a_form_that_was_refused(
    browser: httpx.AsyncClient, task: str
) -> None:
    action = f"{task}/ask/ask-supplement"
    typed = PAPERS | {"answer_by": ""}
    page = await browser.get(task)
    refused = await browser.post(action, data=fields_of(page, action) | typed)
    link = re.search(r'href="([^"]+lang=en)" hreflang', refused.text)
    assert link
    switched = await browser.get(link[1], follow_redirects=True)
    assert typed_in(switched, action, typed) == typed


async def test_a_session_that_ended_leads_back_to_the_filled_form(
    world: World, browser: httpx.AsyncClient, task: str
) -> None:
    action = f"{task}/decline"
    typed = {"reason": "Không thuộc địa bàn"}
    form = fields_of(await browser.get(task), action) | typed
    browser.cookies.delete("motcua_routing")
    sent = await browser.post(action, data=form)
    login = urlsplit(sent.headers["location"])
    assert login.path == "/login"
    back = parse_qs(login.query)["next"][0]
    for officer, expected in ((OTHER, ""), (WARD, "Không thuộc địa bàn")):
        browser.cookies.delete("motcua_routing")
        browser.cookies.set("motcua_routing", await open_session(world.routing, officer))
        assert typed_in(await browser.get(back), action, typed) == {"reason": expected}


async def test_another_officer_does_not_act_with_the_first_ones_form(
    world: World, browser: httpx.AsyncClient, task: str
) -> None:
    action = f"{task}/decline"
    form = fields_of(await browser.get(task), action) | {"reason": "Không thuộc địa bàn"}
    browser.cookies.delete("motcua_routing")
    browser.cookies.set("motcua_routing", await open_session(world.routing, OTHER))
    sent = await browser.post(action, data=form)
    assert (sent.status_code, "người đăng nhập đã đổi" in sent.text) == (409, True)
    assert await world.routing.fetchval("SELECT count(*) FROM tasks WHERE state = 'declined'") == 0


async def test_an_old_token_gives_the_form_again(browser: httpx.AsyncClient, task: str) -> None:
    action = f"{task}/decline"
    typed = {"reason": "Không thuộc địa bàn"}
    form = fields_of(await browser.get(task), action) | typed | {"csrf": "old"}
    sent = await browser.post(action, data=form)
    back = await browser.get(sent.headers["location"])
    assert typed_in(back, action, typed) == typed
    assert "mở đã lâu" in back.text
