"""A fact that no form asks for: the office that found it says so, and the step it calls for is opened."""

from services.routing.domain.acts.office_replies import apply_office_reply
from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.task import NoEffect, RequestDetails, TaskAct, TaskReply, TaskState
from services.routing.domain.plan.findings import reportable_facts
from services.routing.usecases.act_on_tasks import FACTS
from shared.actor import Actor
from shared.errors import Refused
from shared.worktime import ClockEventType
from tests.builders.routing import FRIDAY, after, met, rules, task_of, under_way
from tests.builders.routing_asks import case_after, code_of

REFERRED = "council_cannot_conclude"


def assessing() -> Case:
    return met(after(under_way("disability-certificate"), "convene"), "assess")


def assessed(*found: str, case: Case | None = None) -> CaseChange | NoEffect | Refused:
    case = case or assessing()
    task = task_of(case, "assess")
    party = Actor(kind="party", party=task.party)
    because = FACTS[TaskAct.COMPLETE]
    said = TaskReply(
        task.id,
        TaskAct.COMPLETE,
        task.office,
        party,
        because,
        "r1",
        task.party,
        details=RequestDetails(findings=found),
    )
    return apply_office_reply(case, said, rules(FRIDAY))


def test_a_council_that_cannot_conclude_sends_the_person_on_before_anything_is_published() -> None:
    case = case_after(assessed(REFERRED))
    refer, publish = task_of(case, "refer"), task_of(case, "publish")
    assert (refer.state, publish.state) == (TaskState.QUEUED, TaskState.WAITING)
    assert set(publish.after) == {"assess", "refer"}
    assert [task.step for task in case.step_tasks][-3:] == ["assess", "refer", "publish"]


def test_the_clock_stands_while_the_medical_council_has_it() -> None:
    case = case_after(assessed(REFERRED))
    assert case.current_due_at is None
    assert case.ledger[-1].fact is ClockEventType.EXCLUDED_STEP_BEGUN
    heard = after(case, "refer")
    assert heard.current_due_at is not None
    assert task_of(heard, "publish").state is TaskState.QUEUED


def test_said_by_nobody_the_step_is_left_out() -> None:
    case = case_after(assessed())
    assert "refer" not in {task.step for task in case.tasks}
    assert task_of(case, "publish").state is TaskState.QUEUED


def test_only_the_step_just_before_may_report_it() -> None:
    case = under_way("disability-certificate")
    assert [fact.name for fact in reportable_facts(assessing(), task_of(assessing(), "assess"), rules())] == [
        REFERRED
    ]
    assert reportable_facts(case, task_of(case, "convene"), rules()) == ()
    assert code_of(assessed("oversubscribed")) == "not_yours_to_find"


def test_told_again_it_opens_nothing_again() -> None:
    case = case_after(assessed(REFERRED))
    assert isinstance(assessed(REFERRED, case=case), NoEffect)


def test_what_the_form_never_asked_is_never_the_citizens_to_say() -> None:
    told = under_way("disability-certificate", facts={"married": True})
    assert "refer" not in {task.step for task in told.tasks}
