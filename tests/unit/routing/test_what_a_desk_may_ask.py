"""A desk offers exactly what the process would take from where the dossier stands."""

from dataclasses import replace

import pytest

from services.routing.domain.acts.available_acts import available_acts, extension_options
from services.routing.domain.acts.withdrawal import request_withdrawal as withdraw
from services.routing.domain.case.case import Case
from services.routing.domain.case.task import OfficeRequest, RequestDetails
from shared.actor import Actor
from tests.builders.routing import rules, task_of
from tests.builders.routing_asks import act_by_office, case_after, cause, land_transfer, money, on, papers

OFFICER = Actor(kind="officer", id="a", role="specialist")
HEAD = Actor(kind="officer", id="h", role="leader")


def of_the_office(case: Case, who: Actor = OFFICER) -> Actor:
    return replace(who, office=task_of(case, "check").office)


def open_to(case: Case, who: Actor = OFFICER) -> tuple[OfficeRequest, ...]:
    return available_acts(case, task_of(case, "check"), of_the_office(case, who))


def owing_papers() -> Case:
    return case_after(
        act_by_office(land_transfer(), OfficeRequest.SUPPLEMENT, on(2, 12, 11), wants=papers("Giấy A"))
    )


def owing_a_fee() -> Case:
    return case_after(act_by_office(land_transfer(), OfficeRequest.PAYMENT, on(2, 12, 11), wants=money()))


def withdrawn() -> Case:
    return case_after(withdraw(land_transfer(), cause("dossier.withdrawal_requested.v1"), on(2, 12, 11)))


@pytest.mark.parametrize(
    ("case", "open"),
    [
        (land_transfer(), (OfficeRequest.SUPPLEMENT, OfficeRequest.PAYMENT, OfficeRequest.STOP)),
        (owing_papers(), (OfficeRequest.STOP,)),
        (owing_a_fee(), (OfficeRequest.WAIVER, OfficeRequest.STOP)),
        (withdrawn(), (OfficeRequest.STOP,)),
    ],
    ids=["in process", "papers owed", "fee owed", "withdrawal asked"],
)
def test_what_is_offered_follows_from_where_it_stands(case: Case, open: tuple[OfficeRequest, ...]) -> None:
    assert open_to(case) == open


def test_who_wrote_a_stop_does_not_confirm_it() -> None:
    case = case_after(
        act_by_office(land_transfer(), OfficeRequest.STOP, on(2, 12, 11), by=OFFICER, reason="không bổ sung")
    )
    assert OfficeRequest.STOP not in open_to(case)
    assert OfficeRequest.CONFIRMED_STOP not in open_to(case)
    assert OfficeRequest.CONFIRMED_STOP in open_to(case, replace(OFFICER, id="b"))


def test_another_office_is_offered_nothing() -> None:
    case = land_transfer()
    assert available_acts(case, task_of(case, "check"), replace(OFFICER, office="HPOL")) == ()


def test_the_head_sees_the_date_that_each_extension_gives_and_gets_just_that() -> None:
    case, at = land_transfer(), on(2, 13)
    offered = extension_options(case, task_of(case, "check"), of_the_office(case, HEAD), rules(at))
    assert offered
    for choice in offered[:3]:
        wants = RequestDetails(days=choice.days)
        given = case_after(
            act_by_office(case, OfficeRequest.EXTENSION, at, by=HEAD, reason="cần đo lại", wants=wants)
        )
        assert given.current_due_at == choice.due_at
    assert extension_options(case, task_of(case, "check"), of_the_office(case), rules(at)) == []


def test_no_extension_is_offered_once_it_is_too_late() -> None:
    case = land_transfer()
    assert extension_options(case, task_of(case, "check"), of_the_office(case, HEAD), rules(on(3, 3))) == []
