"""Asking for papers, a fee, a stop from the desk, in a browser without scripts."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from services.routing.domain.case.case import Case
from services.routing.store import history
from shared.db.transaction import transaction
from shared.events import dossier
from shared.events.agency import SUPPLEMENT_ASKED
from shared.events.dossier import DossierSupplemented
from shared.web.auth.sessions import Officer, open_session
from tests.builders.routing import FRIDAY, submitted_case, task_of
from tests.builders.routing_batches import accepted
from tests.integration.routing.conftest import World
from tests.integration.routing.test_the_clock_waits import citizen_event

pytestmark = pytest.mark.integration
ONE = Officer("ubnd.hoankiem", "Hoàng Ví Dụ Khánh", "specialist", "WARD.00070")
OTHER = Officer("ubnd.hoankiem.2", "Hồ Ví Dụ Lan", "specialist", "WARD.00070")
PAPERS = {"items": "Giấy A chưa ký\n\n  Giấy B mờ ", "answer_by": "2026-04-20"}


@pytest.fixture
async def browser(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of its own, in front of the same service."""
    headers = {"accept": "text/html"}
    async with httpx.AsyncClient(
        transport=world.http._transport, base_url="http://routing", headers=headers
    ) as made:
        yield made


async def log_in(world: World, browser: httpx.AsyncClient, officer: Officer) -> None:
    browser.cookies.set("motcua_routing", await open_session(world.routing, officer))


async def at_the_desk(world: World, browser: httpx.AsyncClient) -> tuple[Case, str]:
    """A dossier whose first task lies with the ward, and the address of its page."""
    (case,) = await accepted(world.routing, [submitted_case("disability-certificate")])
    await log_in(world, browser, ONE)
    return case, f"/desk/tasks/{task_of(case, 'convene').id}"


async def send(browser: httpx.AsyncClient, where: str, what: str, **fields: str) -> httpx.Response:
    token = re.search(r'name="csrf" value="(\w+)"', (await browser.get(where)).text)
    assert token
    return await browser.post(f"{where}/ask/{what}", data={"csrf": token.group(1), **fields})


async def now(world: World, case: Case) -> Case:
    found = await world.case(case)
    assert found is not None
    return found


def offered(page: str) -> set[str]:
    return set(re.findall(r'action="/desk/tasks/[^"]+/ask/([\w-]+)"', page))


async def test_all_papers_are_asked_for_in_one_request_and_pressing_twice_asks_once(
    world: World, browser: httpx.AsyncClient
) -> None:
    case, where = await at_the_desk(world, browser)
    assert offered((await browser.get(where)).text) == {"ask-supplement", "ask-payment", "ask-stop"}
    for _ in range(2):
        assert (await send(browser, where, "ask-supplement", **PAPERS)).status_code == 303
    owing = await now(world, case)
    assert owing.request is not None
    assert (owing.state.value, owing.request.items) == (
        "supplement_requested",
        ("Giấy A chưa ký", "Giấy B mờ"),
    )
    assert len(owing.ledger) == 1
    page = (await browser.get(where)).text
    assert offered(page) == {"ask-stop"}
    assert "Đang chờ người dân đến" in page
    assert "<li>Giấy B mờ</li>" in page


async def test_what_cannot_be_read_is_said_at_its_field_and_nothing_typed_is_lost(
    world: World, browser: httpx.AsyncClient
) -> None:
    case, where = await at_the_desk(world, browser)
    answer = await send(browser, where, "ask-supplement", **{**PAPERS, "answer_by": "mai"})
    assert answer.status_code == 422
    assert 'id="e-answer_by"' in answer.text
    assert "Giấy A chưa ký" in answer.text
    assert 'id="ask-supplement" open' in answer.text
    nothing = await send(browser, where, "ask-payment", amount="0", pay_by="2026-04-20")
    assert (nothing.status_code, 'id="e-amount"' in nothing.text) == (422, True)
    assert (await now(world, case)).state.value == "in_process"


async def test_a_second_request_is_warned_of_beforehand_and_told_as_a_fact_of_its_own(
    world: World, browser: httpx.AsyncClient
) -> None:
    case, where = await at_the_desk(world, browser)
    await send(browser, where, "ask-supplement", **PAPERS)
    given = DossierSupplemented(code=case.code, stage="processing", answered_at=FRIDAY, items=[])
    await world.intake_says([citizen_event(case, dossier.SUPPLEMENTED, given, FRIDAY)])
    await world.until_state(case, "in_process")
    assert "hồ sơ bị tính là trễ hạn" in (await browser.get(where)).text
    bare = await send(browser, where, "ask-supplement", **PAPERS)
    assert (bare.status_code, 'id="e-basis"' in bare.text) == (422, True)
    approved = {"basis": "Giấy A hết hạn ngày 5/3", "approved_by": "Lãnh đạo phường"}
    assert (await send(browser, where, "ask-supplement", **PAPERS, **approved)).status_code == 303
    async with transaction(world.routing) as tx:
        lines = await history.read_history(tx, case.root)
    asked = [line.because_id for line in lines if line.because == SUPPLEMENT_ASKED]
    assert len(set(asked)) == 2  # what tells the citizen goes by this name, and tells each name once


async def test_a_fee_is_asked_for_as_people_write_it_and_waived_by_a_rule(
    world: World, browser: httpx.AsyncClient
) -> None:
    case, where = await at_the_desk(world, browser)
    await send(browser, where, "ask-payment", amount="75.000đ", pay_by="2026-04-20")
    owing = await now(world, case)
    assert owing.request is not None
    assert owing.request.amount == 75_000
    assert (await send(browser, where, "waive-fee", rule="NQ 77/2025")).status_code == 303
    assert (await now(world, case)).state.value == "in_process"


async def test_one_person_writes_a_stop_and_another_confirms_it(
    world: World, browser: httpx.AsyncClient
) -> None:
    case, where = await at_the_desk(world, browser)
    await send(browser, where, "ask-stop", stop_reason="Người dân không bổ sung")
    mine = (await browser.get(where)).text
    assert "Một cán bộ khác của cơ quan xác nhận." in mine
    assert "confirm-stop" not in offered(mine)
    refused = await send(browser, where, "confirm-stop")
    assert (refused.status_code, "cần người thứ hai" in refused.text) == (403, True)
    await log_in(world, browser, OTHER)
    assert (await send(browser, where, "confirm-stop")).status_code == 303
    assert (await now(world, case)).state.value == "stopped"


async def test_a_forged_form_and_an_unknown_act_do_nothing(world: World, browser: httpx.AsyncClient) -> None:
    case, where = await at_the_desk(world, browser)
    forged = await browser.post(f"{where}/ask/ask-supplement", data={"csrf": "guess", **PAPERS})
    assert forged.status_code == 403
    assert (await send(browser, where, "applaud")).status_code == 404
    assert (await now(world, case)).state.value == "in_process"


async def test_a_result_not_yet_handed_over_is_taken_back_from_the_dossiers_life(
    world: World, browser: httpx.AsyncClient
) -> None:
    (case,) = await accepted(world.routing, [submitted_case("copy-from-original-book")])
    office = case.tasks[-1].office
    await log_in(world, browser, Officer("ubnd.vidu", "Hà Ví Dụ My", "specialist", office))
    while (standing := await now(world, case)).state.value != "completed":
        for task in (one for one in standing.tasks if one.is_open):
            page = (await browser.get(f"/desk/tasks/{task.id}")).text
            token = re.search(r'name="csrf" value="(\w+)"', page)
            assert token
            done = {"csrf": token.group(1)}
            if 'id="decide"' in page:
                done["outcome"] = "granted"
            assert (await browser.post(f"/desk/tasks/{task.id}/complete", data=done)).status_code == 303
    last = task_of(standing, standing.tasks[-1].step)
    where = f"/desk/tasks/{last.id}"
    assert f'href="{where}"' in (await browser.get(f"/dossiers/{case.code}")).text
    assert offered((await browser.get(where)).text) == {"recall"}
    assert (await send(browser, where, "recall", recall_reason="sai số bản")).status_code == 303
    assert (await now(world, case)).state.value == "in_process"
