"""The whole way: our log-in page, the issuer's form, back with a code, a session in the database."""

import asyncio
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from deploy.demo.issuer import HEALTH, OFFICERS
from deploy.local.launching.spawn import Run, start, stop
from shared.web.auth import login
from tests.builders.web import BROWSER, add_pages, client, identify, make_app
from tests.integration.conftest import PoolFor

pytestmark = pytest.mark.integration


@pytest.fixture
async def issuer(tmp_path: Path) -> AsyncIterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    argv = [sys.executable, "-m", "deploy.demo.issuer"]
    env = {"MOTCUA_ISSUER_PORT": str(port), "MOTCUA_OFFICERS": str(OFFICERS)}
    child = start(Run(argv, tmp_path / "issuer.log", env=env, cwd=Path.cwd()))
    url = f"http://127.0.0.1:{port}"
    await _answers(url + HEALTH)
    yield url
    stop(child, signal.SIGTERM, 5)


@pytest.fixture
async def pool(pool_for: PoolFor) -> asyncpg.Pool:
    return await pool_for("intake")


@pytest.fixture
def app(issuer: str, pool: asyncpg.Pool, tmp_path: Path) -> FastAPI:
    app = make_app(tmp_path, pool, identify, oidc_issuer=issuer, officers=OFFICERS)
    add_pages(app, tmp_path)
    return app


async def _answers(url: str) -> None:
    async with httpx.AsyncClient() as http:
        for _ in range(200):
            try:
                (await http.get(url)).raise_for_status()
                return
            except httpx.HTTPError:
                await asyncio.sleep(0.05)
    raise TimeoutError(url)


async def _choose(browser: httpx.AsyncClient, who: str, next_page: str = "/hello") -> httpx.Response:
    """What a person does: open the page, press a name, follow the issuer back."""
    page = await browser.get("/login", params={"next": next_page}, headers=BROWSER)
    form = re.search(r'<form method="post" action="(http[^"]+)"><button class="choice"', page.text)
    assert form, page.text
    async with httpx.AsyncClient() as outside:
        sent = await outside.post(unescape(form[1]), data={"sub": who})
    assert sent.status_code == 302, sent.text
    back = urlsplit(sent.headers["location"])
    return await browser.get(f"{back.path}?{back.query}", headers=BROWSER)


async def test_the_page_names_every_made_up_officer_with_their_office(app: FastAPI) -> None:
    page = (await client(app).get("/login", headers=BROWSER)).text
    for officer in login.local_officers(OFFICERS):
        assert officer["name"] in page
        assert officer["place_vi"] in page


async def test_after_logging_in_one_is_where_one_wanted_and_known(app: FastAPI) -> None:
    browser = client(app)
    landed = await _choose(browser, "quay.hoankiem", "/hello?x=1")
    page = await browser.get(landed.headers["location"], headers=BROWSER)
    assert landed.headers["location"] == "/hello?x=1"
    assert "Nguyễn Ví Dụ Hạnh" in page.text


async def test_the_cookie_is_random_and_the_database_holds_only_its_hash(
    app: FastAPI, pool: asyncpg.Pool
) -> None:
    browser = client(app)
    await _choose(browser, "quay.hoankiem")
    secret = browser.cookies["motcua_intake"]
    rows = await pool.fetch("SELECT id_hash, login, office FROM web_sessions")
    assert [(row["login"], row["office"]) for row in rows] == [("quay.hoankiem", "PASC-SP.00070")]
    assert secret.encode() not in rows[0]["id_hash"]


async def test_logging_out_ends_the_session_in_the_database(app: FastAPI, pool: asyncpg.Pool) -> None:
    browser = client(app)
    await _choose(browser, "quay.hoankiem")
    page = await browser.get("/hello", headers=BROWSER)
    token = re.search(r'name="csrf" value="(\w+)"', page.text)
    assert token
    await browser.post("/logout", data={"csrf": token[1]})
    assert await pool.fetchval("SELECT count(*) FROM web_sessions") == 0
    assert (await browser.get("/hello", headers=BROWSER)).status_code == 303


async def test_who_logs_out_comes_back_to_a_form_of_ours_alone(app: FastAPI) -> None:
    browser = client(app)
    for wanted, landed in (("/open?kept=session", "/open?kept=session"), ("https://evil.example", "/")):
        await _choose(browser, "quay.hoankiem")
        page = await browser.get("/hello", headers=BROWSER)
        token = re.search(r'name="csrf" value="(\w+)"', page.text)
        assert token
        out = await browser.post("/logout", data={"csrf": token[1], "next": wanted})
        assert out.headers["location"] == landed


async def test_the_login_says_that_a_form_waits(app: FastAPI) -> None:
    page = await client(app).get("/login", params={"next": "/hello?kept=session"}, headers=BROWSER)
    assert "Phiên làm việc đã hết" in page.text
    assert "Phiên làm việc đã hết" not in (await client(app).get("/login", headers=BROWSER)).text


async def test_another_browsers_code_does_not_log_this_one_in(app: FastAPI) -> None:
    mine, theirs = client(app), client(app)
    await mine.get("/login", headers=BROWSER)
    stolen = await theirs.get("/login", headers=BROWSER)
    state = re.search(r"state=([\w-]+)", stolen.text)
    assert state
    answer = await mine.get(f"/auth/callback?code=x&state={state[1]}", headers=BROWSER)
    assert (answer.status_code, "motcua_intake" in mine.cookies) == (401, False)


async def test_a_code_the_issuer_never_gave_is_refused(app: FastAPI) -> None:
    browser = client(app)
    page = await browser.get("/login", headers=BROWSER)
    state = re.search(r"state=([\w-]+)", page.text)
    assert state
    answer = await browser.get(f"/auth/callback?code=made-up&state={state[1]}", headers=BROWSER)
    assert (answer.status_code, "Đăng nhập không thành công" in answer.text) == (401, True)


async def test_the_issuer_knows_nobody_else(app: FastAPI, issuer: str) -> None:
    async with httpx.AsyncClient() as outside:
        made = await outside.put(f"{issuer}/users/evil", json={"name": "x", "post": {"role": "operator"}})
        page = await client(app).get("/login", headers=BROWSER)
        form = re.search(r'action="(http[^"]+)"><button class="choice"', page.text)
        assert form
        chosen = await outside.post(unescape(form[1]), data={"sub": "evil"})
    assert (made.status_code, chosen.status_code) == (404, 404)
