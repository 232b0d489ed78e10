"""A ward is dissolved and taken back while everything runs: what desk, board and machines see meanwhile."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.cli.catalogue import files_of
from services.routing.domain.case.case import Case
from shared.web.auth.sessions import Officer
from tests.builders.catalogue import DISSOLVED, NEIGHBOUR, files_without_the_ward
from tests.builders.routing import accepted_event, submitted_case, submitted_event
from tests.integration.routing.conftest import World

pytestmark = pytest.mark.integration
WHOLE = files_of(Path("deploy/catalogue"))
COUNTER = Officer("canbo.hoankiem", "Đỗ Ví Dụ An", "counter", "PASC-SP.00070")
OPERATOR = Officer("dieuhanh", "Dương Ví Dụ Bình", "operator", "PASC")


async def publish(world: World, files: Mapping[str, str]) -> None:
    answer = await world.post("operator", "/v1/catalogue", {"files": files})
    assert answer.is_success, answer.text


async def waiting(world: World) -> Case:
    """Handed in at a counter that stands, about land in a ward that is dissolved before the acceptance."""
    case = submitted_case("building-permit-house", facts={"floors": 2, "area_m2": 80})
    case = replace(case, place={**case.place, "parcel": DISSOLVED})
    await world.intake_says([submitted_event(case)])
    await world.until_state(case, "submitted")
    await publish(world, files_without_the_ward())
    await world.intake_says([accepted_event(case)])
    return await world.until_state(case, "accepted")


async def page_text(world: World, officer: Officer, path: str) -> str:
    async with AsyncExitStack() as stack:
        browser = await stack.enter_async_context(await world.browser_of(officer))
        answer = await browser.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text


async def test_it_waits_in_everybodys_sight_and_goes_on_once_published(world: World) -> None:
    case = await waiting(world)
    (task,) = case.current_tasks
    desk = await page_text(world, COUNTER, "/desk")
    assert case.code in desk
    assert "đã tiếp nhận, chờ xác định cơ quan" in desk
    page = await page_text(world, COUNTER, f"/desk/tasks/{task.id}")
    assert "Chờ xác định cơ quan" in page
    assert f"phường, xã có thửa đất: Phường Phú Thượng ({DISSOLVED})" in page
    assert "Trung tâm đang xác định nơi làm" in page
    assert 'data-value="unplaced">1<' in await page_text(world, OPERATOR, "/board")
    listed = await page_text(world, OPERATOR, "/board/open/unplaced")
    assert case.code in listed
    assert "WARD-EIU" in listed
    assert "motcua catalogue publish" in listed
    assert "Chờ xác định cơ quan" in await page_text(world, OPERATOR, f"/board/dossiers/{case.code}")
    known = (await world.get("operator", f"/v1/cases/{case.code}")).json()
    assert (known["state"], known["unplaced"]["role"], known["unplaced"]["value"]) == (
        "accepted",
        "WARD-EIU",
        DISSOLVED,
    )
    await publish(world, files_without_the_ward(into=NEIGHBOUR))
    begun = await world.until_state(case, "in_process")
    assert [task.office for task in begun.current_tasks if task.step == "appraise"] == [
        f"WARD-EIU.{NEIGHBOUR}"
    ]
    assert case.code not in await page_text(world, OPERATOR, "/board/open/unplaced")


async def test_an_office_is_not_left_out_while_dossiers_remember_it(world: World) -> None:
    renamed = WHOLE["organisation.yaml"].replace("office: ENFORCE,", "office: ENFORCERS,", 1)
    assert renamed != WHOLE["organisation.yaml"]
    answer = await world.post("operator", "/v1/catalogue", {"files": WHOLE | {"organisation.yaml": renamed}})
    assert (answer.status_code, answer.json()["code"]) == (409, "office_left_out")
    assert [error["field"] for error in answer.json()["errors"]] == ["ENFORCE"]
