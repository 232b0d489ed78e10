"""A fee or tax: asked for, paid, or waived by a rule."""

from services.routing.domain.acts import payment
from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.task import NoEffect, OfficeRequest, RequestDetails
from shared.actor import Actor
from shared.errors import Refused
from shared.events import dossier
from tests.builders.routing import rules
from tests.builders.routing_asks import act_by_office, case_after, cause, code_of, land_transfer, money, on

ASKED, PAID = on(2, 13, 14), on(2, 23)


def waiting() -> Case:
    return case_after(act_by_office(land_transfer(), OfficeRequest.PAYMENT, ASKED, wants=money()))


def pay(case: Case, amount: int = 1_500_000) -> CaseChange | Refused:
    payment_made = dossier.DossierPaid(code=case.code, amount=amount, paid_at=PAID, receipt_ref="BL-1")
    return payment.record_payment(case, payment_made, cause(dossier.PAID), rules(PAID))


def test_the_clock_waits_for_the_money() -> None:
    case = waiting()
    assert (case.state, case.current_due_at) == ("payment_requested", None)
    assert case.request is not None
    assert (case.request.kind, case.request.amount) == ("payment", 1_500_000)


def test_it_goes_on_when_all_is_paid() -> None:
    case = case_after(pay(waiting()))
    assert (case.state, case.request, case.current_due_at) == ("in_process", None, on(3, 4, 17))


def test_less_than_was_asked_for_resumes_nothing() -> None:
    assert code_of(pay(waiting(), 1_000_000)) == "paid_too_little"


def test_money_nobody_asked_for_is_declined() -> None:
    assert code_of(pay(land_transfer())) == "no_fee_owed"


def test_a_payment_of_nothing_is_never_asked_for() -> None:
    assert (
        code_of(act_by_office(land_transfer(), OfficeRequest.PAYMENT, ASKED, wants=money(0)))
        == "amount_missing"
    )


def test_one_payment_is_owed_at_a_time_and_the_same_told_twice_is_one() -> None:
    assert isinstance(act_by_office(waiting(), OfficeRequest.PAYMENT, on(2, 14), wants=money()), NoEffect)
    assert (
        code_of(act_by_office(waiting(), OfficeRequest.PAYMENT, on(2, 14), wants=money(7)))
        == "payment_already_asked"
    )


def test_a_waiver_names_its_rule() -> None:
    officer = Actor(kind="officer", id="canbo", role="specialist")
    assert code_of(act_by_office(waiting(), OfficeRequest.WAIVER, PAID, by=officer)) == "rule_missing"
    case = case_after(
        act_by_office(
            waiting(), OfficeRequest.WAIVER, PAID, by=officer, wants=RequestDetails(rule="NQ 77/2025")
        )
    )
    assert (case.state, case.current_due_at) == ("in_process", on(3, 4, 17))


def test_papers_cannot_be_asked_for_while_money_is_owed() -> None:
    wants = RequestDetails(("Bản vẽ",), on(2, 27))
    assert code_of(act_by_office(waiting(), OfficeRequest.SUPPLEMENT, on(2, 14), wants=wants)) == "fee_owed"
