"""Form 02: the clock waits from the request and goes on at the citizen's act."""

from datetime import datetime

from services.routing.domain.acts import supplement
from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.task import NoEffect, OfficeRequest, RequestDetails, TaskAct
from shared.actor import Actor
from shared.errors import Refused
from shared.events import dossier
from tests.builders.routing import rules, says, task_of
from tests.builders.routing_asks import act_by_office, case_after, cause, code_of, land_transfer, on, papers

ASKED, ANSWERED = on(2, 13, 14), on(2, 23)


def waiting() -> Case:
    return case_after(act_by_office(land_transfer(), OfficeRequest.SUPPLEMENT, ASKED, wants=papers()))


def answer(case: Case, act: datetime = ANSWERED, now: datetime = ANSWERED) -> CaseChange | Refused:
    return supplement.record_supplement(case, act, cause(dossier.SUPPLEMENTED), rules(now))


def test_the_clock_waits_from_the_request() -> None:
    case = waiting()
    assert (case.state, case.stage, case.current_due_at) == ("supplement_requested", "processing", None)
    assert case.promised_due_at == on(3, 3, 17)


def test_what_is_asked_for_is_kept_with_who_asked_and_until_when() -> None:
    request = waiting().request
    assert request is not None
    assert (request.items, request.nth, request.answer_by) == (
        ("Giấy chứng nhận bản gốc",),
        1,
        on(2, 27, 17),
    )
    assert request.office.startswith("LRO")


def test_the_worked_example_asked_friday_answered_after_tet_is_due_on_wednesday() -> None:
    case = case_after(answer(waiting()))
    assert (case.state, case.request, case.current_due_at) == ("in_process", None, on(3, 4, 17))


def test_answered_after_the_cut_off_counts_from_the_next_day() -> None:
    late = on(2, 23, 15, 30)
    assert case_after(answer(waiting(), late, late)).current_due_at == on(3, 5, 17)


def test_the_citizens_act_counts_and_not_when_we_hear_of_it() -> None:
    assert case_after(answer(waiting(), ANSWERED, on(2, 25))).current_due_at == on(3, 4, 17)


def test_the_offices_own_time_waits_too() -> None:
    before, after = task_of(waiting(), "check"), task_of(case_after(answer(waiting())), "check")
    assert (before.due_at, after.due_at) == (on(2, 24, 17), on(2, 25, 17))


def test_the_same_request_told_twice_is_one() -> None:
    assert isinstance(act_by_office(waiting(), OfficeRequest.SUPPLEMENT, on(2, 14), wants=papers()), NoEffect)


def test_all_defects_belong_into_one_request() -> None:
    more = act_by_office(waiting(), OfficeRequest.SUPPLEMENT, on(2, 14), wants=papers("Bản vẽ"))
    assert code_of(more) == "all_defects_in_one_request"


def test_a_request_names_its_defects_and_leaves_time() -> None:
    case = land_transfer()
    assert code_of(act_by_office(case, OfficeRequest.SUPPLEMENT, ASKED)) == "items_missing"
    for past in (on(2, 13), ASKED, None):
        wants = RequestDetails(("Bản vẽ",), past)
        assert code_of(act_by_office(case, OfficeRequest.SUPPLEMENT, ASKED, wants=wants)) == "bad_answer_by"


def test_a_second_request_says_that_it_counts_as_late_and_wants_the_heads_name() -> None:
    again = act_by_office(case_after(answer(waiting())), OfficeRequest.SUPPLEMENT, on(2, 25), wants=papers())
    assert code_of(again) == "second_supplement_counts_as_late"
    assert isinstance(again, Refused)
    assert "trễ hạn" in again.vi
    for half in (papers(basis="NĐ 118/2025"), papers(approved_by="Giám đốc chi nhánh")):
        again = act_by_office(case_after(answer(waiting())), OfficeRequest.SUPPLEMENT, on(2, 25), wants=half)
        assert code_of(again) == "second_supplement_counts_as_late"


def test_a_second_request_with_its_basis_is_granted_and_flagged() -> None:
    wants = papers(basis="NĐ 118/2025", approved_by="Giám đốc chi nhánh")
    case = case_after(
        act_by_office(case_after(answer(waiting())), OfficeRequest.SUPPLEMENT, on(2, 25), wants=wants)
    )
    assert case.request is not None
    assert (case.second_supplement, case.request.nth) == (True, 2)
    assert case_after(answer(case, on(2, 26), on(2, 26))).second_supplement


def test_papers_nobody_asked_for_are_declined() -> None:
    assert code_of(answer(land_transfer())) == "no_papers_owed"


def test_the_last_step_cannot_end_a_dossier_that_waits_for_papers() -> None:
    case = case_after(
        act_by_office(_last_step(), OfficeRequest.SUPPLEMENT, on(2, 24), step="update", wants=papers())
    )
    assert code_of(says(case, "update", TaskAct.COMPLETE, at=on(2, 25))) == "papers_owed"


def test_asked_for_when_late_changes_no_date() -> None:
    late = act_by_office(
        land_transfer(), OfficeRequest.SUPPLEMENT, on(3, 4), wants=RequestDetails(("Bản vẽ",), on(3, 10))
    )
    assert case_after(late).current_due_at == on(3, 3, 17)


def test_only_a_task_in_hands_asks() -> None:
    officer = Actor(kind="officer", id="canbo")
    early = act_by_office(
        land_transfer(), OfficeRequest.SUPPLEMENT, ASKED, step="update", by=officer, wants=papers()
    )
    assert code_of(early) == "not_yet_queued"
    case = case_after(says(land_transfer(), "check", TaskAct.COMPLETE, at=on(2, 12, 11)))
    assert (
        code_of(act_by_office(case, OfficeRequest.SUPPLEMENT, ASKED, wants=papers())) == "task_already_done"
    )


def _last_step() -> Case:
    case = land_transfer()
    for step in ("check", "tax-notice", "citizen-pays"):
        case = case_after(says(case, step, TaskAct.COMPLETE, at=on(2, 13)))
    return case
