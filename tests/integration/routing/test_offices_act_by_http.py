"""The desk by HTTP: lists, acts told twice, what is refused and why, an operator's view."""

from datetime import datetime, timedelta
from urllib.parse import quote

import pytest

from services.routing.domain.case.case import Case
from shared.clock import to_city_time
from tests.builders.routing import FRIDAY, accepted_event, submitted_case, submitted_event, task_of
from tests.integration.routing.conftest import World

pytestmark = pytest.mark.integration


async def under_way(world: World, procedure: str = "disability-certificate") -> Case:
    case = submitted_case(procedure)
    await world.intake_says([submitted_event(case), accepted_event(case)])
    return await world.until_state(case, "in_process")


async def test_the_citys_time_and_the_next_due(world: World) -> None:
    assert (await world.http.get("/v1/city-time")).json() == {"now": FRIDAY.isoformat(), "standing": True}
    assert (await world.http.get("/v1/next-due")).json()["next_due_at"] is None
    case = await under_way(world)
    due = task_of(case, "convene").due_at
    assert due is not None
    told = (await world.http.get("/v1/next-due")).json()
    assert told["next_due_at"] == to_city_time(due).isoformat()
    warned = datetime.fromisoformat(told["next_deadline_at"])
    assert FRIDAY < warned < due


async def test_a_desk_works_its_task_and_may_say_so_twice(world: World) -> None:
    case = await under_way(world)
    (row,) = (await world.get("ward-pilot", "/v1/tasks")).json()["tasks"]
    assert (row["code"], row["step"], row["kind"]) == (case.code, "convene", "step")
    path, body = f"/v1/tasks/{row['task_id']}", {"office": row["office"]}
    assert (await world.post("ward-pilot", f"{path}/start", body)).json()["state"] == "started"
    first = await world.post("ward-pilot", f"{path}/complete", body)
    again = await world.post("ward-pilot", f"{path}/complete", body)
    assert (first.status_code, first.json()["state"]) == (200, "done")
    assert again.json() == first.json()
    assert [row["step"] for row in (await world.get("wards", "/v1/tasks")).json()["tasks"]] == ["assess"]


async def test_refusals_are_problems_with_a_code(world: World) -> None:
    case = await under_way(world)
    task = task_of(case, "convene")
    path, body = f"/v1/tasks/{task.id}", {"office": task.office}
    for who, act, status, code in (
        ("city-police", "complete", 403, "office_not_served"),
        ("operator", "complete", 403, "operator_never_decides"),
        ("counter", "complete", 403, "task_of_another_office"),
        ("ward-pilot", "reroute", 403, "only_an_operator"),
        ("operator", "reroute", 409, "not_declined"),
    ):
        answer = await world.post(who, f"{path}/{act}", {**body, "reason": "x"})
        assert (answer.status_code, answer.json()["code"]) == (status, code), who
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["vi"]
    assert (await world.http.get("/v1/tasks")).status_code == 401
    assert (await world.get("city-police", "/v1/tasks?party=wards")).status_code == 403


async def test_what_no_table_can_keep_is_refused_at_the_door(world: World) -> None:
    case = await under_way(world)
    task = task_of(case, "convene")
    body = {"office": task.office, "reason": "a\x00b"}
    assert (await world.post("ward-pilot", f"/v1/tasks/{task.id}/decline", body)).status_code == 422
    assert (await world.get("operator", "/v1/cases/%00")).status_code == 422
    assert (await world.get("operator", "/v1/tasks?office=%00")).status_code == 422


async def test_receiving_is_done_at_the_counter(world: World) -> None:
    case = submitted_case()
    await world.intake_says([submitted_event(case)])
    case = await world.until_state(case, "submitted")
    (task,) = case.tasks
    answer = await world.post("operator", f"/v1/tasks/{task.id}/complete", {"office": task.office})
    assert answer.json()["code"] == "operator_never_decides"
    (row,) = (await world.get("operator", f"/v1/tasks?office={task.office}")).json()["tasks"]
    assert row["kind"] == "receive"


async def test_pages_of_a_list_meet_without_gap(world: World) -> None:
    for _ in range(5):
        await under_way(world)
    seen: list[str] = []
    after = ""
    while True:
        page = (
            await world.http.get(
                "/v1/tasks",
                params={"limit": 2, **({"after": after} if after else {})},
                headers={"x-api-key": world.keys["operator"]},
            )
        ).json()
        seen += [row["task_id"] for row in page["tasks"]]
        after = page["next"]
        if not after:
            break
    assert (len(seen), len(set(seen))) == (5, 5)


async def test_an_operator_sees_the_whole_life_and_the_counts(world: World) -> None:
    case = await under_way(world)
    life = (await world.get("operator", f"/v1/cases/{case.code}")).json()
    assert (life["state"], life["holder"]) == ("in_process", "WARD.00070")
    assert [line["because"] for line in life["history"]] == [
        "dossier.submitted.v1",
        "dossier.accepted.v1",
        "dossier.accepted.v1",
    ]
    assert (await world.get("operator", "/v1/cases/H26.0-0")).status_code == 404
    assert (await world.get("wards", f"/v1/cases/{case.code}")).status_code == 403
    counts = (await world.get("operator", "/v1/counts")).json()
    assert (counts["open"], counts["by_state"]) == (1, {"in_process": 1})
    assert counts["waiting"] == [{"code": case.code, "holder": "WARD.00070", "state": "in_process"}]


async def test_a_second_start_publishes_nothing_new(world: World) -> None:
    given = await world.routing.fetch(
        "SELECT key, seq FROM sequence_given WHERE topic = 'catalogue.versions'"
    )
    stored = await world.routing.fetchval("SELECT count(*) FROM catalogue_items")
    assert {row["seq"] for row in given} == {1}
    assert len(given) == stored


async def test_an_operator_is_told_what_falls_due_until_an_instant(world: World) -> None:
    case = await under_way(world)
    task_due = task_of(case, "convene").due_at
    assert task_due is not None
    assert case.current_due_at is not None
    path = "/v1/due-until?until="

    async def days(until: datetime) -> list[tuple[str, int, int]]:
        answer = await world.get("operator", path + quote(until.isoformat()))
        return [(due["day"], due["dossiers"], due["tasks"]) for due in answer.json()["days"]]

    assert await days(task_due - timedelta(seconds=1)) == []
    assert await days(task_due) == [(task_due.date().isoformat(), 0, 1)]
    everything = await days(case.current_due_at)
    assert everything[0] == (task_due.date().isoformat(), 0, 1)
    assert everything[-1][:2] == (case.current_due_at.date().isoformat(), 1)
    assert (await world.http.get(path + quote(FRIDAY.isoformat()))).status_code == 401
    for unusable in ("2026-03-09T09:00:00", "9999-12-31T23:59:59-14:00", "tomorrow"):
        assert (await world.get("operator", path + quote(unusable))).status_code == 422
