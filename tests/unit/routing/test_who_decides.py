"""The result of a dossier follows from the steps that decide, and from no other word."""

from dataclasses import replace
from uuid import uuid4

import pytest

from services.routing.domain.acts.office_replies import apply_office_reply
from services.routing.domain.acts.reply_rejection import RecordPosition, rejection_event
from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import OfficeRequest, Task, TaskAct, TaskReply, TaskState
from services.routing.domain.plan.outcomes import case_outcome
from services.routing.usecases.act_on_tasks import FACTS
from shared.actor import Actor
from shared.catalogue import Catalogue
from shared.errors import Refused
from tests.builders.catalogue import items
from tests.builders.routing import FRIDAY, after, rules, says, task_of, under_way

HOSTILE = ("Denied", "DENIED", "denied ", "rejected", "từ chối", "", "done", "true")
"""Words of an office that is no reader of the guide."""
BUYING = "social-housing-purchase"
BUYER = {"labour_contract": True, "wants_loan": True}
WIDOW = {"insured": True}


def reply(case: Case, step: str, act: TaskAct | OfficeRequest, outcome: str | None) -> TaskReply:
    task = task_of(case, step)
    party = task.party or "nobody"
    return TaskReply(
        task_id=task.id,
        act=act,
        office=task.office,
        actor=Actor(kind="party", party=party),
        cause=FACTS[act],
        cause_id=str(uuid4()),
        party=party,
        outcome=outcome,
        reason="thiếu giấy tờ" if act is OfficeRequest.RECALL or outcome == "denied" else None,
    )


def said_exactly(case: Case, step: str, outcome: str | None) -> object:
    return apply_office_reply(case, reply(case, step, TaskAct.COMPLETE, outcome), rules(FRIDAY))


def ready_to_issue() -> Case:
    return after(under_way("judicial-record-1"), "intake", "search")


@pytest.mark.parametrize("word", [*HOSTILE, None])
def test_a_step_that_decides_is_not_completed_by_another_word_nor_by_none(word: str | None) -> None:
    case = ready_to_issue()
    found = said_exactly(case, "issue", word)
    assert isinstance(found, Refused), found
    told = rejection_event(found, RecordPosition(0, 1, "r-1"))
    assert (told.code, told.field) == ("bad_field", "outcome")
    assert "granted, denied" in told.remedy_vi
    assert "granted, denied" in told.remedy_en
    assert [(error.field, error.code) for error in found.errors] == [("outcome", "bad_field")]
    assert task_of(case, "issue").state is TaskState.QUEUED


@pytest.mark.parametrize("word", ["granted", "denied", "Denied", "done"])
def test_a_step_without_outcomes_takes_no_word_at_all(word: str) -> None:
    found = said_exactly(under_way("judicial-record-1"), "intake", word)
    assert isinstance(found, Refused)
    assert rejection_event(found, RecordPosition(0, 1, "r-1")).field == "outcome"


@pytest.mark.parametrize("word", ["granted", "denied"])
def test_the_two_words_end_the_dossier_as_they_say(word: str) -> None:
    case = after(ready_to_issue(), "issue", outcome=word)
    assert (case.state.value, case.outcome) == ("completed", word)


@pytest.mark.parametrize(
    ("words", "result"),
    [
        ({"death": "granted", "residence-off": "granted", "survivor": "granted"}, "granted"),
        ({"death": "granted", "residence-off": "denied", "survivor": "granted"}, "denied"),
        ({"death": "granted", "residence-off": "granted", "survivor": "denied"}, "denied"),
        ({"death": "done", "residence-off": "granted", "survivor": "granted"}, "granted"),
        ({"death": "Denied", "residence-off": "granted", "survivor": "granted"}, "denied"),
        ({"death": "granted", "residence-off": "từ chối", "survivor": "granted"}, "denied"),
        ({"death": "granted", "residence-off": "granted", "survivor": "denied "}, "denied"),
    ],
    ids=str,
)
def test_granted_is_the_dossier_whose_deciding_steps_were_all_granted(
    words: dict[str, str], result: str
) -> None:
    """Words stored before there were only two count too, and never as a good answer."""
    case = after(under_way("death-interlinked", facts=WIDOW), "death", "residence-off", "survivor")
    stored = case.with_each_task(lambda task: _with_word(task, words))
    assert case_outcome(stored, rules(FRIDAY)) == result


def _with_word(task: Task, words: dict[str, str]) -> Task:
    return replace(task, outcome=words.get(task.step, task.outcome))


def test_a_word_on_the_way_counts_for_nothing() -> None:
    case = ready_to_issue().with_each_task(lambda task: _with_word(task, {"search": "denied"}))
    assert after(case, "issue").outcome == "granted"


def test_no_birth_registered_leaves_nothing_to_do_for_the_others() -> None:
    case = after(under_way("birth-interlinked"), "birth", outcome="denied")
    assert (case.state.value, case.outcome) == ("completed", "denied")
    assert [task.step for task in case.step_tasks if not task.is_reception] == ["birth"]


def test_a_residence_refused_does_not_stop_the_health_card() -> None:
    case = after(under_way("birth-interlinked"), "birth", "householder-consent")
    case = after(case, "residence", outcome="denied")
    assert case.state.value == "in_process"
    case = after(case, "health-card")
    assert (case.state.value, case.outcome) == ("completed", "denied")


def test_what_others_have_in_hands_is_taken_from_them_when_a_denial_ends_the_dossier() -> None:
    case = after(under_way(BUYING, facts=BUYER | {"married": False}), *children(), "file", "investor-check")
    change = says(case, "list-opinion", TaskAct.COMPLETE, outcome="denied")
    assert isinstance(change, CaseChange)
    assert (change.case.state.value, change.case.outcome) == ("completed", "denied")
    closed = {sent.task.step: sent.close_reason for sent in change.dispatches}
    assert closed == {"cross-land": "not_needed", "cross-tax": "not_needed"}


def children() -> tuple[str, ...]:
    """The steps of the only child: the buyer's form 02."""
    return ("mau02-self/lookup", "mau02-self/archive-check", "mau02-self/sign")


def recalled(case: Case, step: str) -> Case:
    found = apply_office_reply(case, reply(case, step, OfficeRequest.RECALL, None), rules(FRIDAY))
    assert isinstance(found, CaseChange), found
    return found.case


def test_a_denial_taken_back_brings_the_steps_back_that_it_left_out() -> None:
    whole = under_way("birth-interlinked")
    case = recalled(after(whole, "birth", outcome="denied"), "birth")
    assert [task.step for task in case.step_tasks] == [task.step for task in whole.step_tasks]
    assert task_of(case, "health-card").state is TaskState.WAITING
    steps = ("birth", "householder-consent", "residence", "health-card")
    case = after(case, *steps)
    assert (case.state.value, case.outcome) == ("completed", "granted")


def test_what_was_taken_from_an_office_in_hands_comes_to_it_again_as_a_new_task() -> None:
    case = after(under_way(BUYING, facts=BUYER | {"married": False}), *children(), "file", "investor-check")
    before = task_of(case, "cross-land").id
    case = recalled(after(case, "list-opinion", outcome="denied"), "list-opinion")
    again = task_of(case, "cross-land")
    assert (again.state, again.id == before) == (TaskState.QUEUED, False)
    case = after(case, "list-opinion", "cross-land", "cross-tax", "contract", "loan")
    assert (case.state.value, case.outcome) == ("completed", "granted")


def test_under_a_catalogue_of_before_the_last_step_needs_one_of_the_two_words() -> None:
    old = Rules(_catalogue_of_before(), FRIDAY)
    case = ready_to_issue()
    for word, code in (("Denied", "bad_field"), (None, "bad_field"), ("denied", "")):
        bare = reply(case, "issue", TaskAct.COMPLETE, word)
        found = apply_office_reply(case, replace(bare, reason="còn án tích"), old)
        assert (found.code if isinstance(found, Refused) else "") == code, word


def _catalogue_of_before() -> Catalogue:
    stored = dict(items())
    for item, content in items().items():
        if item.startswith("procedure:"):
            steps = [
                {name: value for name, value in step.items() if name not in {"outcomes", "decides"}}
                for step in content["steps"]
            ]
            stored[item] = content | {"steps": steps}
    return Catalogue.from_items(stored)
