"""`motcua clock set`: backwards only with --force, and forward it tells what it passes over."""

import sys
from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
import pytest

from deploy.cli import app, clock, exits, services
from deploy.local.clock import CityTime
from shared.clock import machine_now
from tests.builders.stack import STACK

NOON = datetime.fromisoformat("2026-03-06T12:00:00+07:00")
DAYS = [{"day": f"2026-03-{day:02}", "dossiers": 2, "tasks": 5} for day in range(9, 29)]
Run = Callable[[str], tuple[int, str, str]]


class City:
    """A clock in memory, and a routing that knows what falls due."""

    def __init__(self) -> None:
        self.now, self.is_standing = NOON, True
        self.asked: list[str] = []
        self.is_routing_up = True

    async def read(self, _url: str) -> CityTime:
        return CityTime(self.now, self.is_standing)

    async def set(self, _url: str, at: datetime | None) -> None:
        self.now, self.is_standing = at or machine_now(), at is not None

    def answer(self, request: httpx.Request) -> httpx.Response:
        if not self.is_routing_up:
            raise httpx.ConnectError("away")
        self.asked.append(request.url.params["until"])
        return httpx.Response(200, json={"days": DAYS})


@pytest.fixture
def city(monkeypatch: pytest.MonkeyPatch) -> City:
    city = City()

    class Client(httpx.Client):
        def __init__(self, *, base_url: str, **_: object) -> None:
            super().__init__(base_url=base_url, transport=httpx.MockTransport(city.answer))

    monkeypatch.setattr(services.httpx, "Client", Client)
    monkeypatch.setattr(clock, "read_stack", lambda: STACK)
    monkeypatch.setattr(clock, "read_clock", city.read)
    monkeypatch.setattr(clock, "set_clock", city.set)
    monkeypatch.setattr(app.signal, "signal", lambda *_: None)
    return city


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["motcua", "clock", *arguments.split()])
        code = app.main()
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_backwards_it_asks_for_force_and_stays(city: City, run: Run) -> None:
    code, out, err = run("set 2026-03-06T11:59:59")

    assert (code, out, city.now) == (exits.WRONG_USAGE, "", NOON)
    assert "lies before the city's time" in err
    assert "./motcua clock set 2026-03-06T11:59:59 --force" in err


def test_backwards_with_force_it_goes(city: City, run: Run) -> None:
    code, out, _ = run("set 2026-03-05T12:00:00 --force")

    assert (code, city.now) == (exits.DONE, NOON - timedelta(days=1))
    assert "Passed over" not in out


def test_the_machines_time_may_lie_before_the_citys_too(city: City, run: Run) -> None:
    city.now = machine_now() + timedelta(days=3)

    assert run("set machine")[0] == exits.WRONG_USAGE
    assert city.is_standing
    assert run("set machine --force")[0] == exits.DONE
    assert not city.is_standing


def test_forward_it_tells_what_it_passed_over_by_day(city: City, run: Run) -> None:
    code, out, _ = run("set 2026-03-29T12:00:00")

    assert (code, city.asked) == (exits.DONE, ["2026-03-29T12:00:00+07:00"])
    assert "the due dates of 40 dossiers and 100 tasks, on 20 days" in out
    assert "2026-03-09\t2\t5" in out
    assert "and 6 more days, the last 2026-03-28" in out
    assert out.splitlines()[-1] == "2026-03-29T12:00:00+07:00 (stands)"


def test_where_routing_is_away_the_clock_moves_and_says_that_it_cannot_tell(city: City, run: Run) -> None:
    city.is_routing_up = False

    code, _, err = run("set 2026-03-29T12:00:00")

    assert (code, city.now.day) == (exits.DONE, 29)
    assert "what lies between is not known" in err


def test_a_database_that_is_away_is_told_with_a_remedy(
    city: City, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(_url: str) -> CityTime:
        raise ConnectionRefusedError("connection refused")

    monkeypatch.setattr(clock, "read_clock", refuse)

    for command in ("show", "set 2026-03-29T12:00:00"):
        code, _, err = run(command)
        assert code == exits.FAILED
        assert "does not answer as it should (connection refused); see `./motcua status`" in err
    assert city.now == NOON
