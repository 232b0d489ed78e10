"""What may be asked of a dossier, by whom, and what is told of it afterwards."""

from dataclasses import asdict, replace

import pytest

from services.intake.domain.acts.counter_acts import SupplementRequest
from services.intake.domain.acts.requests import (
    EVENT_TYPES,
    SLIP_HOLDER_ACTS,
    WITHDRAWABLE,
    CancelWithdrawal,
    DossierAct,
    RecordHandOver,
    RecordPayment,
    RecordSupplement,
    RequestSupplement,
    RequestWithdrawal,
    StopDossier,
    apply_act,
    check_request,
    counter_acts,
    event_body,
    holder_acts,
)
from services.intake.domain.dossier.dossier import Dossier, FirstPromise, accept, refuse_dossier
from services.intake.domain.dossier.submission import CounterRefusal
from services.intake.domain.tracking.dossier_status import dossier_status
from shared.actor import Actor
from shared.errors import Refused
from shared.states import State
from tests.builders import catalogue as city
from tests.builders.counters import COUNTER
from tests.builders.dossiers import NEXT_FRIDAY, at_the_counter, papers_owed
from tests.builders.intake import FRIDAY

CITIZEN, PROXY = Actor(kind="citizen"), Actor(kind="proxy")
TO_SELF = RecordHandOver("counter", "self")
TO_PROXY = RecordHandOver("counter", "proxy")
EVERY_ACT: tuple[DossierAct, ...] = (
    RequestWithdrawal(),
    CancelWithdrawal(),
    RecordSupplement(("XN-HONNHAN",)),
    RecordPayment(8000, "BL-1"),
    TO_SELF,
    RequestSupplement(SupplementRequest((), NEXT_FRIDAY)),
    StopDossier(),
)
ACCEPTED = replace(at_the_counter(), state=State.ACCEPTED, accepted_at=FRIDAY)
PROMISED = FirstPromise(NEXT_FRIDAY, ())


def after(asked: DossierAct, dossier: Dossier) -> Dossier:
    decided = apply_act(asked, dossier, city.catalogue(), FRIDAY)
    assert isinstance(decided, Dossier), decided
    return decided


def test_every_act_has_a_fact_it_is_told_as() -> None:
    assert {type(act) for act in EVERY_ACT} == set(EVENT_TYPES)
    assert len(set(EVENT_TYPES.values())) == len(EVENT_TYPES)


def test_the_holder_of_the_slip_may_take_it_back_and_nothing_else() -> None:
    assert [type(act) for act in EVERY_ACT if isinstance(act, SLIP_HOLDER_ACTS)] == [
        RequestWithdrawal,
        CancelWithdrawal,
    ]


@pytest.mark.parametrize("asked", EVERY_ACT, ids=lambda one: type(one).__name__)
def test_an_accepted_dossier_is_routings_to_move(asked: DossierAct) -> None:
    assert apply_act(asked, ACCEPTED, city.catalogue(), FRIDAY) is ACCEPTED


@pytest.mark.parametrize("asked", [RequestSupplement(SupplementRequest((), NEXT_FRIDAY)), StopDossier()])
def test_a_counter_no_longer_asks_or_stops_once_an_office_works_on_it(asked: DossierAct) -> None:
    barred = check_request(asked, ACCEPTED)
    assert barred is not None
    assert barred.code == "already_accepted"
    assert check_request(asked, at_the_counter()) is None


def test_a_result_goes_to_somebody_else_only_with_proof() -> None:
    barred = check_request(TO_PROXY, ACCEPTED)
    assert barred is not None
    assert [error.field for error in barred.errors] == ["proof_ref"]
    assert check_request(replace(TO_PROXY, proof_ref="UQ-7"), ACCEPTED) is None
    assert check_request(TO_SELF, ACCEPTED) is None


@pytest.mark.parametrize("asked", [RecordPayment(8000, "BL-1"), TO_SELF])
def test_nothing_is_paid_or_handed_over_of_what_was_never_taken_in(asked: DossierAct) -> None:
    decided = apply_act(asked, at_the_counter(), city.catalogue(), FRIDAY)
    assert isinstance(decided, Refused)
    assert decided.code == "not_accepted"


@pytest.mark.parametrize("state", sorted({*WITHDRAWABLE, "withdrawal_requested", "completed", "stopped"}))
def test_the_page_offers_only_what_would_not_be_declined(state: str) -> None:
    expected = (
        CancelWithdrawal
        if state == "withdrawal_requested"
        else RequestWithdrawal
        if state in WITHDRAWABLE
        else None
    )
    assert holder_acts(state) is expected


def test_a_counter_records_what_is_owed_or_hands_over_what_is_done() -> None:
    waits = dossier_status(ACCEPTED, None, city.catalogue())
    paper = dossier_status(papers_owed(), None, city.catalogue())
    assert paper.owed is not None
    fee = replace(paper, owed=replace(paper.owed, items=(), amount=8000))
    assert counter_acts(waits) is None
    assert counter_acts(paper) is RecordSupplement
    assert counter_acts(fee) is RecordPayment
    assert counter_acts(replace(fee, state="withdrawal_requested")) is None
    assert counter_acts(replace(waits, state="completed")) is RecordHandOver


def test_what_is_told_says_who_asked() -> None:
    mine = asdict(event_body(RequestWithdrawal("moved"), ACCEPTED, CITIZEN, FRIDAY))
    theirs = asdict(event_body(CancelWithdrawal(), ACCEPTED, PROXY, FRIDAY))
    assert (mine["by"], mine["reason_code"], mine["asked_at"]) == ("self", "moved", FRIDAY)
    assert (theirs["by"], theirs["cancelled_at"]) == ("proxy", FRIDAY)


def test_papers_brought_say_whether_the_office_waited_for_them_or_the_door() -> None:
    stages = [
        asdict(event_body(RecordSupplement(("XN-HONNHAN",)), dossier, COUNTER, FRIDAY))["stage"]
        for dossier in (at_the_counter(), ACCEPTED)
    ]
    assert stages == ["intake", "processing"]


def test_a_fee_and_a_hand_over_are_told_with_their_proof() -> None:
    paid = asdict(event_body(RecordPayment(8000, "BL-1"), ACCEPTED, COUNTER, FRIDAY))
    returned = asdict(event_body(replace(TO_PROXY, proof_ref="UQ-7"), ACCEPTED, COUNTER, FRIDAY))
    assert (paid["amount"], paid["receipt_ref"]) == (8000, "BL-1")
    assert (returned["how"], returned["to"], returned["proof_ref"]) == ("counter", "proxy", "UQ-7")


def test_form_02_is_told_as_the_dossier_keeps_it() -> None:
    asked = RequestSupplement(SupplementRequest((), NEXT_FRIDAY))
    said = asdict(event_body(asked, after(asked, at_the_counter()), COUNTER, FRIDAY))
    assert (said["items"], said["answer_by"], said["nth"], said["stage"]) == (
        ("XN-HONNHAN",),
        NEXT_FRIDAY,
        1,
        "intake",
    )
    with pytest.raises(ValueError, match="owes no papers"):
        event_body(asked, at_the_counter(), COUNTER, FRIDAY)


def test_form_05_is_told_with_its_reason() -> None:
    stopped = after(StopDossier(), after(RequestWithdrawal(), at_the_counter()))
    assert asdict(event_body(StopDossier(), stopped, COUNTER, FRIDAY))["reason_code"] == "withdrawn"


def test_a_promise_is_given_once_and_stands() -> None:
    accepted = accept(at_the_counter(), 1, PROMISED, FRIDAY)
    assert isinstance(accepted, Dossier)
    assert (accepted.promised_due_at, accepted.accepted_at) == (NEXT_FRIDAY, FRIDAY)
    assert accept(accepted, 2, FirstPromise(None, ()), NEXT_FRIDAY) is accepted


def test_a_refusal_said_again_changes_nothing_and_another_reason_comes_too_late() -> None:
    why = CounterRefusal("not_for_us", text="Không thuộc thẩm quyền.", rule="Điều 7")
    refused = refuse_dossier(at_the_counter(), why, FRIDAY)
    assert isinstance(refused, Dossier)
    assert (refused.state, refused.refused_rule) == (State.REFUSED, "Điều 7")
    assert refuse_dossier(refused, why, NEXT_FRIDAY) is refused
    other = refuse_dossier(refused, replace(why, reason_code="papers_incomplete"), NEXT_FRIDAY)
    assert isinstance(other, Refused)
    assert isinstance(accept(refused, 1, PROMISED, FRIDAY), Refused)
