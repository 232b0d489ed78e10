"""A step that another procedure does is a dossier of its own, and never more than a step of its root."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from services.routing.domain.acts import withdrawal
from services.routing.domain.acts.supplement import record_supplement
from services.routing.domain.case.case import Case, CaseChange, Cause, FiledPaper, root_code
from services.routing.domain.case.task import (
    NO_DETAILS,
    OfficeRequest,
    RequestDetails,
    TaskAct,
    TaskReply,
    TaskState,
)
from services.routing.domain.family.children import start_children
from services.routing.domain.family.family import apply_reply, fire_family_deadlines
from services.routing.outbound.case_events import case_state, dispatch_event, update_event
from services.routing.usecases.act_on_tasks import FACTS
from shared.actor import Actor
from shared.errors import Refused
from shared.events import dossier
from shared.events.case import ChildUpdated
from shared.states import State
from shared.worktime import ClockEventType
from tests.builders.routing import (
    FRIDAY,
    acceptance,
    after,
    opened,
    rules,
    says,
    submitted_case,
    task_of,
    under_way,
)

BUYING = "social-housing-purchase"
OWN = "mau02-self"
TO_THE_END = (f"{OWN}/lookup", f"{OWN}/archive-check")
COUPLE = {"married": True, "labour_contract": True}


def bought(*papers: FiledPaper, facts: Mapping[str, bool | int | str] | None = None) -> CaseChange:
    return acceptance(opened(submitted_case(BUYING, facts=facts, papers=papers)))


def child_of(case: Case, step: str = OWN) -> Case:
    found = case.child_of(step)
    assert found is not None
    return found


def asks(
    case: Case, step: str, what: OfficeRequest, wants: RequestDetails = NO_DETAILS
) -> CaseChange | object:
    """An officer of the step's office asks for something; `confirm` by another than who wrote it."""
    task = task_of(case, step)
    who = "minh" if what is OfficeRequest.CONFIRMED_STOP else "lan"
    actor = Actor(kind="officer", id=who, office=task.office, role="specialist")
    said = TaskReply(
        task.id, what, task.office, actor, FACTS[what], str(uuid4()), reason="thiếu căn cứ", details=wants
    )
    decided = apply_reply(case, said, rules(FRIDAY))
    return start_children(decided, rules(FRIDAY)) if isinstance(decided, CaseChange) else decided


def changed(decided: object) -> CaseChange:
    assert isinstance(decided, CaseChange), decided
    return decided


def refused_code(decided: object) -> str:
    assert isinstance(decided, Refused), decided
    return decided.code


def test_the_step_opens_a_dossier_of_its_own_procedure_in_the_offices_hands() -> None:
    case = bought().case
    child = child_of(case)

    assert (child.procedure, child.state, child.accepted_at) == (
        "housing-condition-02",
        State.IN_PROCESS,
        FRIDAY,
    )
    assert [task.step for task in child.current_tasks] == ["lookup", "archive-check", "sign"]
    assert task_of(case, f"{OWN}/lookup").state is TaskState.QUEUED
    assert task_of(case, OWN).state is TaskState.WAITING


def test_it_has_a_clock_and_a_code_of_its_own() -> None:
    case = bought().case
    child = child_of(case)

    assert case.current_due_at != child.current_due_at == child.promised_due_at
    assert child.explanation
    assert (child.code, root_code(child.code)) == (f"{case.code}.1", case.code)
    assert root_code(case.code) == case.code


def test_a_replay_makes_the_very_same_child() -> None:
    one = opened(submitted_case(BUYING))
    first, second = acceptance(one).case, acceptance(one).case

    assert child_of(first).id == child_of(second).id
    assert task_of(first, f"{OWN}/lookup").id == task_of(second, f"{OWN}/lookup").id


def test_a_couple_has_a_child_each_under_one_root() -> None:
    case = bought(facts=COUPLE).case

    assert [child.does for child in case.children] == ["mau02-self", "mau02-spouse"]
    assert len({child.id for child in case.family}) == 3
    assert {child.root for child in case.family} == {case.root}


def test_a_step_of_one_child_is_not_the_same_step_of_another() -> None:
    case = bought(facts=COUPLE).case

    assert task_of(case, "mau02-self/lookup").id != task_of(case, "mau02-spouse/lookup").id


@pytest.mark.parametrize("paper", ["MAU02", "MAU03"])
def test_a_paper_filed_first_does_the_step_and_opens_nothing(paper: str) -> None:
    case = bought(FiledPaper(paper)).case

    assert case.children == ()
    assert (task_of(case, OWN).state, task_of(case, OWN).outcome) == (TaskState.DONE, "filed")
    assert task_of(case, "file").state is TaskState.QUEUED


def test_the_own_paper_does_not_stand_for_the_spouses() -> None:
    case = bought(FiledPaper("MAU02"), facts=COUPLE).case

    assert [child.does for child in case.children] == ["mau02-spouse"]
    both = bought(FiledPaper("MAU02"), FiledPaper("MAU02", holder="spouse"), facts=COUPLE).case
    assert both.children == ()


def test_any_paper_of_the_group_shows_the_income() -> None:
    facts = {"labour_contract": False}

    assert "income" in {child.does for child in bought(facts=facts).case.children}
    assert "income" not in {child.does for child in bought(FiledPaper("MAU04"), facts=facts).case.children}


def test_a_posting_filed_first_does_the_step_that_would_post() -> None:
    filed = acceptance(opened(submitted_case("land-certificate-lost", papers=[FiledPaper("NIEMYET")]))).case

    assert (task_of(filed, "posting").outcome, task_of(filed, "check").state) == ("filed", TaskState.QUEUED)
    assert task_of(under_way("land-certificate-lost"), "posting").state is TaskState.QUEUED


def test_its_last_word_is_the_roots_step_and_the_root_goes_on() -> None:
    change = changed(says(after(bought().case, *TO_THE_END), f"{OWN}/sign", TaskAct.COMPLETE))

    assert (task_of(change.case, OWN).state, task_of(change.case, OWN).outcome) == (TaskState.DONE, "granted")
    assert task_of(change.case, "file").state is TaskState.QUEUED
    assert [told.type for told in change.updates] == ["child.completed.v1"]


def test_the_join_waits_for_every_child() -> None:
    case = after(bought(facts=COUPLE).case, *TO_THE_END, f"{OWN}/sign")

    assert task_of(case, "file").state is TaskState.WAITING


def test_a_denied_child_undoes_nothing_and_the_receiving_office_decides() -> None:
    before = after(bought(facts=COUPLE).case, *TO_THE_END, f"{OWN}/sign")
    spouse = ("mau02-spouse/lookup", "mau02-spouse/archive-check")
    change = changed(says(after(before, *spouse), "mau02-spouse/sign", TaskAct.COMPLETE, outcome="denied"))
    case = change.case

    assert (case.state, task_of(case, OWN).outcome) == (State.IN_PROCESS, "granted")
    given = task_of(case, "mau02-spouse")
    assert (given.state, given.office) == (TaskState.QUEUED, case.receiving_office)
    assert [told.type for told in change.updates] == ["child.failed.v1"]
    assert task_of(after(case, "mau02-spouse"), "file").state is TaskState.QUEUED


def test_a_child_stopped_by_two_officers_leaves_its_root_open() -> None:
    written = changed(asks(bought().case, f"{OWN}/lookup", OfficeRequest.STOP)).case
    change = changed(asks(written, f"{OWN}/lookup", OfficeRequest.CONFIRMED_STOP))

    assert (child_of(change.case).state, change.case.state) == (State.STOPPED, State.IN_PROCESS)
    assert change.updates[-1].type == "child.failed.v1"
    assert task_of(change.case, OWN).office == change.case.receiving_office


def withdrawn(case: Case) -> Case:
    cause = Cause(dossier.WITHDRAWAL_REQUESTED, str(uuid4()), Actor(kind="citizen"))
    return changed(withdrawal.request_withdrawal(case, cause, FRIDAY)).case


def test_a_root_withdrawn_is_stopped_by_the_office_that_has_its_child_and_takes_all_with_it() -> None:
    change = changed(asks(withdrawn(bought(facts=COUPLE).case), f"{OWN}/lookup", OfficeRequest.STOP))

    assert {member.state for member in change.case.family} == {State.STOPPED}
    assert not any(task.is_open for member in change.case.family for task in member.tasks)
    assert [told.type for told in change.updates] == ["case.updated.v1", "child.failed.v1", "child.failed.v1"]
    closed = [sent for sent in change.dispatches if sent.close_reason == "not_needed"]
    assert {sent.child.does for sent in closed if sent.child} == {"mau02-self", "mau02-spouse"}


PAPERS = RequestDetails(items=("Giấy xác nhận nơi ở",), answer_by=FRIDAY + timedelta(days=7))


def test_papers_that_a_child_needs_are_asked_in_the_roots_name() -> None:
    change = changed(asks(bought(facts=COUPLE).case, f"{OWN}/lookup", OfficeRequest.SUPPLEMENT, PAPERS))
    case = change.case

    assert case.state is State.SUPPLEMENT_REQUESTED
    assert case.request is not None
    assert child_of(case).state is State.SUPPLEMENT_REQUESTED
    assert child_of(case).current_due_at is None
    assert child_of(case, "mau02-spouse").state is State.IN_PROCESS
    assert change.updates[-1].child is None


def test_the_citizens_answer_sets_the_child_going_again_from_their_act() -> None:
    asked = changed(asks(bought().case, f"{OWN}/lookup", OfficeRequest.SUPPLEMENT, PAPERS)).case
    cause = Cause(dossier.SUPPLEMENTED, str(uuid4()), Actor(kind="citizen"))
    act, read = FRIDAY + timedelta(days=3), FRIDAY + timedelta(days=4)
    change = start_children(changed(record_supplement(asked, act, cause, rules(read))), rules(read))
    child = child_of(change.case)

    assert (change.case.state, child.state) == (State.IN_PROCESS, State.IN_PROCESS)
    assert [(event.fact, event.at) for event in child.ledger][-1] == (ClockEventType.SUPPLEMENTED, act)
    before = child_of(bought().case).current_due_at
    assert child.current_due_at is not None
    assert before is not None
    assert child.current_due_at > before


def test_what_a_child_made_is_not_recalled_behind_its_roots_back() -> None:
    case = after(bought().case, *TO_THE_END, f"{OWN}/sign")

    assert refused_code(asks(case, f"{OWN}/sign", OfficeRequest.RECALL)) == "child_is_used"


def test_nobody_does_the_roots_step_while_its_child_has_it() -> None:
    assert refused_code(says(bought().case, OWN, TaskAct.COMPLETE, party="land-registry")) == "not_yet_queued"


def test_every_record_has_the_roots_state_and_names_the_child() -> None:
    change = bought()
    record = update_event(change.updates[-1])
    said = record.data

    assert (record.type, record.key) == ("child.opened.v1", str(change.case.root))
    assert record.dossier_id == child_of(change.case).id
    assert isinstance(said, ChildUpdated)
    assert (said.code, said.step, said.blocks) == (change.case.code, OWN, ("file",))
    step = next(one for one in said.steps if one.step == OWN)
    assert step.child == said.child
    assert (step.state, step.due_at) == ("started", said.child.due_at)


def test_the_one_who_has_the_child_in_hands_has_the_dossier() -> None:
    case = bought().case

    assert case_state(bought().updates[-1]).holder is not None
    assert case.holder is not None
    assert case.holder.office == task_of(case, f"{OWN}/lookup").office


def test_a_party_is_told_the_childs_own_procedure() -> None:
    change = bought()
    sent = next(one for one in change.dispatches if one.task.step == "lookup")
    record = dispatch_event(sent, change.updates[-1], rules())

    assert record is not None
    assert record.procedure is not None
    assert (record.key, record.dossier_id) == (str(change.case.root), child_of(change.case).id)
    assert record.procedure.code == "housing-condition-02"


def test_a_late_child_is_escalated_and_owes_no_letter_of_its_own() -> None:
    case = bought().case
    late = FRIDAY + timedelta(days=30)
    change = fire_family_deadlines(replace(case, current_due_at=None), rules(late))
    child = child_of(change.case)

    assert "deadline.breached.v1" in {told.type for told in change.updates if told.child}
    assert {member.apology for member in change.case.family} == {None}
    assert not any(task.is_apology for member in change.case.family for task in member.tasks)
    assert child.alarms


def test_a_procedure_without_such_steps_has_no_children() -> None:
    assert under_way("marital-status").children == ()
