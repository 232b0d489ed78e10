"""The database is set back to a backup while Kafka lives on: nothing is given out or said a second time."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.local.reconcile import reconcile_all
from shared.clock import to_city_time
from shared.messaging.recovery import restore_guard
from shared.messaging.recovery.reconcile import ReconcileReport
from tests.builders.counters import office_of
from tests.builders.intake import FRIDAY, JUDICIAL, MARRIAGE
from tests.builders.routing_agency import ForeignAgency
from tests.builders.wire import until
from tests.chaos import backup
from tests.chaos.door import City
from tests.chaos.house import House
from tests.databases import SERVICES, Database

pytestmark = [pytest.mark.integration, pytest.mark.timeout(240)]


@dataclass
class Before:
    """What the city had come to when its database was lost."""

    codes: list[str] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)
    cases: dict[str, dict[str, Any]] = field(default_factory=dict)
    told: list[tuple[str, str]] = field(default_factory=list)
    registering: dict[str, Any] = field(default_factory=dict)


@pytest.fixture
async def house(database: Database, kafka: str, topic_prefix: str, tmp_path: Path) -> AsyncIterator[House]:
    """All three services open, the city's clock standing on a Friday morning."""
    await database.set_clock(FRIDAY)
    made = House(City(database, kafka, topic_prefix), tmp_path)
    await made.furnish(["city-police", "civil-status"])
    await made.open()
    await made.ready()
    yield made
    await made.leave()


async def lose_a_day(house: House) -> Before:
    """A backup in the middle of the work, then more work, then the backup in place of the database."""
    before, police = Before(), ForeignAgency(house.city.kafka, "city-police", house.city.prefix)
    try:
        before.kept = {
            "record": await file_dossier(house, JUDICIAL),
            "marriage": await file_dossier(house, MARRIAGE),
        }
        await house.quiet()
        await house.close()
        copy = await backup.take(house.city.database)
        await house.open()
        await house.ready()
        before.lost = {
            "record": await file_dossier(house, JUDICIAL),
            "marriage": await file_dossier(house, MARRIAGE),
        }
        await accepted(house, before.kept["marriage"])
        await accepted(house, before.lost["marriage"])
        for _ in ("kept", "lost"):
            police.reply(await asyncio.to_thread(police.next))
        before.registering = await on_desk(house, before.kept["marriage"])
        await registered(house, before.registering)
        await house.quiet()
    finally:
        police.close()
    before.codes = [*before.kept.values(), *before.lost.values()]
    before.cases, before.told = await house.cases(), house.told()
    await house.close()
    await backup.put_back(house.city.database, copy)
    return before


async def file_dossier(house: House, body: dict[str, Any]) -> str:
    """The code of a dossier handed in."""
    return (await house.file(body))["code"]


async def accepted(house: House, code: str) -> None:
    """The counter accepts."""
    answer = await house.post("intake", f"/v1/dossiers/{code}/accept", "counter", office=office_of(code))
    assert answer.status_code == 200, answer.text


async def on_desk(house: House, code: str) -> dict[str, Any]:
    """Wait until the registrar has it."""
    found: list[dict[str, Any]] = []

    async def is_on_desk() -> bool:
        listed = await house.get("routing", "/v1/tasks?party=civil-status", "operator")
        found[:] = [task for task in listed["tasks"] if task["code"] == code]
        return bool(found)

    await until(is_on_desk)
    return found[0]


async def registered(house: House, task: dict[str, Any]) -> None:
    """The registrar is done, and says so by HTTP: no topic tells of it but our own."""
    meeting = {"meet_at": (FRIDAY + timedelta(days=3)).isoformat()}
    await says(house, task, "propose-appointment", **meeting)
    await house.quiet()
    await says(house, task, "record-arrival")
    await says(house, task, "complete", outcome="granted")


async def says(house: House, task: dict[str, Any], act: str, **more: str) -> None:
    body = {"office": task["office"], **more}
    answer = await house.post("routing", f"/v1/tasks/{task['task_id']}/{act}", "civil-status", body)
    assert answer.status_code == 200, answer.text


async def reconciled(house: House, *, dry_run: bool = False) -> dict[str, ReconcileReport]:
    """What `motcua reconcile` does."""
    city = house.city
    urls = {service: city.database.url(service) for service in SERVICES}
    reports = await reconcile_all(urls, city.kafka, prefix=city.prefix, dry_run=dry_run)
    return {report.service: report for report in reports}


async def test_after_a_restore_nothing_is_given_out_or_said_twice(house: House) -> None:
    before = await lose_a_day(house)

    await house.open()
    await stays_closed(house)
    rehearsed = await reconciled(house, dry_run=True)
    await stays_closed(house)
    reports = await reconciled(house)
    assert reports == rehearsed
    await house.ready()
    await house.quiet()

    after = await house.cases()
    redo = before.kept["marriage"]
    assert {code: case for code, case in after.items() if code != redo} == {
        code: case for code, case in before.cases.items() if code != redo
    }
    assert house.told() == before.told
    assert [(left.what, left.code) for left in reports["routing"].manual_repairs] == [
        ("desk_act_lost", redo)
    ] * 3
    assert sorted(left.code for left in reports["intake"].manual_repairs) == sorted(before.lost.values())
    assert reports["notification"].manual_repairs == []
    await is_accepted_at_the_counter_too(house, redo, before)

    await registered(house, before.registering)
    await house.quiet()
    assert await house.cases() == before.cases
    assert house.told() == before.told
    fresh = [await file_dossier(house, JUDICIAL), await file_dossier(house, MARRIAGE)]
    assert twice([*before.codes, *fresh]) == []
    assert [await house.get(service, "/v1/held", "operator") for service in SERVICES] == [[], [], []]
    assert all(
        report.raised_keys == 0 and not report.manual_repairs for report in (await reconciled(house)).values()
    )


async def test_a_restore_that_nobody_made_level_gives_a_code_twice(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await lose_a_day(house)

    async def looks_away(_: object) -> bool:
        return False

    monkeypatch.setattr(restore_guard, "is_behind", looks_away)
    await house.open()
    await house.ready()
    await house.quiet()

    fresh = [await file_dossier(house, JUDICIAL), await file_dossier(house, MARRIAGE)]
    assert twice([*before.codes, *fresh]) == sorted(before.lost.values())
    assert house.told() != before.told


async def stays_closed(house: House) -> None:
    """None of the three opens, and each says why."""

    async def say_so() -> bool:
        return [(await house.said(service))["level"] for service in SERVICES] == [restore_guard.BEHIND] * 3

    await until(say_so)
    turned_away = await house.post("intake", "/v1/dossiers", body=JUDICIAL)
    assert turned_away.status_code == 503
    assert turned_away.headers["retry-after"].isdecimal()


async def is_accepted_at_the_counter_too(house: House, code: str, before: Before) -> None:
    """Intake took over the decision that it had made after the backup, and nobody is asked again."""
    waiting = await house.get("intake", "/v1/counter", "operator")
    assert code not in [dossier["code"] for dossier in waiting]
    pool = await house.city.database.pool("intake")
    row = await pool.fetchrow("SELECT state::text, promised_due_at FROM dossiers WHERE code = $1", code)
    assert row is not None
    assert row["state"] == "accepted"
    assert to_city_time(row["promised_due_at"]).isoformat() == before.cases[code]["promised_due_at"]


def twice(codes: list[str]) -> list[str]:
    """Codes that were printed more than once."""
    return sorted(code for code, times in Counter(codes).items() if times > 1)
