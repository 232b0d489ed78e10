"""A task queued anew by an operator, and handed on by its head: by HTTP, on the wire, and on the pages."""

import asyncio
import re

import pytest

from shared.web.auth.sessions import Officer
from tests.builders.routing import accepted_event, submitted_case, submitted_event, task_of
from tests.builders.routing_batches import accepted
from tests.builders.wire import until
from tests.integration.routing.conftest import World

pytestmark = pytest.mark.integration
OPERATOR = Officer("dieuhanh", "Dương Ví Dụ Bình", "operator", "PASC")


async def test_a_party_hears_that_its_task_moved_and_gets_it_anew(world: World) -> None:
    party = world.agency("city-police")
    case = submitted_case("judicial-record-1")
    await world.intake_says([submitted_event(case), accepted_event(case)])
    under_way = await world.until_state(case, "in_process")
    task = next(task for task in under_way.tasks if task.state.value == "queued")
    body = {"office": task.office, "reason": "máy của cơ quan bị treo"}
    moved = await world.post("operator", f"/v1/tasks/{task.id}/requeue", body)
    again = await world.post("operator", f"/v1/tasks/{task.id}/requeue", body)
    assert (moved.status_code, moved.json()) == (200, again.json())
    assert moved.json()["task_id"] != str(task.id)
    told = [await asyncio.to_thread(party.next) for _ in range(3)]
    assert [one.type for one in told] == ["task.queued.v1", "task.closed.v1", "task.queued.v1"]
    assert [one.data["task_id"] for one in told] == [str(task.id), str(task.id), moved.json()["task_id"]]
    assert told[1].data["why"] == "reassigned"


async def test_an_operators_page_queues_anew_and_decides_nothing(world: World) -> None:
    (case,) = await accepted(world.routing, [submitted_case("disability-certificate")])
    task = task_of(case, "convene")
    async with await world.browser_of(OPERATOR) as browser:
        life = (await browser.get(f"/board/dossiers/{case.code}")).text
        assert f'href="/desk/tasks/{task.id}"' in life
        page = (await browser.get(f"/desk/tasks/{task.id}")).text
        assert "Đưa lại vào hàng chờ" in page
        assert "/complete" not in page
        token = re.search(r'name="csrf" value="(\w+)"', page)
        assert token
        fields = {"csrf": token.group(1), "office": task.office, "reason": "cơ quan không phản hồi"}
        decided = await browser.post(f"/desk/tasks/{task.id}/complete", data=fields)
        assert decided.status_code == 403
        assert "không giải quyết hồ sơ thay cơ quan" in decided.text
        assert (await browser.post(f"/desk/tasks/{task.id}/requeue", data=fields)).status_code == 303
    found = await world.case(case)
    assert found is not None
    assert (task_of(found, "convene").id != task.id, task_of(found, "convene").office) == (True, task.office)
    assert task_of(found, "convene").budget_from == task.queued_at


async def test_a_heads_page_hands_on_within_the_agency_only(world: World) -> None:
    (case,) = await accepted(world.routing, [submitted_case()])
    task = task_of(case, "check")
    head = Officer("truong", "Lê Ví Dụ Hà", "leader", task.office)
    async with await world.browser_of(head) as browser:
        page = (await browser.get(f"/desk/tasks/{task.id}")).text
        assert "Giao lại trong đơn vị" in page
        token = re.search(r'name="csrf" value="(\w+)"', page)
        assert token
        fields = {"csrf": token.group(1), "reason": "quá tải"}
        wrong = await browser.post(f"/desk/tasks/{task.id}/reassign", data=fields | {"other": "WARD.00070"})
        assert wrong.status_code == 403
        assert "thuộc đơn vị khác" in wrong.text
        right = await browser.post(
            f"/desk/tasks/{task.id}/reassign", data=fields | {"other": "WARD-JUS.00145"}
        )
        assert right.status_code == 303

    async def is_on_desk() -> bool:
        found = await world.case(case)
        return found is not None and task_of(found, "check").office == "WARD-JUS.00145"

    await until(is_on_desk)
