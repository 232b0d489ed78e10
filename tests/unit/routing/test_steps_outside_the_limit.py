"""A step the limit does not count, or that waits for a person, stops the dossier's clock and no office's."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain.acts import supplement
from services.routing.domain.acts.reassignment import reassign_task
from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.task import OfficeRequest, TaskAct
from services.routing.domain.clock import case_clock
from services.routing.domain.clock.time_attribution import TimeOwner, time_spent
from services.routing.domain.deadlines.deadlines import running_clocks
from shared.events import dossier
from shared.worktime import ClockEventType
from tests.builders.routing import (
    acceptance,
    opened,
    resending,
    rules,
    says,
    submitted_case,
    task_of,
)
from tests.builders.routing_asks import act_by_office, case_after, cause, land_transfer, on, papers

CHECKED, NOTICED, PAID = on(2, 24), on(3, 3), on(3, 10)


def completed(case: Case, step: str, at: datetime) -> Case:
    return case_after(says(case, step, TaskAct.COMPLETE, at=at))


def at_the_tax_office() -> Case:
    """Checked on Tue 24 February: of eight working days three are used."""
    return completed(land_transfer(), "check", CHECKED)


def waiting_for_the_citizen() -> Case:
    return completed(at_the_tax_office(), "tax-notice", NOTICED)


def facts(case: Case) -> list[tuple[ClockEventType, datetime]]:
    return [(event.fact, event.at) for event in case.ledger]


def test_the_tax_office_has_its_own_date_and_the_dossier_none() -> None:
    case = at_the_tax_office()
    assert (case.state, case.current_due_at, case.promised_due_at) == ("in_process", None, on(3, 3, 17))
    assert task_of(case, "tax-notice").due_at == on(3, 3, 17)
    assert facts(case) == [(ClockEventType.EXCLUDED_STEP_BEGUN, CHECKED)]


def test_two_such_steps_in_a_row_are_one_wait() -> None:
    assert facts(waiting_for_the_citizen()) == [(ClockEventType.EXCLUDED_STEP_BEGUN, CHECKED)]


def test_after_them_the_rest_of_the_limit_is_counted_and_bounds_the_next_office() -> None:
    case = completed(waiting_for_the_citizen(), "citizen-pays", PAID)
    assert case.current_due_at == on(3, 17, 17)
    assert task_of(case, "update").due_at == on(3, 16, 17)


def test_the_lines_of_the_explanation_say_so_and_add_up() -> None:
    case = completed(waiting_for_the_citizen(), "citizen-pays", PAID)
    outside = [line for line in case.explanation if "ngoài thời hạn" in line.why_vi]
    assert outside
    assert sum(line.counts for line in case.explanation) == 8


def test_what_a_person_must_do_is_no_offices_deadline() -> None:
    case = waiting_for_the_citizen()
    assert task_of(case, "citizen-pays").actor == "citizen"
    assert running_clocks(case) == ()
    assert [one.task and one.task.step for one in running_clocks(at_the_tax_office())] == ["tax-notice"]


def test_whose_time_it_was_tells_the_tax_office_from_the_citizen() -> None:
    case = completed(waiting_for_the_citizen(), "citizen-pays", PAID)
    shares = {share.owner: share.minutes for share in time_spent(case, rules(PAID), ()).time}
    assert shares[TimeOwner.OUTSIDE] == 5 * 450
    assert shares[TimeOwner.CITIZEN] == 5 * 450


def test_a_paper_asked_for_meanwhile_is_the_reason_why_it_stands_until_it_is_brought() -> None:
    owed = case_after(
        act_by_office(
            at_the_tax_office(), OfficeRequest.SUPPLEMENT, on(2, 25), step="tax-notice", wants=papers()
        )
    )
    assert facts(owed)[1:] == [
        (ClockEventType.EXCLUDED_STEP_DONE, on(2, 25)),
        (ClockEventType.SUPPLEMENT_REQUESTED, on(2, 25)),
    ]
    brought = supplement.record_supplement(owed, on(2, 26), cause(dossier.SUPPLEMENTED), rules(on(2, 27)))
    assert facts(case_after(brought))[3:] == [
        (ClockEventType.SUPPLEMENTED, on(2, 26)),
        (ClockEventType.EXCLUDED_STEP_BEGUN, on(2, 26)),
    ]


def test_what_is_given_back_lies_with_the_centre_and_that_time_counts() -> None:
    back = case_after(says(at_the_tax_office(), "tax-notice", TaskAct.DECLINE, at=on(2, 25)))
    assert back.current_due_at == on(3, 4, 17)
    said = resending(back, "tax-notice", task_of(back, "tax-notice").office)
    again = case_after(reassign_task(back, said, rules(on(2, 26))))
    assert facts(again)[1:] == [
        (ClockEventType.EXCLUDED_STEP_DONE, on(2, 25)),
        (ClockEventType.EXCLUDED_STEP_BEGUN, on(2, 26)),
    ]


def test_the_householders_consent_stops_the_dossier_and_not_the_health_card() -> None:
    case = completed(birth(), "birth", on(9, 7))
    assert case.current_due_at is None
    assert [one.task and one.task.step for one in running_clocks(case)] == ["health-card"]
    card = task_of(case, "health-card").due_at
    agreed = completed(case, "householder-consent", on(9, 17))
    assert agreed.current_due_at is not None
    assert task_of(agreed, "health-card").due_at == card


def test_the_identity_card_stops_the_clock_only_when_nothing_else_is_left() -> None:
    case = completed(completed(birth(), "birth", on(9, 7)), "householder-consent", on(9, 7, 11))
    case = completed(case, "residence", on(9, 8))
    assert case.current_due_at == on(9, 9, 17)
    case = completed(case, "health-card", on(9, 9))
    assert case.current_due_at is None
    ended = completed(case, "id-card", on(9, 21))
    assert (ended.state, ended.current_due_at) == ("completed", on(9, 21, 17))


def test_a_first_step_outside_the_limit_stands_from_the_beginning() -> None:
    at = on(3, 9)
    lost = acceptance(opened(submitted_case("land-certificate-lost", at=at), at), at, due=on(3, 23, 17)).case
    assert lost.current_due_at is None
    checked = completed(lost, "posting", on(3, 24))
    assert checked.current_due_at == on(4, 7, 17)


@given(st.permutations(["birth", "householder-consent", "residence", "health-card", "id-card"]), st.data())
def test_in_whatever_order_offices_answer_the_ledger_can_be_reckoned(
    order: list[str], data: st.DataObject
) -> None:
    case, at = birth(), on(9, 7)
    for step in [*order, *order, *order, *order]:
        at += timedelta(hours=data.draw(st.integers(0, 60)))
        change = says(case, step, data.draw(st.sampled_from([TaskAct.START, TaskAct.COMPLETE])), at=at)
        case = change.case if isinstance(change, CaseChange) else case
        reckoned = case_clock.clock_at(case, rules(at))
        assert reckoned is not None
        assert reckoned.due_at == case.current_due_at


def birth() -> Case:
    at = on(9, 4)
    case = opened(submitted_case("birth-interlinked", at=at), at)
    return acceptance(case, at, due=on(9, 9, 17)).case


def test_the_procedures_name_who_acts() -> None:
    assert task_of(birth(), "householder-consent").actor == "householder"
    assert task_of(land_transfer(), "update").actor is None
