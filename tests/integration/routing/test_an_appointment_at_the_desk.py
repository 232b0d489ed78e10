"""A step for which the citizen comes: proposed at the desk, recorded, and read on the pages and over HTTP."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from services.routing.domain.case.case import Case
from shared.web.auth.sessions import Officer, open_session
from tests.builders.routing import FRIDAY, submitted_case, task_of
from tests.builders.routing_batches import accepted
from tests.databases import Database
from tests.integration.routing.conftest import World

pytestmark = pytest.mark.integration
OPERATOR = Officer("dieuphoi", "Đỗ Ví Dụ Phối", "operator", "PASC")
COUNCIL = Officer("hoidong.vidu", "Phan Ví Dụ Mai", "specialist", "WARD-DIS.00070")


@pytest.fixture
async def browser(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of an officer of the council, in front of the same service."""
    async with httpx.AsyncClient(
        transport=world.http._transport, base_url="http://routing", headers={"accept": "text/html"}
    ) as made:
        made.cookies.set("motcua_routing", await open_session(world.routing, COUNCIL))
        yield made


async def to_assess(world: World) -> tuple[Case, str]:
    """A dossier whose assessment lies on the council's desk, and its page."""
    (case,) = await accepted(world.routing, [submitted_case("disability-certificate")])
    convene = task_of(case, "convene")
    body = {"office": convene.office}
    assert (await world.post("ward-pilot", f"/v1/tasks/{convene.id}/complete", body)).status_code == 200
    case = await now(world, case)
    return case, f"/desk/tasks/{task_of(case, 'assess').id}"


async def now(world: World, case: Case) -> Case:
    found = await world.case(case)
    assert found is not None
    return found


async def send(browser: httpx.AsyncClient, where: str, what: str, **fields: str) -> httpx.Response:
    token = re.search(r'name="csrf" value="(\w+)"', (await browser.get(where)).text)
    assert token
    return await browser.post(f"{where}/{what}", data={"csrf": token.group(1), **fields})


def forms(page: str) -> set[str]:
    found = re.findall(r'action="/desk/tasks/[^"]+/ask/([\w-]+)"', page)
    return {name for name in found if name.startswith(("propose", "record"))}


async def test_a_desk_proposes_a_time_and_finishes_once_they_came(
    world: World, browser: httpx.AsyncClient
) -> None:
    case, where = await to_assess(world)
    page = (await browser.get(where)).text
    assert forms(page) == {"propose-appointment"}
    assert "Bước này cần người dân đến" in page
    early = await send(browser, where, "complete")
    assert (early.status_code, "ghi nhận họ đã đến" in early.text) == (409, True)
    past = await send(browser, where, "ask/propose-appointment", meet_at="2026-03-02T09:00")
    assert (past.status_code, 'id="e-meet_at"' in past.text) == (422, True)
    unread = await send(browser, where, "ask/propose-appointment", meet_at="mai")
    assert unread.status_code == 422
    sent = await send(browser, where, "ask/propose-appointment", meet_at="2026-03-06T10:00")
    assert sent.status_code == 303
    meeting = task_of(await now(world, case), "assess").appointment
    assert meeting is not None
    assert meeting.at == FRIDAY + timedelta(hours=1)
    page = (await browser.get(where)).text
    assert forms(page) == {"propose-appointment", "record-arrival", "record-absence"}
    assert "hẹn người dân" in (await browser.get("/desk")).text
    assert (await send(browser, where, "ask/record-arrival")).status_code == 303
    assert forms((await browser.get(where)).text) == set()
    assert (await send(browser, where, "complete")).status_code == 303


async def test_missed_twice_is_seen_and_ends_nothing(
    world: World, browser: httpx.AsyncClient, database: Database
) -> None:
    case, where = await to_assess(world)
    for hour in (10, 12):
        await send(browser, where, "ask/propose-appointment", meet_at=f"2026-03-06T{hour}:00")
        await database.set_clock(FRIDAY.replace(hour=hour, minute=30))
        assert (await send(browser, where, "ask/record-absence")).status_code == 303
    assert "vắng 2 lần" in (await browser.get(where)).text
    assert "vắng 2 lần" in (await browser.get("/desk")).text
    missed = await now(world, case)
    assert (missed.state.value, task_of(missed, "assess").is_open) == ("in_process", True)
    life = (await world.get("operator", f"/v1/cases/{case.code}")).json()
    happened = [(line["because"], line["reason"]) for line in life["history"]]
    assert happened[-4:] == [
        ("appointment.proposed.v1", "10:00 06/03/2026"),
        ("appointment.missed.v1", "10:00 06/03/2026"),
        ("appointment.proposed.v1", "12:00 06/03/2026"),
        ("appointment.missed.v1", "12:00 06/03/2026"),
    ]
    operator = await world.browser_of(OPERATOR)
    page = (await operator.get(f"/dossiers/{case.code}")).text
    assert "hẹn người dân đến" in page
    assert "người dân không đến" in page


async def test_a_machine_reads_and_says_the_same(world: World) -> None:
    case, _ = await to_assess(world)
    task = task_of(case, "assess")
    (row,) = (await world.get("wards", "/v1/tasks")).json()["tasks"]
    assert (row["kind"], row["appointment"]) == ("appointment", None)
    path, body = f"/v1/tasks/{task.id}", {"office": task.office}
    refused = await world.post("wards", f"{path}/complete", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "appointment_first")
    at = (FRIDAY + timedelta(hours=2)).isoformat()
    first = await world.post("wards", f"{path}/propose-appointment", {**body, "meet_at": at})
    again = await world.post("wards", f"{path}/propose-appointment", {**body, "meet_at": at})
    assert first.json() == again.json()
    assert first.json()["appointment"] == {"at": at, "missed": 0, "missed_at": None, "came_at": None}
    came = await world.post("wards", f"{path}/record-arrival", body)
    assert came.json()["appointment"]["came_at"] == FRIDAY.isoformat()
    assert (await world.post("wards", f"{path}/complete", body)).json()["state"] == "done"
