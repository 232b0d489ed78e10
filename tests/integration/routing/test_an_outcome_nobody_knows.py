"""An office that says "Denied", "rejected" or "từ chối": refused with the remedy, and nobody is granted."""

import asyncio
import re

import pytest

from services.routing.domain.case.case import Case
from services.routing.domain.case.task import TaskState
from shared.web.auth.sessions import Officer
from tests.builders.routing import accepted_event, submitted_case, submitted_event, task_of
from tests.builders.routing_agency import ForeignAgency, Received
from tests.builders.wire import until
from tests.integration.routing.conftest import World

pytestmark = pytest.mark.integration
REASON = "có án tích chưa được xoá"
WORDS = ("Denied", "DENIED", "denied ", "rejected", "từ chối", "")
OFFICER = Officer("capphieu", "Bùi Ví Dụ Sơn", "specialist", "HPOL")


async def next_of(police: ForeignAgency, kind: str = "tasks") -> Received:
    return await asyncio.to_thread(police.next, kind)


async def at_the_last_step(world: World, police: ForeignAgency) -> tuple[Case, Received]:
    """A judicial record whose certificate is to be issued or denied."""
    case = submitted_case("judicial-record-1")
    await world.intake_says([submitted_event(case), accepted_event(case)])
    for step in ("intake", "search"):
        task = await next_of(police)
        assert (task.data["step"], task.data["outcomes"]) == (step, [])
        police.reply(task)
    task = await next_of(police)
    assert (task.data["step"], task.data["outcomes"]) == ("issue", ["granted", "denied"])
    return case, task


async def as_stored(world: World, case: Case) -> Case:
    found = await world.case(case)
    assert found is not None
    return found


async def test_by_topic_each_word_comes_back_and_the_right_one_still_counts(world: World) -> None:
    police = world.agency("city-police")
    case, task = await at_the_last_step(world, police)
    for word in (*WORDS, None):
        police.reply(task, outcome=word)
        problem = (await next_of(police, "problems")).data
        assert (problem["code"], problem["field"]) == ("bad_field", "outcome"), word
        assert "granted, denied" in problem["remedy_vi"]
        assert "granted, denied" in problem["remedy_en"]
    standing = await as_stored(world, case)
    assert (standing.state.value, standing.outcome) == ("in_process", None)
    assert task_of(standing, "issue").state is TaskState.QUEUED
    police.reply(task, outcome="denied", reason=REASON)
    assert (await world.until_state(case, "completed")).outcome == "denied"
    shown = (await world.get("operator", f"/v1/cases/{case.code}")).json()
    assert (shown["state"], shown["outcome"]) == ("completed", "denied")


async def test_by_http_each_word_is_a_problem_at_its_field(world: World) -> None:
    police = world.agency("city-police")
    case, task = await at_the_last_step(world, police)
    (row,) = (await world.get("city-police", "/v1/tasks")).json()["tasks"]
    assert (row["task_id"], row["outcomes"]) == (task.data["task_id"], ["granted", "denied"])
    path, body = f"/v1/tasks/{row['task_id']}/complete", {"office": row["office"]}
    for said in (*({"outcome": word} for word in WORDS), {}, {"outcome": None}, {"outcome": 1}):
        answer = await world.post("city-police", path, body | said)
        problem = answer.json()
        assert answer.status_code == 422, said
        assert answer.headers["content-type"] == "application/problem+json"
        assert [error["field"] for error in problem["errors"]] == ["outcome"], said
        assert "granted, denied" in problem["errors"][0]["vi"]
        assert "granted, denied" in problem["errors"][0]["en"]
    assert (await as_stored(world, case)).outcome is None
    done = await world.post("city-police", path, body | {"outcome": "denied", "reason": REASON})
    assert (done.status_code, done.json()["outcome"]) == (200, "denied")
    assert (await as_stored(world, case)).outcome == "denied"


async def test_a_step_that_does_not_decide_takes_no_outcome(world: World) -> None:
    police = world.agency("city-police")
    case = submitted_case("judicial-record-1")
    await world.intake_says([submitted_event(case), accepted_event(case)])
    task = await next_of(police)
    police.reply(task, outcome="denied")
    problem = (await next_of(police, "problems")).data
    assert (problem["code"], problem["field"]) == ("bad_field", "outcome")
    body = {"office": task.data["office"], "outcome": "granted"}
    answer = await world.post("city-police", f"/v1/tasks/{task.data['task_id']}/complete", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_field")
    assert answer.json()["errors"][0]["field"] == "outcome"


async def test_at_the_desk_nothing_is_chosen_beforehand_and_a_choice_is_required(world: World) -> None:
    police = world.agency("city-police")
    case, task = await at_the_last_step(world, police)
    where = f"/desk/tasks/{task.data['task_id']}"
    async with await world.browser_of(OFFICER) as desk:
        page = (await desk.get(where)).text
        choices = re.findall(r'<input type="radio"[^>]*name="outcome"[^>]*>', page)
        assert len(choices) == 2
        assert not any("checked" in choice for choice in choices)
        token = re.search(r'name="csrf" value="(\w+)"', page)
        assert token
        for word in ("", "Denied", "từ chối"):
            answer = await desk.post(f"{where}/complete", data={"csrf": token.group(1), "outcome": word})
            assert answer.status_code == 422, word
            assert "Chọn một kết quả trong danh sách." in answer.text
            assert 'href="#f-outcome"' in answer.text
        assert (await as_stored(world, case)).outcome is None
        english = (await desk.post(f"{where}/complete?lang=en", data={"csrf": token.group(1)})).text
        assert "Choose one of the outcomes listed." in english
        chosen = {"csrf": token.group(1), "outcome": "denied", "reason": REASON}
        assert (await desk.post(f"{where}/complete", data=chosen)).status_code == 303
    assert (await as_stored(world, case)).outcome == "denied"


async def test_a_denial_that_ends_the_dossier_and_its_recall_are_stored_as_decided(world: World) -> None:
    registrar = world.agency("civil-status")
    case = submitted_case("birth-interlinked")
    await world.intake_says([submitted_event(case), accepted_event(case)])
    task = await next_of(registrar)
    registrar.reply(task, outcome="denied", reason="trẻ đã được đăng ký")
    ended = await world.until_state(case, "completed")
    assert (ended.outcome, [one.step for one in ended.step_tasks]) == ("denied", ["receive", "birth"])
    registrar.reply(task, "task.recall_asked.v1", defect="nhầm hồ sơ")
    again = await next_of(registrar)
    assert (again.data["step"], again.data["task_id"] == task.data["task_id"]) == ("birth", False)
    registrar.reply(again)
    standing = await world.until_state(case, "in_process")
    assert task_of(standing, "residence").state is TaskState.WAITING

    async def goes_on() -> bool:
        return task_of(await as_stored(world, case), "health-card").state is TaskState.QUEUED

    await until(goes_on)
