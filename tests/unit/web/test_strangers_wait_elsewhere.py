"""Who holds a credential waits in another queue than strangers; a place is held until the answer begins."""

import asyncio
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.web.auth.sessions import Officer
from shared.web.protection.load_shedding import Caller, LoadShedder, LoadSheddingMiddleware
from shared.web.protection.request_queue import Limits
from shared.web.protection.security_headers import Receive, Scope, Send
from tests.builders.web import BROWSER, COUNTER_KEY, small_app

OFFICER = Officer(login="an", name="An", role="counter", office="X")


class Credentials:
    """One key and one session are known."""

    def key_holder(self, value: bytes) -> str:
        """The holder of the key."""
        return "key:office" if value == b"known" else ""

    def session_holder(self, cookies: bytes) -> str:
        """The officer of the session."""
        return "session:an" if cookies == b"known" else ""


@pytest.mark.parametrize(
    ("key", "cookies", "caller"),
    [
        (b"known", b"", Caller("key:office", is_known=True)),
        (b"", b"known", Caller("session:an", is_known=True)),
        (b"made up", b"", Caller("10.0.0.1")),
        (b"", b"made up", Caller("10.0.0.1")),
        (b"", b"", Caller("10.0.0.1")),
    ],
)
def test_a_credential_counts_once_it_is_checked(key: bytes, cookies: bytes, caller: Caller) -> None:
    assert LoadShedder(Limits(2, 3.0), Credentials()).find_caller(key, cookies, "10.0.0.1") == caller


def test_strangers_take_no_place_of_officers() -> None:
    shedder = LoadShedder(Limits(4, 3.0), Credentials())
    strangers = [shedder.enter(Caller(f"10.0.0.{n}")) for n in range(10)]
    assert [shed is None for shed in strangers] == [True] * 4 + [False] * 6
    assert shedder.enter(Caller("key:office", is_known=True)) is None
    assert shedder.waiting == 5


def test_made_up_keys_do_not_make_many_callers_of_one() -> None:
    shedder = LoadShedder(Limits(4, 3.0), Credentials())
    for n in range(2):
        assert shedder.enter(shedder.find_caller(b"made up %d" % n, b"", "10.0.0.1")) is None
    shed = shedder.enter(shedder.find_caller(b"made up too", b"", "10.0.0.1"))
    assert shed is not None
    assert shed.greedy


async def test_a_place_is_free_once_the_answer_begins() -> None:
    """Who reads slowly must not count in how fast the service works."""
    shedder = LoadShedder(Limits(4, 3.0), Credentials())
    waiting: list[int] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        waiting.append(shedder.waiting)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def send(message: MutableMapping[str, Any]) -> None:
        waiting.append(shedder.waiting)

    scope = {"type": "http", "method": "POST", "headers": [], "client": ("10.0.0.1", 1)}
    await LoadSheddingMiddleware(app, shedder)(scope, _nothing, send)
    assert waiting == [1, 0, 0]
    assert shedder.waiting == 0


async def _nothing() -> MutableMapping[str, Any]:
    await asyncio.Event().wait()
    return {}


async def test_an_officer_is_known_by_key_at_once_and_by_session_from_the_second_request_on(
    tmp_path: Path,
) -> None:
    app = small_app(tmp_path, OFFICER)
    shedder: LoadShedder = app.state.load_shedder
    cookies = b"motcua_intake=open"
    assert shedder.find_caller(COUNTER_KEY.encode(), b"", "x").is_known
    assert shedder.find_caller(b"Bearer " + COUNTER_KEY.encode(), b"", "x").is_known
    assert not shedder.find_caller(b"", cookies, "x").is_known

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://x") as client:
        await client.get("/hello", headers=BROWSER | {"cookie": cookies.decode()})
    assert shedder.find_caller(b"", b"motcua_lang=vi; " + cookies, "x").is_known
    assert not shedder.find_caller(b"", b"not_" + cookies, "x").is_known
