"""Form 05: one person writes it, another confirms it."""

from services.routing.domain.acts import supplement
from services.routing.domain.case.case import CaseChange
from services.routing.domain.case.task import NoEffect, OfficeRequest
from shared.actor import Actor
from shared.events import dossier
from tests.builders.routing import after, rules, under_way
from tests.builders.routing_asks import act_by_office, case_after, cause, code_of, land_transfer, on, papers

LAN = Actor(kind="officer", id="lan", role="specialist")
MINH = Actor(kind="officer", id="minh", role="specialist")
NO_ANSWER = "không bổ sung giấy tờ trong thời hạn"
NOW = on(3, 2)


def written(by: Actor | None = LAN) -> CaseChange:
    owing = case_after(
        act_by_office(land_transfer(), OfficeRequest.SUPPLEMENT, on(2, 13, 14), wants=papers())
    )
    found = act_by_office(owing, OfficeRequest.STOP, NOW, by=by, reason=NO_ANSWER)
    assert isinstance(found, CaseChange)
    return found


def test_written_by_one_it_waits_for_another() -> None:
    case = written().case
    assert case.state == "supplement_requested"
    assert case.stop_asked is not None
    assert (case.stop_asked.by, case.stop_asked.reason) == ("lan", NO_ANSWER)


def test_nobody_confirms_what_they_wrote() -> None:
    assert (
        code_of(act_by_office(written().case, OfficeRequest.CONFIRMED_STOP, NOW, by=LAN))
        == "second_person_needed"
    )


def test_a_party_does_not_confirm_either() -> None:
    assert (
        code_of(act_by_office(written(None).case, OfficeRequest.CONFIRMED_STOP, NOW))
        == "second_person_needed"
    )


def test_an_officer_of_another_office_does_not_confirm() -> None:
    other = Actor(kind="officer", id="ha", office="WARD-JUS.00070", role="specialist")
    assert (
        code_of(act_by_office(written().case, OfficeRequest.CONFIRMED_STOP, NOW, by=other))
        == "task_of_another_office"
    )


def test_confirmed_it_ends_for_everybody_and_counts_from_the_request() -> None:
    case = case_after(act_by_office(written().case, OfficeRequest.CONFIRMED_STOP, NOW, by=MINH))
    assert (case.state, case.holder, case.request, case.stop_asked) == ("stopped", None, None, None)
    assert case.current_due_at == on(3, 3, 17)
    assert not [task for task in case.tasks if task.is_open]


def test_the_party_hears_that_its_task_is_not_needed() -> None:
    found = act_by_office(written().case, OfficeRequest.CONFIRMED_STOP, NOW, by=MINH)
    assert isinstance(found, CaseChange)
    assert [(sent.task.step, sent.close_reason) for sent in found.dispatches] == [("check", "not_needed")]


def test_told_twice_each_is_one() -> None:
    assert isinstance(
        act_by_office(written().case, OfficeRequest.STOP, NOW, by=LAN, reason=NO_ANSWER), NoEffect
    )
    assert (
        code_of(act_by_office(written().case, OfficeRequest.STOP, NOW, by=LAN, reason="khác"))
        == "stop_already_asked"
    )


def test_a_stop_has_a_reason_and_something_to_confirm() -> None:
    assert code_of(act_by_office(land_transfer(), OfficeRequest.STOP, NOW, by=LAN)) == "reason_missing"
    assert (
        code_of(act_by_office(land_transfer(), OfficeRequest.CONFIRMED_STOP, NOW, by=LAN))
        == "no_stop_to_confirm"
    )


def test_what_is_decided_is_not_stopped() -> None:
    case = after(under_way(), "check", "sign")
    assert (
        code_of(act_by_office(case, OfficeRequest.CONFIRMED_STOP, NOW, step="sign", by=LAN))
        == "no_stop_to_confirm"
    )
    assert (
        code_of(act_by_office(case, OfficeRequest.STOP, NOW, step="sign", by=LAN, reason="x"))
        == "task_already_done"
    )


def test_a_stop_for_silence_is_void_once_the_citizen_has_answered() -> None:
    answered = supplement.record_supplement(written().case, NOW, cause(dossier.SUPPLEMENTED), rules(NOW))
    case = case_after(answered)
    assert (case.state, case.stop_asked) == ("in_process", None)
    assert code_of(act_by_office(case, OfficeRequest.CONFIRMED_STOP, NOW, by=MINH)) == "no_stop_to_confirm"
