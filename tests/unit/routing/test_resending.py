"""What an office gave back goes to another one, by an operator and nobody else."""

from services.routing.domain.acts.reassignment import reassign_task
from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.task import NoEffect, TaskAct, TaskState
from shared.actor import Actor
from shared.errors import Refused
from tests.builders.routing import FRIDAY, after, resending, rules, says, task_of, under_way

OTHER = "WARD-JUS.00145"


def declined() -> Case:
    return after(under_way(), "check", act=TaskAct.DECLINE)


def refusal(decided: object) -> str:
    assert isinstance(decided, Refused), decided
    return decided.code


def sent_on(case: Case, office: str = OTHER) -> CaseChange:
    change = reassign_task(case, resending(case, "check", office), rules(FRIDAY))
    assert isinstance(change, CaseChange), change
    return change


def test_the_step_goes_to_the_named_office_as_a_new_task() -> None:
    before = declined()
    change = sent_on(before)
    task = task_of(change.case, "check")
    assert (task.office, task.state, task.party) == (OTHER, TaskState.QUEUED, "civil-status")
    assert task.id != task_of(before, "check").id
    assert [sent.task.id for sent in change.dispatches] == [task.id]


def test_the_dossier_goes_on_from_there() -> None:
    case = after(sent_on(declined()).case, "check", "sign")
    assert case.state.value == "completed"


def test_the_office_that_gave_it_back_is_told_it_is_closed() -> None:
    before = declined()
    old = task_of(before, "check")
    case = sent_on(before).case
    assert case.task(old.id).state is TaskState.CLOSED  # pyright: ignore[reportOptionalMemberAccess]


def test_the_same_act_again_changes_nothing_and_another_office_is_refused() -> None:
    before = declined()
    case = sent_on(before).case
    again, elsewhere = resending(before, "check", OTHER), resending(before, "check", "WARD-JUS.09556")
    assert reassign_task(case, again, rules(FRIDAY)) == NoEffect("already_applied")
    assert refusal(reassign_task(case, elsewhere, rules(FRIDAY))) == "already_resent"


def test_only_what_was_given_back_is_sent_on() -> None:
    case = under_way()
    assert refusal(reassign_task(case, resending(case, "check", OTHER), rules(FRIDAY))) == "not_declined"


def test_only_an_operator_sends_on() -> None:
    case = declined()
    officer = Actor(kind="officer", id="a", office="WARD-JUS.00070", role="specialist")
    act = resending(case, "check", OTHER, actor=officer)
    assert refusal(reassign_task(case, act, rules(FRIDAY))) == "only_an_operator"


def test_the_new_office_must_exist_and_have_a_part_in_it() -> None:
    case = declined()
    for office, code in (("WARD-JUS.99999", "unknown_office"), ("TAX.001", "office_cannot_do_it")):
        found = refusal(reassign_task(case, resending(case, "check", office), rules(FRIDAY)))
        assert found in {code, "unknown_office"}


def test_any_office_of_the_dossiers_own_places_will_do() -> None:
    assert task_of(sent_on(declined(), "WARD.00070").case, "check").office == "WARD.00070"


def test_a_reason_is_needed() -> None:
    case = declined()
    act = resending(case, "check", OTHER, reason="  ")
    assert refusal(reassign_task(case, act, rules(FRIDAY))) == "reason_missing"


def test_late_words_of_the_first_office_are_refused() -> None:
    before = declined()
    case = sent_on(before).case
    moved = says(before, "check", TaskAct.COMPLETE)
    assert refusal(moved) == "already_declined"
    assert case.task(task_of(before, "check").id) is not None
