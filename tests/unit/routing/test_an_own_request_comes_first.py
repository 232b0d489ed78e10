"""A step is not finished while the citizen still owes what its own office asked for."""

import pytest

from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.task import OfficeRequest, TaskAct
from shared.errors import Refused
from shared.states import State
from tests.builders.routing import says
from tests.builders.routing_asks import act_by_office, land_transfer, money, on, papers


def after_asking(what: OfficeRequest) -> Case:
    details = papers() if what is OfficeRequest.SUPPLEMENT else money()
    change = act_by_office(land_transfer(), what, on(2, 13), reason="thiếu", wants=details)
    assert isinstance(change, CaseChange), change
    return change.case


@pytest.mark.parametrize(
    ("what", "state", "code"),
    [
        (OfficeRequest.SUPPLEMENT, State.SUPPLEMENT_REQUESTED, "papers_owed"),
        (OfficeRequest.PAYMENT, State.PAYMENT_REQUESTED, "fee_owed"),
    ],
)
def test_its_own_request_is_open(what: OfficeRequest, state: State, code: str) -> None:
    case = after_asking(what)
    assert case.state is state
    answer = says(case, "check", TaskAct.COMPLETE, at=on(2, 13, 15))
    assert isinstance(answer, Refused), answer
    assert answer.code == code


def test_it_may_still_be_taken_or_given_back() -> None:
    case = after_asking(OfficeRequest.SUPPLEMENT)
    assert isinstance(says(case, "check", TaskAct.START, at=on(2, 13, 15)), CaseChange)
    assert isinstance(says(case, "check", TaskAct.DECLINE, at=on(2, 13, 15)), CaseChange)
