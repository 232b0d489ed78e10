"""The unfair-clock alarm on the board and by HTTP: each sign with its dossiers, an honest office without."""

import asyncio
from datetime import timedelta

import pytest

from services.routing.domain.case.case import Case
from services.routing.domain.case.task import OfficeRequest, RequestDetails, TaskAct
from services.routing.store import gaming_signs
from services.routing.usecases.act_on_tasks import DeskAct, act_on_tasks
from shared.db.transaction import transaction
from shared.web.auth.sessions import Officer
from tests.builders.routing import FRIDAY, WARD, submitted_case, task_of
from tests.builders.routing_batches import accepted, city_rules, counted
from tests.integration.routing.conftest import World

pytestmark = pytest.mark.integration
LEADER = Officer("lanhdao", "Phạm Ví Dụ Lan", "leader", "PASC")
GAMING, HONEST = f"WARD.{WARD}", f"WARD-JUS.{WARD}"


def act(
    case: Case, step: str, what: TaskAct | OfficeRequest, *, reason: str | None = None, wants: RequestDetails
) -> DeskAct:
    task = task_of(case, step)
    by = Officer("a", "b", "specialist", task.office).actor
    return DeskAct(task.id, what, task.office, by, reason=reason, details=wants)


async def a_gaming_desk_and_an_honest_one(world: World) -> list[Case]:
    """One office gives two back without a word; another asks for papers early and says why it gives back."""
    cases = await accepted(
        world.routing, [submitted_case("disability-certificate") for _ in range(2)] + [submitted_case()]
    )
    bare = [act(case, "convene", TaskAct.DECLINE, wants=RequestDetails()) for case in cases[:2]]
    fair = act(cases[2], "check", TaskAct.DECLINE, reason="không thuộc địa bàn", wants=RequestDetails())
    async with transaction(world.routing) as tx:
        await act_on_tasks(tx, [*bare, fair], await city_rules(tx))
    return cases


async def test_each_office_is_counted_and_each_count_leads_to_its_dossiers(world: World) -> None:
    cases = await a_gaming_desk_and_an_honest_one(world)
    found = (await world.get("operator", "/v1/unfair-clock")).json()
    (office,) = found["offices"]
    assert (office["office"], office["bare_return"], office["last_moment"]) == (GAMING, 2, 0)
    assert (office["alarm"], found["alarm_from"]) == (False, 3)
    signs = (await world.get("operator", f"/v1/unfair-clock/signs?office={GAMING}&sign=bare_return")).json()
    assert {one["code"] for one in signs["signs"]} == {case.code for case in cases[:2]}
    assert not (await world.get("operator", f"/v1/unfair-clock/signs?office={HONEST}")).json()["signs"]


async def test_the_board_shows_it_in_vietnamese_first(world: World) -> None:
    cases = await a_gaming_desk_and_an_honest_one(world)
    async with await world.browser_of(LEADER) as browser:
        board = (await browser.get("/board")).text
        assert "Dấu hiệu kéo dài thời hạn, 30 ngày qua: 1 cơ quan" in board
        assert f'data-value="u-bare_return-{GAMING}"' in board
        page = (await browser.get(f"/board/unfair?sign=bare_return&office={GAMING}")).text
        assert "trả lại không ghi lý do" in page
        assert all(case.code in page for case in cases[:2])
        assert cases[2].code not in page
        assert "given back without a reason" in (await browser.get("/board/unfair?lang=en")).text


async def test_only_operators_and_leaders_see_it(world: World) -> None:
    assert (await world.get("counter", "/v1/unfair-clock")).status_code == 403
    assert (await world.get("wards", "/v1/unfair-clock/signs")).status_code == 403


async def test_after_the_time_of_the_rule_nothing_is_held_against_anybody(world: World) -> None:
    await a_gaming_desk_and_an_honest_one(world)
    await world.database.set_clock(FRIDAY + timedelta(days=31))
    assert not (await world.get("operator", "/v1/unfair-clock")).json()["offices"]


async def test_twenty_signs_cost_one_statement_and_none_costs_none(world: World) -> None:
    cases = await accepted(world.routing, [submitted_case("disability-certificate") for _ in range(20)])
    given_back = [act(case, "convene", TaskAct.DECLINE, wants=RequestDetails()) for case in cases]
    async with counted(world.routing) as (tx, made):
        await act_on_tasks(tx, given_back, await city_rules(tx))
        await asyncio.sleep(0)  # the driver tells of its last statement a moment later
        assert len([one for one in made if "unfair_signs" in one]) == 1
        made.clear()
        await gaming_signs.save_signs(tx, [])
        assert not made
