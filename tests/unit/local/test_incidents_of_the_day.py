"""What goes otherwise on the day: decided by the seed, met once, and its citizen must be told of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from deploy.demo.city_day.filing import Filed
from deploy.demo.city_day.holiday import ANNOUNCED, CALENDARS, DAY_OFF, with_day_off
from deploy.demo.city_day.incidents import SHARES, Incidents
from deploy.demo.dossiers import Filing
from deploy.local.stack import Stack
from shared.catalogue.loading.load import load_folder

MORNING = datetime.fromisoformat("2026-01-15T08:00:00+07:00")
STACK = SimpleNamespace(
    routing_url="r", intake_url="i", counter_api_key="counter", agencies={"wards": "wards.key"}
)


class Doors:
    """Lets everything pass, or nothing, and remembers what came."""

    def __init__(self, *, open: bool = True) -> None:
        self.open = open
        self.came: list[tuple[str, str | None]] = []

    async def post(self, url: str, key: str | None, body: dict[str, Any], **headers: str) -> bool:
        self.came.append((url, key))
        return self.open


def filed_dossier(code: str, *, sample: bool = False) -> Filed:
    return Filed(Filing(MORNING, "key", {}, {}, is_sample=sample), code, "secret", "PASC-SP.00004")


def incidents(doors: Doors, *, sample: bool = False) -> Incidents:
    return Incidents(cast(Stack, STACK), 1, lambda code: filed_dossier(code, sample=sample), doors.post)


def row(code: str, state: str = "queued") -> dict[str, Any]:
    due = "2026-02-15T17:00:00+07:00"
    return {
        "code": code,
        "state": state,
        "due_at": due,
        "procedure": "marriage",
        "child": None,
        "task_id": code,
        "party": "wards",
        "office": "WARD.00004",
    }


def codes_that_meet(kind: str) -> list[str]:
    """Codes for which the dice say so."""
    found = [f"H26.X-260115-{n:04}" for n in range(400)]
    return [code for code in found if incidents(Doors())._kind(code) == kind]


def test_about_so_many_meet_something_and_the_same_ones_each_time() -> None:
    met = {kind: codes_that_meet(kind) for kind in SHARES}
    for kind, share in SHARES.items():
        assert 0.4 * share < len(met[kind]) / 400 < 2 * share, kind
        assert met[kind] == codes_that_meet(kind)


def test_a_sample_and_work_already_begun_go_as_planned() -> None:
    code = codes_that_meet("supplement")[0]
    assert incidents(Doors(), sample=True).incident_at_desk(row(code), MORNING) is None
    assert incidents(Doors()).incident_at_desk(row(code, "started"), MORNING) is None
    assert incidents(Doors()).incident_at_desk(row(code), MORNING) is not None


async def test_papers_are_asked_for_once_and_brought_a_working_day_later() -> None:
    doors = Doors()
    day, code = incidents(doors), codes_that_meet("supplement")[0]
    asked = day.incident_at_desk(row(code), MORNING)
    assert asked is not None
    await asked.do()
    assert (day.sent_templates[code], day.waiting) == ({"supplement"}, {code})
    assert day.incident_at_desk(row(code), MORNING) is None
    [brought] = day.intentions()
    assert brought.at == datetime.fromisoformat("2026-01-16T08:00:00+07:00")
    await brought.do()
    assert (day.waiting, day.intentions()) == (set(), [])
    assert doors.came == [
        (f"r/v1/tasks/{code}/ask-supplement", "wards.key"),
        (f"i/v1/dossiers/{code}/supplement", "counter"),
    ]


async def test_who_withdraws_is_told_that_and_of_the_stop() -> None:
    day, code = incidents(Doors()), codes_that_meet("withdrawal")[0]
    asked = day.incident_at_desk(row(code), MORNING)
    assert asked is not None
    await asked.do()
    [stops] = day.intentions()
    await stops.do()
    assert day.sent_templates[code] == {"withdrawal", "stopped"}
    assert day.summary() == "stopped 1, withdrawal 1"


async def test_what_a_door_refused_nobody_was_told() -> None:
    day, code = incidents(Doors(open=False)), codes_that_meet("extension")[0]
    asked = day.incident_at_desk(row(code), MORNING)
    assert asked is not None
    await asked.do()
    assert not day.sent_templates[code]


def test_the_day_off_announced_is_read_by_the_citys_own_reader(tmp_path: Path) -> None:
    for kept in CALENDARS.parent.iterdir():
        if kept.name != CALENDARS.name:
            (tmp_path / kept.name).symlink_to(kept)
    (tmp_path / CALENDARS.name).write_text(with_day_off(DAY_OFF, ANNOUNCED), encoding="utf-8")
    days = load_folder(tmp_path)["calendar"]["national"]
    assert [day["kind"] for day in days if day["date"] == str(DAY_OFF)] == ["day_off"]
