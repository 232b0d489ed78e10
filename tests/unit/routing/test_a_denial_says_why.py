"""A no has its reason, and its basis where the law of the procedure asks; the citizen is told both."""

from services.routing.domain.acts.office_replies import apply_office_reply
from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.task import NoEffect, RequestDetails, TaskAct, TaskReply
from services.routing.outbound.case_events import shared_fields
from shared.actor import Actor
from shared.errors import Refused
from shared.events import agency
from tests.builders.routing import FRIDAY, after, rules, task_of, under_way


def complete(
    case: Case, step: str, outcome: str, reason: str | None, basis: str | None = None
) -> CaseChange | NoEffect | Refused:
    task = task_of(case, step)
    reply = TaskReply(
        task_id=task.id,
        act=TaskAct.COMPLETE,
        office=task.office,
        actor=Actor(kind="party", party=task.party),
        cause=agency.DONE,
        cause_id="r-1",
        party=task.party,
        outcome=outcome,
        reason=reason,
        details=RequestDetails(basis=basis),
    )
    return apply_office_reply(case, reply, rules(FRIDAY))


def refusal(answer: object) -> tuple[str, str]:
    assert isinstance(answer, Refused), answer
    return answer.code, answer.errors[0].field


def test_a_bare_no_is_refused_and_changes_nothing() -> None:
    case = after(under_way(), "check")
    for reason in (None, "", "  "):
        assert refusal(complete(case, "sign", "denied", reason)) == ("denial_needs_reason", "reason")


def test_the_reason_travels_with_the_step() -> None:
    case = after(under_way(), "check")
    change = complete(case, "sign", "denied", "Đang có đăng ký kết hôn.", "Luật Hộ tịch, điều 21")
    assert isinstance(change, CaseChange)
    (step,) = [step for step in shared_fields(change.case).steps if step.step == "sign"]
    assert (step.outcome, step.reason, step.basis) == (
        "denied",
        "Đang có đăng ký kết hôn.",
        "Luật Hộ tịch, điều 21",
    )


def test_what_is_granted_carries_no_reason() -> None:
    change = complete(after(under_way(), "check"), "sign", "granted", "xong")
    assert isinstance(change, CaseChange)
    assert {step.reason for step in shared_fields(change.case).steps} == {None}


def test_where_the_law_asks_a_no_has_its_basis() -> None:
    case = under_way("business-household")
    bare = complete(case, "review", "denied", "Địa chỉ ở chung cư chỉ để ở.")
    assert refusal(bare) == ("denial_needs_basis", "basis")
    whole = complete(case, "review", "denied", "Địa chỉ ở chung cư chỉ để ở.", "Luật Nhà ở 2023, điều 3")
    assert isinstance(whole, CaseChange)
    assert task_of(whole.case, "review").basis == "Luật Nhà ở 2023, điều 3"


def test_said_again_without_its_reason_it_is_no_fault() -> None:
    change = complete(after(under_way(), "check"), "sign", "denied", "Đang có đăng ký kết hôn.")
    assert isinstance(change, CaseChange)
    assert isinstance(complete(change.case, "sign", "denied", None), NoEffect)
