"""Where a procedure says so no work begins before its fee is paid: acceptance asks for it."""

from dataclasses import replace
from datetime import datetime

import pytest

from services.routing.domain.acts import intake_events, payment, withdrawal
from services.routing.domain.acts.available_acts import available_acts
from services.routing.domain.acts.office_replies import apply_office_reply
from services.routing.domain.case.case import Case, CaseChange, Cause
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import NoEffect, OfficeRequest, RequestDetails, TaskAct, TaskReply
from services.routing.usecases.act_on_tasks import FACTS
from shared.errors import Refused
from shared.events import case as wire
from shared.events import dossier
from tests.builders.catalogue import with_a_fee_before_work
from tests.builders.routing import COUNTER, FRIDAY, submitted_case, task_of
from tests.builders.routing_asks import case_after, cause, code_of, on

CITY = with_a_fee_before_work()
PROMISED, WEDNESDAY = on(3, 11, 17), on(3, 11)
SECOND = replace(COUNTER, id="canbo.khac")


def at_the_counter(**changes: object) -> Case:
    case = replace(submitted_case("business-household"), **{"channel": "counter", **changes})
    return intake_events.open_case(case, on(3, 9, 17), cause(dossier.SUBMITTED), Rules(CITY, FRIDAY)).case


def accepted(case: Case) -> CaseChange:
    said = intake_events.Acceptance(FRIDAY, case.version, PROMISED, ())
    change = intake_events.accept_case(
        case, said, Cause(dossier.ACCEPTED, "form-01", COUNTER), Rules(CITY, FRIDAY)
    )
    assert isinstance(change, CaseChange), change
    return change


def unpaid(**changes: object) -> Case:
    return accepted(at_the_counter(**changes)).case


def pay(case: Case, amount: int = 100_000, at: datetime = WEDNESDAY) -> CaseChange | Refused:
    payment_made = dossier.DossierPaid(code=case.code, amount=amount, paid_at=at, receipt_ref="BL-1")
    return payment.record_payment(case, payment_made, cause(dossier.PAID), Rules(CITY, at))


def counter_says(
    case: Case,
    act: TaskAct | OfficeRequest,
    who: object = COUNTER,
    *,
    reason: str | None = None,
    rule: str | None = None,
) -> CaseChange | NoEffect | Refused:
    task = task_of(case, "receive")
    actor = replace(COUNTER if who is COUNTER else SECOND, office=task.office)
    said = TaskReply(
        task.id, act, task.office, actor, FACTS[act], "x", reason=reason, details=RequestDetails(rule=rule)
    )
    return apply_office_reply(case, said, Rules(CITY, WEDNESDAY))


def test_acceptance_asks_for_the_fee_and_hands_out_nothing() -> None:
    case = unpaid()
    assert (case.state, case.current_due_at, case.promised_due_at) == ("payment_requested", None, PROMISED)
    assert case.request is not None
    assert (case.request.amount, case.request.answer_by) == (100_000, on(3, 13, 17))
    assert {task.step for task in case.tasks if task.queued_at} == {"receive"}


def test_the_counter_has_it_in_hands_meanwhile() -> None:
    holder = unpaid().holder
    assert holder is not None
    assert holder.office == "PASC-SP.00070"


def test_acceptance_and_the_fee_are_told_in_that_order() -> None:
    told = accepted(at_the_counter()).updates
    assert [(one.cause.fact, one.case.state.value) for one in told] == [
        (dossier.ACCEPTED, "accepted"),
        (wire.PAYMENT_REQUESTED, "payment_requested"),
    ]


def test_paid_the_work_begins_and_the_waiting_is_not_counted() -> None:
    change = pay(unpaid())
    case = case_after(change)
    assert (case.state, case.request, case.current_due_at) == ("in_process", None, on(3, 16, 17))
    assert task_of(case, "receive").state == task_of(case, "intake").state == "done"
    assert task_of(case, "review").state == "queued"
    assert isinstance(change, CaseChange)
    assert [one.type for one in change.updates] == [wire.UPDATED, wire.ROUTED]
    assert [sent.task.step for sent in change.dispatches] == ["review"]


def test_too_little_begins_nothing() -> None:
    assert code_of(pay(unpaid(), 99_999)) == "paid_too_little"


def test_the_counter_waives_it_by_a_rule_and_the_work_begins() -> None:
    assert code_of(counter_says(unpaid(), OfficeRequest.WAIVER)) == "rule_missing"
    case = case_after(counter_says(unpaid(), OfficeRequest.WAIVER, rule="NQ 77/2025"))
    assert (case.state, task_of(case, "review").state) == ("in_process", "queued")


def test_unpaid_it_is_stopped_by_two_persons_at_the_counter() -> None:
    asked = case_after(counter_says(unpaid(), OfficeRequest.STOP, reason="không nộp phí"))
    assert code_of(counter_says(asked, OfficeRequest.CONFIRMED_STOP)) == "second_person_needed"
    stopped = case_after(counter_says(asked, OfficeRequest.CONFIRMED_STOP, SECOND))
    assert stopped.state == "stopped"
    assert not [task for task in stopped.tasks if task.is_open]


def test_a_withdrawal_asked_meanwhile_leads_back_to_the_fee_or_ends_it() -> None:
    owing = unpaid()
    asked = case_after(withdrawal.request_withdrawal(owing, cause(dossier.WITHDRAWAL_REQUESTED), WEDNESDAY))
    assert (
        case_after(
            withdrawal.cancel_withdrawal(asked, cause(dossier.WITHDRAWAL_CANCELLED), Rules(CITY, WEDNESDAY))
        )
        == owing
    )
    assert case_after(counter_says(asked, OfficeRequest.STOP)).state == "stopped"


@pytest.mark.parametrize(
    "act",
    [TaskAct.START, TaskAct.COMPLETE, TaskAct.DECLINE, OfficeRequest.SUPPLEMENT, OfficeRequest.EXTENSION],
)
def test_all_else_is_still_decided_at_the_counter(act: TaskAct | OfficeRequest) -> None:
    assert code_of(counter_says(unpaid(), act, reason="x")) == "decided_at_the_counter"


def test_the_desk_offers_to_waive_or_stop_and_nothing_before_acceptance() -> None:
    before, after = at_the_counter(), unpaid()
    actor = replace(COUNTER, office="PASC-SP.00070")
    assert available_acts(before, task_of(before, "receive"), actor) == ()
    assert available_acts(after, task_of(after, "receive"), actor) == (
        OfficeRequest.WAIVER,
        OfficeRequest.STOP,
    )


@pytest.mark.parametrize("channel", ["online", "vneid"])
def test_a_fee_of_nothing_is_never_asked_for(channel: str) -> None:
    case = unpaid(channel=channel)
    assert (case.state, case.request) == ("in_process", None)


def test_what_a_rule_accepts_waits_at_the_counter_too() -> None:
    case = unpaid(auto_accept=True)
    assert (case.state, task_of(case, "receive").state) == ("payment_requested", "queued")
    begun = case_after(pay(case))
    assert task_of(begun, "intake").state == "queued"
