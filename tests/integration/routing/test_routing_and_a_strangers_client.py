"""A dossier from the door to its end, the offices answering with a Kafka client that is none of ours."""

import asyncio

import pytest

from services.routing.domain.case.case import Case
from shared.events.envelope import COMMON_NAMES
from tests.builders.routing import accepted_event, submitted_case, submitted_event
from tests.builders.routing_agency import ForeignAgency, Received
from tests.builders.wire import until
from tests.integration.routing.conftest import World

pytestmark = pytest.mark.integration


async def handed_in(world: World, procedure: str = "judicial-record-1") -> Case:
    case = submitted_case(procedure)
    await world.intake_says([submitted_event(case), accepted_event(case)])
    return case


async def next_of(agency: ForeignAgency, kind: str = "tasks") -> Received:
    return await asyncio.to_thread(agency.next, kind)


async def test_straight_through(world: World) -> None:
    case, police = await handed_in(world), world.agency("city-police")
    for step in ("intake", "search", "issue"):
        task = await next_of(police)
        assert (task.type, task.subject, task.data["step"]) == ("task.queued.v1", str(case.root), step)
        assert set(task.data) == {"task_id", "step", "office", "due_at", "outcomes"} | COMMON_NAMES
        police.reply(task, "task.started.v1")
        police.reply(task)
    done = await world.until_state(case, "completed")
    assert done.outcome == "granted"
    assert await asyncio.to_thread(police.nothing_more)


async def test_twice_and_out_of_order_has_the_effect_of_once(world: World) -> None:
    case, police = await handed_in(world), world.agency("city-police")
    task = await next_of(police)
    police.reply(task, id="same")
    police.reply(task, id="same")
    police.reply(task, id="again")
    police.reply(task, "task.started.v1", id="late")
    following = await next_of(police)
    assert following.data["step"] == "search"
    police.reply(following)
    police.reply(await next_of(police))
    await world.until_state(case, "completed")
    assert await asyncio.to_thread(police.nothing_more, "problems")


async def test_declined_and_sent_on(world: World) -> None:
    case, ministry = await handed_in(world, "marital-status"), world.agency("civil-status")
    task = await next_of(ministry)
    ministry.reply(task, "task.declined.v1", reason="không thuộc địa bàn")
    desk = await _listed(world, "PASC")
    assert [(row["state"], row["reason"]) for row in desk] == [("declined", "không thuộc địa bàn")]
    body = {"office": "WARD-JUS.00145", "reason": "chuyển đúng địa bàn"}
    answer = await world.post("operator", f"/v1/tasks/{desk[0]['task_id']}/reroute", body)
    assert (answer.status_code, answer.json()["office"]) == (200, "WARD-JUS.00145")
    resent = await next_of(ministry)
    assert resent.data["office"] == "WARD-JUS.00145"
    assert resent.data["task_id"] != task.data["task_id"]
    ministry.reply(resent)
    pilot = world.agency("ward-pilot")
    pilot.reply(await next_of(pilot))
    await world.until_state(case, "completed")


async def test_what_cannot_be_read_comes_back_with_field_and_remedy(world: World) -> None:
    case, police = await handed_in(world), world.agency("city-police")
    task = await next_of(police)
    police.send(b"rubbish", subject=task.subject, type="task.completed.v1", id="r-1")
    problem = await next_of(police, "problems")
    assert (problem.type, problem.subject) == ("reply.rejected.v1", str(case.root))
    assert (problem.data["code"], problem.data["reply_id"]) == ("not_json", "r-1")
    police.reply(task, id="r-2", office="WARD.00070")
    problem = await next_of(police, "problems")
    assert (problem.data["code"], problem.data["field"]) == ("office_not_served", "office")
    assert problem.data["remedy_vi"]
    police.reply(task)
    assert (await next_of(police)).data["step"] == "search"
    held = (await world.get("operator", "/v1/held")).json()
    assert {row["code"] for row in held} == {"not_json", "office_not_served"}


async def _listed(world: World, office: str) -> list[dict[str, str]]:
    async def some() -> bool:
        return bool((await world.get("operator", f"/v1/tasks?office={office}")).json()["tasks"])

    await until(some)
    return (await world.get("operator", f"/v1/tasks?office={office}")).json()["tasks"]
