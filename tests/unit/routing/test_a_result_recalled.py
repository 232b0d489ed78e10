"""A defect found before the result is handed over; once it is, the dossier is closed."""

from dataclasses import replace

from services.routing.domain.acts import result_returned
from services.routing.domain.case.case import Case
from services.routing.domain.case.task import NoEffect, OfficeRequest, TaskAct
from shared.events import dossier
from tests.builders.routing import acceptance, after, opened, says, submitted_case, task_of
from tests.builders.routing_asks import act_by_office, case_after, cause, code_of, on

MONDAY, TUESDAY = on(3, 9), on(3, 10)


def completed() -> Case:
    case = acceptance(opened(submitted_case())).case
    return after(case, "check", "sign")


def recalled() -> Case:
    return case_after(
        act_by_office(completed(), OfficeRequest.RECALL, MONDAY, step="sign", reason="sai ngày cấp")
    )


def handed_over(case: Case) -> Case:
    return case_after(result_returned.close_after_hand_over(case, cause(dossier.RETURNED), MONDAY))


def test_the_step_is_done_again_as_a_new_task() -> None:
    case = recalled()
    assert (case.state, case.outcome, case.completed_at) == ("in_process", None, None)
    assert task_of(case, "sign").state == "queued"
    assert task_of(case, "sign").id != task_of(completed(), "sign").id
    assert [task.state for task in case.tasks if task.step == "sign"] == ["closed", "queued"]


def test_the_clock_goes_on_where_it_stopped() -> None:
    # 3 working days, accepted and completed on Friday 6 March: all 3 are left after Monday 9
    assert recalled().current_due_at == on(3, 12, 17)


def test_done_again_it_is_completed_again() -> None:
    case = case_after(says(recalled(), "sign", TaskAct.COMPLETE, at=TUESDAY))
    assert (case.state, case.outcome) == ("completed", "granted")
    assert [event.fact.value for event in case.ledger] == ["completed", "recalled", "completed"]


def test_a_dossier_completed_before_facts_were_kept_can_be_recalled_too() -> None:
    old = replace(completed(), ledger=())
    case = case_after(act_by_office(old, OfficeRequest.RECALL, MONDAY, step="sign", reason="sai"))
    assert case.current_due_at == on(3, 12, 17)


def test_a_recall_names_the_defect() -> None:
    assert code_of(act_by_office(completed(), OfficeRequest.RECALL, MONDAY, step="sign")) == "reason_missing"


def test_told_twice_it_is_one() -> None:
    case = recalled()
    old = next(task for task in case.tasks if task.state == "closed" and task.step == "sign")
    assert isinstance(
        act_by_office(case, OfficeRequest.RECALL, MONDAY, task=old, reason="sai ngày cấp"), NoEffect
    )


def test_nothing_is_recalled_before_there_is_a_result() -> None:
    case = after(acceptance(opened(submitted_case())).case, "check")
    assert code_of(act_by_office(case, OfficeRequest.RECALL, MONDAY, reason="sai")) == "no_result_yet"


def test_handed_over_is_the_end() -> None:
    case = handed_over(completed())
    assert (case.state, case.outcome) == ("returned", "granted")
    assert (
        code_of(act_by_office(case, OfficeRequest.RECALL, TUESDAY, step="sign", reason="sai"))
        == "dossier_closed"
    )


def test_there_is_nothing_to_hand_over_before_the_result() -> None:
    case = acceptance(opened(submitted_case())).case
    assert (
        code_of(result_returned.close_after_hand_over(case, cause(dossier.RETURNED), MONDAY))
        == "no_result_yet"
    )
