"""What an office does with a task depends on the seed and on facts of the city, never on an id."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache
from uuid import uuid4

from deploy.demo.agencies import temper, work
from deploy.demo.agencies.hours import CITY, SLOTS, is_worked, nth_slot, slots_between, working_days
from deploy.demo.agencies.work import COMPLETED, DECLINED, STARTED, Task, plan

WEDNESDAY = datetime(2026, 1, 14, 9, tzinfo=CITY)


def a_task(party: str = "tax", office: str = "TAX.001", **changed: object) -> Task:
    task = Task(
        party=party,
        root=str(uuid4()),
        dossier_id=str(uuid4()),
        task_id=str(uuid4()),
        step="tax-code",
        office=office,
        procedure="business-household",
        due_at=datetime(2026, 1, 19, 17, tzinfo=CITY),
        queued_at=WEDNESDAY,
    )
    return replace(task, **changed)


@cache
def many(party: str, count: int = 400) -> list[list[work.Act]]:
    return [plan(a_task(party, office=f"OFFICE.{n}"), seed=1) for n in range(count)]


def act_rows(acts: list[work.Act]) -> list[tuple[datetime, str, int]]:
    return [(act.at, act.type, act.copies) for act in acts]


def test_the_same_facts_get_the_same_treatment_whatever_their_ids() -> None:
    assert act_rows(plan(a_task(), seed=7)) == act_rows(plan(a_task(), seed=7))


def test_another_seed_is_another_city() -> None:
    days = [[act_rows(plan(a_task(office=f"TAX.{n}"), seed)) for n in range(50)] for seed in (1, 2)]

    assert days[0] != days[1]


def test_nobody_works_outside_office_hours() -> None:
    instants = {act.at.astimezone(CITY) for acts in many("land-registry") for act in acts}

    assert all(is_worked(at.date()) and at.time() in SLOTS for at in instants)


def test_work_is_begun_before_it_is_done() -> None:
    done = [acts for acts in many("civil-status") if acts[-1].type == COMPLETED]

    assert all(acts[-2].type == STARTED and acts[-2].at <= acts[-1].at for acts in done)


def test_some_offices_are_late_and_most_are_not() -> None:
    late = [acts for acts in many("tax") if acts[-1].at > a_task().due_at]

    assert 0 < len(late) < 80


def test_some_decline_some_repeat_some_send_rubbish() -> None:
    assert any(acts[-1].type == DECLINED for acts in many("social-insurance"))
    assert any(acts[-1].copies == 2 for acts in many("justice"))
    assert any(acts[0].is_invalid for acts in many("construction"))


def test_rubbish_comes_before_the_good_answer_and_never_instead() -> None:
    careless = [acts for acts in many("city-police") if acts[0].is_invalid]

    assert careless
    assert all(acts[-1].type == COMPLETED and not acts[-1].is_invalid for acts in careless)


def test_a_roll_is_a_share() -> None:
    rolls = [temper.roll("x", n) for n in range(1000)]

    assert min(rolls) >= 0
    assert max(rolls) < 1
    assert 0.4 < sum(rolls) / 1000 < 0.6


def test_the_next_half_hour_after_friday_evening_is_on_monday() -> None:
    friday = datetime(2026, 1, 16, 17, tzinfo=CITY)

    assert nth_slot(friday, 1) == datetime(2026, 1, 19, 8, tzinfo=CITY)


def test_half_hours_up_to_a_due_time_count_it_too() -> None:
    assert slots_between(WEDNESDAY, datetime(2026, 1, 14, 10, tzinfo=CITY)) == 2


def test_working_days_leave_out_the_weekend_and_the_first_day() -> None:
    assert working_days(WEDNESDAY.date(), datetime(2026, 1, 19, tzinfo=CITY).date()) == 3
