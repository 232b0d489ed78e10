"""Scatter and gather: thirty asked, twenty-seven answer, the lead goes on, the silent are named."""

import asyncio
import re
from functools import partial

import pytest

from services.routing.domain.case.case import Case
from services.routing.domain.steps.queries import QueryTasks, query_of_step
from shared.web.auth.sessions import Officer
from tests.builders.routing import accepted_event, submitted_case, submitted_event, task_of
from tests.builders.routing_agency import ForeignAgency, Received
from tests.builders.wire import until
from tests.integration.routing.conftest import World

pytestmark = pytest.mark.integration
QUESTION, REASON = "Kho còn giữ hồ sơ gốc không?", "Ba kho đang kiểm kê"


async def test_thirty_are_asked_twenty_seven_answer_and_the_lead_goes_on(world: World) -> None:
    registry = world.agency("land-registry")
    case, step = await at_the_archive_check(world, registry)
    due = case.current_due_at

    registry.reply(step, "task.subquery_asked.v1", question=QUESTION)
    questions = [await next_task(registry) for _ in range(30)]
    assert {one.type for one in questions} == {"subquery.asked.v1"}
    for one in questions[:27]:
        registry.reply(one, "subquery.answered.v1", answer="không còn")
    await until(partial(so_many_answered, world, case, 27))

    registry.reply(step, "task.completed.v1")
    assert (await next_task(registry, "problems")).data["code"] == "answers_missing"

    page = await close_at_the_desk(world, case)
    silent = (await asked_in(world, case)).unanswered_tasks
    assert len(silent) == 3
    assert all(task.office_short in page for task in silent)
    assert "Kiểm tra lưu trữ: đã hỏi 30 nơi, 27 nơi trả lời" in page
    assert REASON in page

    assert [(await next_task(registry)).type for _ in range(3)] == ["task.closed.v1"] * 3
    registry.reply(questions[29], "subquery.answered.v1", answer="còn giữ")
    assert (await next_task(registry, "problems")).data["code"] == "query_closed"
    registry.reply(questions[0], "subquery.answered.v1", answer="còn giữ")
    assert (await next_task(registry, "problems")).data["code"] == "contradicts_earlier"

    registry.reply(step, "task.completed.v1")
    assert (await next_task(registry)).data["step"] == "sign"
    told = (await world.get("operator", f"/v1/cases/{case.code}")).json()
    assert [(one["asked"], one["answered"], len(one["silent"])) for one in told["queries"]] == [(30, 27, 3)]
    assert (await now(world, case)).current_due_at == due


async def test_a_dossier_stopped_while_answers_were_awaited_is_still_shown(world: World) -> None:
    registry = world.agency("land-registry")
    case, step = await at_the_archive_check(world, registry)
    registry.reply(step, "task.subquery_asked.v1", question=QUESTION)
    for _ in range(30):
        await next_task(registry)
    task = task_of(await now(world, case), "archive-check")
    registry.reply(step, "task.stop_asked.v1", reason=REASON)
    await until(partial(stop_is_asked, world, case))
    officer = Officer("hai", "Trần Ví Dụ Hai", "specialist", task.office)
    async with await world.browser_of(officer) as browser:
        page = (await browser.get(f"/desk/tasks/{task.id}")).text
        token = re.search(r'name="csrf" value="(\w+)"', page)
        assert token, page
        pressed = await browser.post(f"/desk/tasks/{task.id}/ask/confirm-stop", data={"csrf": token.group(1)})
        assert pressed.status_code == 303, pressed.text
        shown = await browser.get(f"/dossiers/{case.code}")
    assert (await now(world, case)).state.value == "stopped"
    assert (shown.status_code, "Kiểm tra lưu trữ: đã hỏi 30 nơi, 0 nơi trả lời" in shown.text) == (200, True)


async def at_the_archive_check(world: World, registry: ForeignAgency) -> tuple[Case, Received]:
    case = submitted_case("housing-condition-02")
    await world.intake_says([submitted_event(case), accepted_event(case)])
    registry.reply(await next_task(registry), "task.completed.v1")
    return await now(world, case), await next_task(registry)


async def next_task(registry: ForeignAgency, kind: str = "tasks") -> Received:
    return await asyncio.to_thread(registry.next, kind)


async def close_at_the_desk(world: World, case: Case) -> str:
    """An officer of the lead presses the button; what the dossier's page then says."""
    task = task_of(await now(world, case), "archive-check")
    officer = Officer("lan", "Nguyễn Ví Dụ Lan", "specialist", task.office)
    async with await world.browser_of(officer) as browser:
        page = (await browser.get(f"/desk/tasks/{task.id}")).text
        token = re.search(r'name="csrf" value="(\w+)"', page)
        assert token, page
        said = {"csrf": token.group(1), "reason": REASON}
        pressed = await browser.post(f"/desk/tasks/{task.id}/close-query", data=said)
        assert pressed.status_code == 303, pressed.text
        return (await browser.get(f"/dossiers/{case.code}")).text


async def stop_is_asked(world: World, case: Case) -> bool:
    return (await now(world, case)).stop_asked is not None


async def so_many_answered(world: World, case: Case, many: int) -> bool:
    return len((await asked_in(world, case)).answered_tasks) == many


async def asked_in(world: World, case: Case) -> QueryTasks:
    found = query_of_step(await now(world, case), "archive-check")
    assert found is not None
    return found


async def now(world: World, case: Case) -> Case:
    found = await world.case(case)
    assert found is not None
    return found
