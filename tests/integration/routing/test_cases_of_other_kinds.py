"""A question opened by HTTP, on its owner's desk with a due time, answered, and never opened twice."""

import asyncio
import re
from uuid import uuid4

import httpx
import pytest

from services.routing.domain.acts.case_kinds import CaseRequest
from services.routing.domain.case.case import Case
from services.routing.usecases.open_cases import open_cases
from shared.actor import Actor
from shared.db.transaction import transaction
from shared.web.auth.sessions import Officer
from tests.builders.routing_batches import city_rules
from tests.integration.routing.conftest import World

pytestmark = pytest.mark.integration
QUESTION = {"kind": "question", "ward": "00070", "about": "H26.1-260306-0001", "ref": "q-1"}
OWNER = Officer("tra.loi", "Lê Ví Dụ Minh", "specialist", "PASC-SP.00070")
LEADER = Officer("lanhdao", "Phạm Ví Dụ Lan", "leader", "PASC")


async def ask(world: World, key: str, who: str = "counter", **changes: str) -> httpx.Response:
    headers = {"x-api-key": world.keys[who], "idempotency-key": key}
    return await world.http.post("/v1/cases", json=QUESTION | changes, headers=headers)


async def test_a_question_lies_on_its_owners_desk_and_its_answer_ends_it(world: World) -> None:
    key = str(uuid4())
    first, again = await ask(world, key), await ask(world, key)
    assert (first.status_code, again.json()) == (201, first.json())
    opened = first.json()
    assert (opened["kind"], opened["task"]["office"]) == ("question", OWNER.office)
    assert opened["task"]["due_at"] == "2026-03-10T17:00:00+07:00"
    place = f"/desk/tasks/{opened['task']['task_id']}"
    async with await world.browser_of(OWNER) as desk, await world.browser_of(LEADER) as board:
        assert opened["code"] in (await desk.get("/desk")).text
        page = (await desk.get(place)).text
        assert "trả lời câu hỏi" in page.lower()
        assert (await board.get(f"/board/dossiers/{opened['code']}")).status_code == 200
        assert opened["code"] in (await board.get("/board/open/open")).text
        shown = (await world.get("operator", f"/v1/cases/{opened['code']}")).json()
        assert (shown["promised_due_at"], shown["state"]) == (None, "in_process")
        token = re.search(r'name="csrf" value="(\w+)"', page)
        assert token
        answered = await desk.post(f"{place}/complete", data={"csrf": token.group(1)})
        assert answered.status_code == 303, answered.text
        assert opened["code"] not in (await desk.get("/desk")).text
    ended = (await world.get("operator", f"/v1/cases/{opened['code']}")).json()
    assert (ended["state"], ended["outcome"]) == ("completed", "answered")


async def test_who_opens_it_what_it_is_and_where_are_checked(world: World) -> None:
    key = str(uuid4())
    assert (await ask(world, key, "city-police")).status_code == 403
    assert (await ask(world, "no-uuid")).status_code == 422
    assert (await ask(world, key, kind="statutory")).status_code == 422
    assert (await ask(world, key, ward="99999")).json()["code"] == "unknown_ward"
    assert (await ask(world, key)).status_code == 201
    assert (await ask(world, key, kind="visit")).json()["code"] == "key_of_another_case"


async def test_brought_by_several_at_once_it_is_opened_once(world: World) -> None:
    said = CaseRequest(uuid4(), "problem", "00070", Actor(kind="officer", id="a", role="counter"))

    async def bring() -> str:
        async with transaction(world.routing) as tx:
            (case,) = await open_cases(tx, [said], await city_rules(tx))
        assert isinstance(case, Case)
        return case.code

    assert len(set(await asyncio.gather(*(bring() for _ in range(4))))) == 1
    count = await world.routing.fetchval("SELECT count(*) FROM cases WHERE kind = 'problem'")
    assert count == 1
