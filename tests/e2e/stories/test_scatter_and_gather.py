"""Thirty archives are asked, twenty-seven answer, the lead goes on with a reason; the silent are named."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from tests.e2e.stories.days import Days
from tests.e2e.town import COMPLETED, Slip, Task, eventually

BA_DINH = "00004"
FRIDAY = datetime.fromisoformat("2026-03-06T09:00:00+07:00")
REGISTRY = "land-registry"
QUESTION, REASON = "Kho còn giữ hồ sơ gốc không?", "Ba kho đang kiểm kê, không có dữ liệu trước 1993"


async def a_housing_condition(days: Days) -> tuple[Slip, Task]:
    """Accepted, looked up; now the archives are to be checked."""
    slip = await days.town.files(
        "housing-condition-02",
        place={"chosen": BA_DINH, "project": "sao-mai"},
        facts={"married": False, "owns_home": False},
        papers=[{"type": "TOKHAI", "form": "02", "file": "tokhai.pdf", "bytes": 71680}],
        confirmed=["too_early"],
    )
    await days.town.at_counter(slip, "accept")
    [lookup] = await days.town.queued(REGISTRY, slip, tasks=1)
    days.town.replies(REGISTRY, lookup, COMPLETED)
    return slip, (await days.town.queued(REGISTRY, slip, tasks=2))[-1]


async def asked(days: Days, slip: Slip) -> list[Task]:
    """Wait until the archives hold thirty questions."""

    async def all_there() -> list[Task] | None:
        records = days.town.records(f"agency.{REGISTRY}.tasks", slip)
        mine = [one for one in records if dict(one.headers)["ce_type"] == b"vn.motcua.subquery.asked.v1"]
        return [_question(one.value, slip) for one in mine] if len(mine) == 30 else None

    return await eventually(all_there, "thirty questions")


def _question(value: bytes, slip: Slip) -> Task:
    data = json.loads(value)
    return Task(data["task_id"], data["step"], data["office"], slip.dossier_id, slip.dossier_id)


async def answered(days: Days, slip: Slip, many: int) -> dict[str, Any]:
    """Wait until so many answers are in."""

    async def there() -> dict[str, Any] | None:
        queries = (await days.town.life(slip))["queries"]
        return queries[0] if queries and queries[0]["answered"] == many else None

    return await eventually(there, f"{many} answers")


async def test_the_lead_goes_on_and_names_who_stayed_silent(days: Days) -> None:
    await days.begin(FRIDAY)
    slip, check = await a_housing_condition(days)
    due = (await days.town.sees(slip))["due_at"]

    days.town.replies(REGISTRY, check, "task.subquery_asked.v1", data={"question": QUESTION})
    questions = await asked(days, slip)
    for one in questions[:27]:
        days.town.replies(REGISTRY, one, "subquery.answered.v1", data={"answer": "không còn"})
    await answered(days, slip, 27)
    await days.citizens_picture("story-archives-citizen", slip)

    days.town.replies(REGISTRY, check, COMPLETED)
    problems = await days.town.problems(REGISTRY, slip, 1)
    assert problems[0]["code"] == "answers_missing"

    closed = await days.asks(
        REGISTRY, {"task_id": check.id, "office": check.office}, "close-query", reason=REASON
    )
    assert closed.status_code == 200, closed.text
    query = await answered(days, slip, 27)
    assert (query["asked"], len(query["silent"]), query["reason"]) == (30, 3, REASON)
    await days.officers_picture("story-archives", "dieuhanh", f"/board/dossiers/{slip.code}")

    days.town.replies(REGISTRY, questions[29], "subquery.answered.v1", data={"answer": "còn giữ"})
    assert (await days.town.problems(REGISTRY, slip, 2))[-1]["code"] == "query_closed"
    days.town.replies(REGISTRY, check, COMPLETED)
    sign = await eventually(lambda: _step(days, slip, "sign"), "the signature's task")
    assert sign["state"] == "queued"
    assert (await days.town.sees(slip))["due_at"] == due


async def _step(days: Days, slip: Slip, step: str) -> dict[str, Any] | None:
    tasks = (await days.town.life(slip))["tasks"]
    return next((task for task in tasks if task["step"] == step and task["state"] == "queued"), None)
