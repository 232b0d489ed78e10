"""The citizen takes the dossier back, or thinks again: the clock never notices."""

from datetime import datetime

from services.routing.domain.acts import intake_events, supplement, withdrawal
from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.task import OfficeRequest, TaskAct
from shared.events import dossier
from tests.builders.routing import after, opened, rules, says, submitted_case, under_way
from tests.builders.routing_asks import act_by_office, case_after, cause, code_of, land_transfer, on, papers

WEDNESDAY, THURSDAY = on(2, 25), on(2, 26)


def owing() -> Case:
    return case_after(act_by_office(land_transfer(), OfficeRequest.SUPPLEMENT, on(2, 13, 14), wants=papers()))


def withdrawn(case: Case, at: datetime = WEDNESDAY) -> Case:
    return case_after(withdrawal.request_withdrawal(case, cause(dossier.WITHDRAWAL_REQUESTED), at))


def cancelled(case: Case, at: datetime = THURSDAY) -> Case:
    why = cause(dossier.WITHDRAWAL_CANCELLED)
    return case_after(withdrawal.cancel_withdrawal(case, why, rules(at)))


def test_asking_leaves_the_clock_running() -> None:
    case = land_transfer()
    assert withdrawn(case).current_due_at == case.current_due_at
    assert withdrawn(case).ledger == case.ledger


def test_asked_in_a_pause_and_cancelled_it_still_waits_for_the_paper() -> None:
    before = owing()
    case = cancelled(withdrawn(before))
    assert case == before
    assert (case.state, case.stage, case.current_due_at) == ("supplement_requested", "processing", None)


def test_where_the_answers_time_ran_out_meanwhile_one_working_day_is_left() -> None:
    case = cancelled(withdrawn(owing()), on(3, 6, 11))
    assert case.request is not None
    assert case.request.answer_by == on(3, 9, 17)


def test_the_last_instant_to_answer_is_still_theirs() -> None:
    kept = cancelled(withdrawn(owing()), on(2, 27, 17))
    assert kept.request is not None
    assert kept.request.answer_by == on(2, 27, 17)


def test_what_an_office_wrote_to_stop_it_for_is_void_once_the_citizen_takes_it_back() -> None:
    written = case_after(
        act_by_office(owing(), OfficeRequest.STOP, WEDNESDAY, reason="không bổ sung giấy tờ")
    )
    assert written.stop_asked is not None
    assert withdrawn(written).stop_asked is None


def test_papers_that_come_while_it_is_withdrawn_are_declined_until_it_is_cancelled() -> None:
    why = cause(dossier.SUPPLEMENTED)
    found = supplement.record_supplement(withdrawn(owing()), THURSDAY, why, rules(THURSDAY))
    assert code_of(found) == "no_papers_owed"
    back = cancelled(withdrawn(owing()))
    assert (
        case_after(supplement.record_supplement(back, THURSDAY, why, rules(THURSDAY))).state == "in_process"
    )


def test_the_office_stops_what_the_citizen_takes_back_without_a_second_person() -> None:
    case = case_after(act_by_office(withdrawn(land_transfer()), OfficeRequest.STOP, THURSDAY))
    assert (case.state, case.holder, case.resume_to) == ("stopped", None, None)


def test_a_withdrawal_that_crosses_a_completion_comes_too_late() -> None:
    case = after(under_way(), "check", "sign")
    found = withdrawal.request_withdrawal(case, cause(dossier.WITHDRAWAL_REQUESTED), on(3, 9))
    assert code_of(found) == "already_decided"


def test_a_completion_that_crosses_a_withdrawal_waits_for_it() -> None:
    case = after(under_way(), "check")
    taken_back = withdrawn(case, on(3, 6, 11))
    assert code_of(says(taken_back, "sign", TaskAct.COMPLETE, at=on(3, 6, 12))) == "withdrawal_undecided"


def test_nothing_to_cancel() -> None:
    found = withdrawal.cancel_withdrawal(
        land_transfer(), cause(dossier.WITHDRAWAL_CANCELLED), rules(WEDNESDAY)
    )
    assert code_of(found) == "no_withdrawal"


def resting_in_accepted() -> Case:
    """As it stands between its acceptance and its plan."""
    accepted = intake_events.Acceptance(on(2, 12), 1, on(3, 3, 17), ())
    at_door = opened(submitted_case("land-transfer", at=on(2, 12)), on(2, 12))
    change = intake_events.accept_case(at_door, accepted, cause(dossier.ACCEPTED), rules(on(2, 12)))
    assert isinstance(change, CaseChange)
    return change.updates[0].case


def test_asked_between_acceptance_and_the_plan_it_leads_back_to_acceptance() -> None:
    before = resting_in_accepted()
    assert before.state == "accepted"
    asked_there = withdrawn(before)
    assert (asked_there.state, asked_there.current_due_at) == ("withdrawal_requested", before.current_due_at)
    assert cancelled(asked_there) == before
