"""Every route of the three services, found from the running apps, under slow, large, long and deep requests.

Each attack ends by the limit of its route, and meanwhile an ordinary request gets its answer.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass

import orjson
import pytest

from shared.web.protection.load_shedding import Caller
from shared.web.protection.request_queue import Limits
from shared.web.protection.route_limits import USUAL
from tests.builders.intake import MARRIAGE
from tests.integration.doors.attackers import (
    WRITES,
    End,
    Ordinary,
    Route,
    attack,
    meanwhile,
    routes_of,
    served,
)
from tests.integration.doors.conftest import Doors

pytestmark = pytest.mark.integration

HEAD_SECONDS, BODY_SECONDS = 1.0, 1.0
WAIT_SECONDS = 0.2
"""How long a write may expect to wait before it is turned away, where that matters."""

SLACK_SECONDS = 8.0
"""What a busy machine may add to a limit."""
JSON = "Content-Type: application/json"
FORM = "Content-Type: application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def time_limits() -> dict[str, float]:
    """Short ones, so that the attacks end soon."""
    return {"head_seconds": HEAD_SECONDS, "body_seconds": BODY_SECONDS}


@dataclass(frozen=True)
class Service:
    """A running service: its routes, and its ordinary request."""

    name: str
    routes: list[Route]
    ordinary: Ordinary

    @property
    def writes(self) -> list[Route]:
        """The routes that take a body."""
        return [route for route in self.routes if route.method in WRITES]


@pytest.fixture(scope="module")
async def services(doors: Doors) -> AsyncIterator[list[Service]]:
    """All three, each on a port of its own."""
    async with AsyncExitStack() as stack:
        running: list[Service] = []
        for name, app in doors.apps.items():
            port = await stack.enter_async_context(served(app))
            running.append(Service(name, routes_of(app, port, doors), _ordinary(name, port, doors)))
        yield running


def _ordinary(name: str, port: int, doors: Doors) -> Ordinary:
    key = f"X-API-Key: {doors.keys['operator']}"
    if name == "intake":
        return Ordinary(_route(port, "POST", "/v1/dossiers"), (JSON,), orjson.dumps(MARRIAGE), 201)
    if name == "routing":
        return Ordinary(_route(port, "GET", "/v1/catalogue"), (key,), b"", 200)
    return Ordinary(_route(port, "POST", "/v1/held/1/replay"), (key,), b"", 404)


def _route(port: int, method: str, path: str) -> Route:
    return Route(port, method, path, USUAL)


Attack = Callable[[Route], Coroutine[None, None, End]]


async def _all(services: list[Service], make: Attack, *, reads: bool = False) -> dict[str, End]:
    """How this attack ended at each route, all routes of a service at once, while ordinary requests come."""
    ends: dict[str, End] = {}
    for service in services:
        routes = service.routes if reads else service.writes
        async with meanwhile(service.ordinary) as answers:
            results = await asyncio.gather(*(make(route) for route in routes))
        ends |= {f"{service.name}: {route}": end for route, end in zip(routes, results, strict=True)}
        assert {answer.status for answer in answers} == {service.ordinary.status}, service.name
        assert max(answer.seconds for answer in answers) < SLACK_SECONDS, service.name
    return ends


def _beyond(ends: dict[str, End], *, status: int, seconds: float) -> dict[str, End]:
    """The ends that are not these."""
    return {where: end for where, end in ends.items() if end.status != status or end.seconds > seconds}


async def test_the_routes_are_found(services: list[Service]) -> None:
    assert {service.name: len(service.writes) > 7 for service in services} == {
        "intake": True,
        "routing": True,
        "notification": False,
    }
    assert all(service.writes for service in services)


async def test_a_head_that_comes_byte_by_byte(services: list[Service]) -> None:
    async def slow_head(route: Route) -> End:
        return await attack(route.port, route.head()[:-4], then=b"a")

    ends = await _all(services, slow_head, reads=True)
    assert _beyond(ends, status=408, seconds=HEAD_SECONDS + SLACK_SECONDS) == {}
    assert {orjson.loads(end.body)["code"] for end in ends.values()} == {"head_too_slow"}


async def test_a_body_that_comes_byte_by_byte(services: list[Service]) -> None:
    async def slow_body(route: Route) -> End:
        end = await attack(route.port, route.head("Content-Length: 5000"), then=b"a")
        return End(end.status, end.body, end.seconds / route.limits.patience)

    ends = await _all(services, slow_body)
    assert _beyond(ends, status=408, seconds=BODY_SECONDS + SLACK_SECONDS) == {}
    assert {orjson.loads(end.body)["code"] for end in ends.values()} == {"body_too_slow"}


async def test_a_body_in_chunks_that_never_ends(services: list[Service]) -> None:
    async def slow_chunks(route: Route) -> End:
        end = await attack(route.port, route.head("Transfer-Encoding: chunked"), then=b"1\r\na\r\n")
        return End(end.status, end.body, end.seconds / route.limits.patience)

    assert _beyond(await _all(services, slow_chunks), status=408, seconds=BODY_SECONDS + SLACK_SECONDS) == {}


async def test_a_body_that_a_read_does_not_ask_for(services: list[Service]) -> None:
    async def unread_body(route: Route) -> End:
        return await attack(route.port, route.head("Content-Length: 5000"), then=b"a")

    reads = [_only_reads(service) for service in services]
    ends = await _all(reads, unread_body, reads=True)
    late = {where: end for where, end in ends.items() if end.seconds > HEAD_SECONDS + SLACK_SECONDS}
    assert late == {}


def _only_reads(service: Service) -> Service:
    routes = [route for route in service.routes if route.method not in WRITES]
    return Service(service.name, routes, service.ordinary)


async def test_the_largest_body_is_read_and_a_larger_one_is_not(services: list[Service]) -> None:
    async def largest(route: Route) -> End:
        return await attack(route.port, route.request(_text_of(route.limits.body_bytes), JSON))

    async def too_large(route: Route) -> End:
        return await attack(route.port, route.request(_text_of(route.limits.body_bytes + 1), JSON))

    ends = await _all(services, largest)
    assert {
        where: end for where, end in ends.items() if not 200 <= end.status < 500 or end.status == 413
    } == {}
    assert _beyond(await _all(services, too_large), status=413, seconds=SLACK_SECONDS) == {}


def _text_of(size: int) -> bytes:
    return b'{"a":"' + b"x" * (size - 8) + b'"}'


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param(b'{"papers":[' + b",".join([b"[]"] * 80_000) + b"]}", "papers", id="a long list"),
        pytest.param(
            b'{"facts":{' + b",".join(b'"k%d":1' % n for n in range(12_000)) + b"}}", "facts", id="many keys"
        ),
        pytest.param(b'{"facts":{"a":' + b"[" * 400 + b"]" * 400 + b"}}", "facts.a.0", id="deep nesting"),
        pytest.param(
            b'{"papers":[' + b",".join([b"[" + b"1," * 400 + b"1]"] * 100) + b"]}",
            "papers.12",
            id="many values",
        ),
    ],
)
async def test_a_body_with_too_much_in_it(services: list[Service], body: bytes, field: str) -> None:
    async def too_much(route: Route) -> End:
        return await attack(route.port, route.request(body, JSON))

    ends = await _all(services, too_much)
    assert _beyond(ends, status=422, seconds=SLACK_SECONDS) == {}
    problems = [orjson.loads(end.body) for end in ends.values()]
    assert {(problem["code"], problem["errors"][0]["field"]) for problem in problems} == {("too_much", field)}


async def test_a_form_with_many_fields(services: list[Service]) -> None:
    async def long_form(route: Route) -> End:
        body = b"&".join(b"a%d=1" % n for n in range(20_000))
        return await attack(route.port, route.request(body, FORM))

    ends = await _all(services, long_form)
    assert {where: end for where, end in ends.items() if end.status not in range(300, 500)} == {}


async def test_a_head_that_is_too_large(services: list[Service]) -> None:
    async def one_header(route: Route) -> End:
        return await attack(route.port, route.head()[:-2] + b"X: " + b"a" * 1_000_000 + b"\r\n\r\n")

    async def many_headers(route: Route) -> End:
        return await attack(route.port, route.head(*["a: b"] * 1000))

    async def no_host(route: Route) -> End:
        return await attack(route.port, f"{route} HTTP/1.1\r\n\r\n".encode())

    for make, status in ((one_header, 431), (many_headers, 431), (no_host, 400)):
        ends = await _all(services, make, reads=True)
        assert _beyond(ends, status=status, seconds=SLACK_SECONDS) == {}


async def test_a_header_of_sixty_megabytes_is_not_kept(services: list[Service]) -> None:
    route = services[0].routes[0]
    end = await attack(route.port, route.head()[:-2] + b"X: " + b"a" * 60_000_000)
    assert end.status == 431
    assert orjson.loads(end.body)["code"] == "head_too_large"


async def test_a_hundred_thousand_headers_are_not_kept(services: list[Service]) -> None:
    route = services[0].routes[0]
    end = await attack(route.port, route.head(*["a: b"] * 100_000))
    assert end.status == 431


async def test_a_connection_that_says_nothing_is_closed(services: list[Service]) -> None:
    for service in services:
        end = await attack(service.routes[0].port, b"")
        assert end.status == 0
        assert end.seconds < HEAD_SECONDS + SLACK_SECONDS


async def test_nine_slow_strangers_take_no_place_of_others(
    services: list[Service], doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each sends one byte of its body and no more; before, every other write was then answered 503."""
    for service in services:
        queue = doors.apps[service.name].state.load_shedder.queue_of(Caller("anyone"))
        monkeypatch.setattr(queue, "limits", Limits(places=2000, seconds=WAIT_SECONDS))
        route = service.writes[0]
        slow = [
            asyncio.create_task(attack(route.port, route.head("Content-Length: 5000"), then=b"a"))
            for _ in range(9)
        ]
        await asyncio.sleep(2 * WAIT_SECONDS)
        write = Route(route.port, "POST", "/v1/nowhere", USUAL)
        answers = [await attack(write.port, write.request(b"{}", JSON)) for _ in range(5)]
        assert {answer.status for answer in answers} == {404}
        assert {end.status for end in await asyncio.gather(*slow)} == {408}
