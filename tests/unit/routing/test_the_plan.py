"""Steps become tasks: order, offices, parties, due dates."""

from datetime import datetime

import pytest

from services.routing.domain.case.case import FiledPaper
from services.routing.domain.case.task import TaskAct, TaskState
from shared.clock import CITY_TZ
from tests.builders.routing import (
    FRIDAY,
    HERE,
    acceptance,
    after,
    catalogue,
    opened,
    says,
    submitted_case,
    task_of,
    under_way,
)

FORM_02 = (FiledPaper("MAU02"),)
SOCIAL = {"married": False, "labour_contract": True, "oversubscribed": False, "wants_loan": False}


def states(case_procedure: str, **facts: bool) -> dict[str, str]:
    case = under_way(case_procedure, facts=facts)
    return {task.step: task.state.value for task in case.current_tasks if not task.is_reception}


def test_a_sequence_hands_out_its_first_step_only() -> None:
    assert states("land-certificate-lost") == {"posting": "queued", "check": "waiting", "sign": "waiting"}


def test_parallel_steps_are_handed_out_together() -> None:
    assert states("building-permit-house") == {
        "intake": "done",
        "appraise": "queued",
        "consult": "queued",
        "decide": "waiting",
    }


def test_the_join_waits_for_every_branch() -> None:
    case = after(under_way("building-permit-house"), "appraise")
    assert task_of(case, "decide").state is TaskState.WAITING
    assert task_of(after(case, "consult"), "decide").state is TaskState.QUEUED


def test_what_follows_a_step_left_out_inherits_what_that_step_waited_for() -> None:
    case = under_way("social-housing-purchase", facts=SOCIAL)
    assert "draw" not in {task.step for task in case.current_tasks}
    assert set(task_of(case, "contract").after) == {"list-opinion", "cross-land", "cross-tax"}


def test_no_labour_contract_means_the_fact_was_answered_with_no() -> None:
    without = under_way("social-housing-purchase", facts={**SOCIAL, "labour_contract": False})
    assert "income" in {task.step for task in without.current_tasks}
    silent = under_way("social-housing-purchase", facts={"married": False})
    assert "income" not in {task.step for task in silent.current_tasks}


@pytest.mark.parametrize("procedure", [p.id for p in catalogue().procedures(FRIDAY.date())])
def test_each_procedure_runs_to_its_end(procedure: str) -> None:
    case = under_way(procedure)
    for _ in range(40):
        waiting = [(one.does, task) for one in case.family for task in one.current_tasks if task.is_open]
        if not waiting:
            break
        assert all(task.due_at and task.party for _, task in waiting)
        of, task = waiting[0]
        case = after(case, f"{of}/{task.step}" if of else task.step)
    assert (case.state.value, case.outcome) == ("completed", "granted")


def test_an_office_with_a_system_is_reached_by_topic_and_one_without_at_its_desk() -> None:
    case = under_way("building-permit-house")
    assert (task_of(case, "consult").party, task_of(case, "consult").to_topic) == ("construction", True)
    desk = under_way("disability-certificate")
    assert (task_of(desk, "convene").office, task_of(desk, "convene").party) == ("WARD.00070", "ward-pilot")


def test_the_party_is_the_one_of_the_day_the_task_is_handed_out() -> None:
    january = datetime(2026, 1, 14, 9, 0, tzinfo=CITY_TZ)
    early = acceptance(opened(submitted_case("disability-certificate", at=january), january), january).case
    assert (task_of(early, "convene").party, task_of(early, "convene").to_topic) == ("wards", False)


def test_a_task_is_never_due_after_its_dossier() -> None:
    due = datetime(2026, 3, 6, 17, 0, tzinfo=CITY_TZ)
    case = acceptance(opened(submitted_case("marital-status")), due=due).case
    assert {task.due_at for task in case.current_tasks if not task.is_reception} == {due}


def test_once_the_dossier_is_late_each_office_still_gets_its_own_time() -> None:
    late = datetime(2026, 3, 20, 9, 0, tzinfo=CITY_TZ)
    done = says(under_way("marital-status"), "check", TaskAct.COMPLETE, at=late)
    sign = task_of(done.case, "sign")  # pyright: ignore[reportAttributeAccessIssue]
    assert sign.due_at is not None
    assert sign.due_at > late


def test_a_step_outside_the_limit_is_not_bound_by_it() -> None:
    case = under_way("land-certificate-lost")
    assert task_of(case, "posting").due_at == datetime(2026, 3, 23, 17, 0, tzinfo=CITY_TZ)


def test_filing_with_an_investor_is_due_when_the_projects_window_closes() -> None:
    case = acceptance(opened(submitted_case("social-housing-purchase", facts=SOCIAL, papers=FORM_02))).case
    assert task_of(case, "file").due_at == datetime(2026, 4, 10, 17, tzinfo=CITY_TZ)


def test_once_the_window_is_closed_its_steps_have_their_budget() -> None:
    closed = submitted_case(
        "social-housing-purchase", facts=SOCIAL, place={**HERE, "project": "kimchung-ct3"}, papers=FORM_02
    )
    case = acceptance(opened(closed)).case
    assert task_of(case, "file").due_at == datetime(2026, 3, 12, 17, tzinfo=CITY_TZ)
