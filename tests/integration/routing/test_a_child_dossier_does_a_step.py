"""Buying a home: the registry's paper is a dossier of its own, under the key and lock of its root."""

import asyncio
from dataclasses import replace
from functools import partial

import pytest

from services.routing.domain.case.case import Case, FiledPaper
from services.routing.domain.case.fired_deadline import DeadlineLevel
from services.routing.domain.case.task import TaskState
from shared.web.auth.sessions import Officer
from tests.builders.routing import accepted_event, submitted_case, submitted_event, task_of
from tests.builders.routing_agency import ForeignAgency, Received
from tests.builders.wire import until
from tests.integration.routing.conftest import World

pytestmark = pytest.mark.integration
BUYING = "social-housing-purchase"
OWN, SPOUSE = "mau02-self", "mau02-spouse"


async def test_the_registry_makes_the_spouses_paper_and_the_root_goes_on(world: World) -> None:
    registry = world.agency("land-registry")
    case = await file_case(world, FiledPaper("MAU02"), married=True)
    first = await next_task(registry)
    child = (await now(world, case)).children[0]

    assert (first.subject, first.data["dossier_id"]) == (str(case.root), str(child.id))
    assert first.data["procedure"] == {"code": "housing-condition-02", "version": 1}
    await answered(registry, first, 3)

    done = await until_step(world, case, SPOUSE, TaskState.DONE)
    assert [(one.code, one.outcome) for one in done.children] == [(f"{case.code}.1", "granted")]
    assert task_of(done, "file").state is TaskState.QUEUED
    told = [row["type"] for row in await updates(world, case)]
    assert (told.count("child.opened.v1"), told.count("child.completed.v1")) == (1, 1)


async def test_a_denial_leaves_what_others_did_and_goes_to_the_receiving_office(world: World) -> None:
    registry = world.agency("land-registry")
    case = await file_case(world, FiledPaper("MAU02"), married=True)
    await answered(registry, await next_task(registry), 3, outcome="denied")

    given = await until_step(world, case, SPOUSE, TaskState.QUEUED)
    assert (task_of(given, OWN).outcome, given.state.value) == ("filed", "in_process")
    assert task_of(given, SPOUSE).office == given.receiving_office
    said = (await world.get("operator", f"/v1/cases/{case.code}")).json()
    assert [(one["state"], one["outcome"]) for one in said["children"]] == [("completed", "denied")]


async def test_two_children_of_one_procedure_are_kept_apart(world: World) -> None:
    case = await file_case(world, married=True)
    found = await until_children(world, case, 2)

    assert [(one.code, one.does) for one in found.children] == [
        (f"{case.code}.1", OWN),
        (f"{case.code}.2", SPOUSE),
    ]
    assert [len(one.tasks) for one in found.children] == [3, 3]
    assert all(one.current_due_at == one.promised_due_at for one in found.children)


async def test_its_clock_warns_and_breaches_once_without_a_letter(world: World) -> None:
    case = await file_case(world, married=False)
    child = (await until_children(world, case, 1)).children[0]
    assert child.current_due_at is not None
    await world.database.set_clock(child.current_due_at.replace(hour=18))

    late = await until_breached(world, case)
    about = [alarm.level for alarm in late.children[0].alarms if alarm.about == child.id]
    assert about.count(DeadlineLevel.BREACH) == 1
    assert (late.apology, late.children[0].apology) == (None, None)
    assert not [alarm for alarm in late.alarms if alarm.about == child.id]


async def test_desk_board_and_api_say_whose_child_it_is(world: World) -> None:
    case = await file_case(world, married=False)
    child = (await until_children(world, case, 1)).children[0]
    task = task_of(child, "lookup")
    officer = Officer("hai", "Trần Ví Dụ Hai", "specialist", task.office)
    async with await world.browser_of(officer) as browser:
        desk = (await browser.get("/desk")).text
        page = await browser.get(f"/desk/tasks/{task.id}")
        life = await browser.get(f"/dossiers/{case.code}")
    assert f"hồ sơ con {child.code}" in desk
    assert (page.status_code, child.code in page.text) == (200, True)
    assert (life.status_code, "hồ sơ con đang làm" in life.text, child.code in life.text) == (200, True, True)
    assert (f"hồ sơ con {child.code}" in life.text, "Hẹn trả cho người dân" in page.text) == (True, False)
    rows = (await world.get("operator", f"/v1/tasks?office={task.office}")).json()["tasks"]
    assert [(row["code"], row["child"], row["dossier_id"]) for row in rows] == [
        (case.code, child.code, str(child.id))
    ]
    by_child = (await world.get("operator", f"/v1/cases/{child.code}")).json()
    assert by_child["code"] == case.code


async def file_case(world: World, *papers: FiledPaper, married: bool) -> Case:
    facts = {"married": married, "labour_contract": True}
    case = replace(submitted_case(BUYING, facts=facts, papers=papers), auto_accept=True)
    await world.intake_says([submitted_event(case), accepted_event(case)])
    return case


async def answered(registry: ForeignAgency, first: Received, steps: int, outcome: str = "granted") -> None:
    """The registry does so many steps one after the other; its last word is the outcome."""
    task = first
    for left in range(steps, 0, -1):
        why = {"reason": "Còn một căn nhà khác."} if outcome == "denied" else {}
        registry.reply(task, "task.completed.v1", **({} if left > 1 else {"outcome": outcome, **why}))
        if left > 1:
            task = await next_task(registry)


async def next_task(registry: ForeignAgency) -> Received:
    return await asyncio.to_thread(registry.next, "tasks")


async def now(world: World, case: Case) -> Case:
    found = await world.case(case)
    assert found is not None
    return found


async def until_step(world: World, case: Case, step: str, state: TaskState) -> Case:
    async def has_step() -> bool:
        found = await world.case(case)
        return found is not None and task_of(found, step).state is state

    await until(has_step)
    return await now(world, case)


async def until_children(world: World, case: Case, many: int) -> Case:
    async def has_children() -> bool:
        found = await world.case(case)
        return found is not None and len(found.children) == many

    await until(has_children)
    return await now(world, case)


async def until_breached(world: World, case: Case) -> Case:
    await until(partial(has_breached, world, case))
    return await now(world, case)


async def has_breached(world: World, case: Case) -> bool:
    child = (await now(world, case)).children[0]
    return any(alarm.about == child.id and alarm.level is DeadlineLevel.BREACH for alarm in child.alarms)


async def updates(world: World, case: Case) -> list[dict[str, str]]:
    rows = await world.routing.fetch("SELECT type FROM case_history WHERE root_id = $1 ORDER BY n", case.root)
    return [dict(row) for row in rows]
