"""The address that limits count: the peer's, unless it is a proxy of ours that names another."""

import asyncio
import socket
from collections.abc import Sequence

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request

from shared.web.protection.caller_address import caller_address, limited_address
from shared.web.serve import server_config
from shared.web.settings import WebSettings

FORGED = "203.0.113.5, 198.51.100.9"


async def seen_address(trusted: Sequence[str], forwarded: str) -> str:
    """The address that an app behind our own server sees."""
    app = FastAPI()
    app.state.trusted_proxies = list(trusted)

    @app.get("/")
    async def address(request: Request) -> str:
        return caller_address(request.scope)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(server_config(app, "127.0.0.1", port))
    running = asyncio.create_task(server.serve())
    try:
        while not server.started:  # noqa: ASYNC110  (uvicorn has no event for it)
            await asyncio.sleep(0.01)
        async with httpx.AsyncClient(headers={"X-Forwarded-For": forwarded}) as client:
            answer: str = (await client.get(f"http://127.0.0.1:{port}/")).json()
        return answer
    finally:
        server.should_exit = True
        await running


@pytest.mark.parametrize(
    ("trusted", "address"),
    [
        ([], "127.0.0.1"),
        (["10.0.0.0/8"], "127.0.0.1"),
        (["127.0.0.1"], "198.51.100.9"),
        (["127.0.0.0/8", "198.51.100.0/24"], "203.0.113.5"),
    ],
)
async def test_only_a_named_proxy_names_the_caller(trusted: list[str], address: str) -> None:
    assert await seen_address(trusted, FORGED) == address


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
        ("not:an:address", "not:an:address"),
    ],
)
def test_an_ipv6_network_is_one_address(host: str, address: str) -> None:
    assert limited_address(host) == address


@pytest.mark.parametrize("value", ["*", "10.0.0.0/8,proxy", "10.0.0.1/8"])
def test_a_setting_that_names_no_network_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="address or network"):
        WebSettings(service="intake", trusted_proxies=value)


def test_a_list_of_proxies_is_read() -> None:
    settings = WebSettings(service="intake", trusted_proxies=" 10.0.0.7, 2001:db8::/32 ")
    assert settings.trusted_proxy_names == ["10.0.0.7", "2001:db8::/32"]
