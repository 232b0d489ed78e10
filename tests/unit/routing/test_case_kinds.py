"""Questions, visits, problems, letters, follow-ups: in the engine of all cases, without its legal words."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from services.notification.domain.message import trigger_for
from services.routing.domain.acts.case_kinds import OPENED_BY, CaseRequest, open_owner_case
from services.routing.domain.acts.office_replies import apply_office_reply
from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.task import NoEffect, OfficeRequest, TaskAct, TaskReply, TaskState
from services.routing.domain.deadlines.escalation import fire_deadlines
from services.routing.outbound.case_events import update_event
from services.routing.usecases.act_on_tasks import FACTS
from shared.actor import Actor
from shared.errors import Refused
from shared.events.case import CaseState
from tests.builders.catalogue import items
from tests.builders.routing import COUNTER, FRIDAY, catalogue, rules
from tests.builders.routing_asks import on

KEY = UUID("019bb9f2-3d38-7e06-8776-e4407c5dd4dd")


def opening(kind: str = "question", ward: str = "00070", key: UUID = KEY) -> CaseRequest:
    return CaseRequest(key, kind, ward, COUNTER, about="H26.1-260306-0001", ref="q-1")


def opened(kind: str = "question") -> CaseChange:
    change = open_owner_case(None, opening(kind), rules(FRIDAY))
    assert isinstance(change, CaseChange), change
    return change


def said_by_owner(case: Case, act: TaskAct | OfficeRequest) -> CaseChange | NoEffect | Refused:
    (task,) = case.current_tasks
    by = Actor(kind="officer", id="a", office=task.office, role="specialist")
    return apply_office_reply(
        case, TaskReply(task.id, act, task.office, by, FACTS[act], str(uuid4())), rules(FRIDAY)
    )


def test_the_catalogue_has_every_kind_with_its_owner_time_and_source() -> None:
    known = items()["vocabulary:kinds"]["kinds"]
    assert set(known) == set(OPENED_BY)
    assert all(one["source"] and one["limit"]["amount"] for one in known.values())


@pytest.mark.parametrize("kind", OPENED_BY)
def test_it_opens_with_one_task_for_its_owner_and_a_due_time(kind: str) -> None:
    case = opened(kind).case
    (task,) = case.current_tasks
    known = catalogue().kind(kind)
    assert known is not None
    office = catalogue().receiving_office(known, {"chosen": "00070"}, FRIDAY.date())
    assert (case.kind, task.office, task.state) == (kind, office.id, TaskState.QUEUED)
    assert task.due_at is not None
    assert task.due_at > FRIDAY


def test_a_question_asked_on_friday_is_due_on_tuesday() -> None:
    (task,) = opened().case.current_tasks
    assert task.due_at == on(3, 10, 17)


def test_a_case_kind_called_letter_is_no_apology_to_sign() -> None:
    (task,) = opened("letter").case.current_tasks
    assert not task.is_apology
    assert task.step == "answer"


@pytest.mark.parametrize("kind", OPENED_BY)
def test_no_date_of_law_is_promised_and_no_text_about_a_dossier_goes_out(kind: str) -> None:
    change = opened(kind)
    done = said_by_owner(change.case, TaskAct.COMPLETE)
    assert isinstance(done, CaseChange)
    assert (change.case.promised_due_at, change.case.current_due_at) == (None, None)
    for told in (*change.updates, *done.updates):
        event = update_event(told)
        assert isinstance(event.data, CaseState)
        assert trigger_for(event.type, event.data) is None
        statutory = replace(event.data, kind="statutory")
        assert told.type != "case.opened.v1" or trigger_for(event.type, statutory) is not None


def test_it_is_closed_by_an_answer_and_is_neither_granted_nor_denied() -> None:
    change = said_by_owner(opened().case, TaskAct.COMPLETE)
    assert isinstance(change, CaseChange)
    assert (change.case.state, change.case.outcome) == ("completed", "answered")


def test_it_warns_is_breached_and_escalates_and_no_letter_of_apology_follows() -> None:
    change = fire_deadlines(opened("problem").case, rules(on(3, 20)))
    assert change is not None
    assert [told.alarm.level for told in change.updates if told.alarm] == [
        "one_day",
        "breach",
        "head",
        "city",
    ]
    assert change.case.apology is None


@pytest.mark.parametrize("ask", OfficeRequest)
def test_no_form_of_the_law_applies(ask: OfficeRequest) -> None:
    found = said_by_owner(opened().case, ask)
    assert isinstance(found, Refused)
    assert found.code == "no_form_applies"


def test_brought_again_it_is_the_same_case_and_the_key_opens_no_other() -> None:
    case = opened().case
    assert opening().root == case.root
    assert open_owner_case(case, opening(), rules(FRIDAY)) == NoEffect("already_applied")
    other = open_owner_case(case, opening("visit"), rules(FRIDAY))
    assert isinstance(other, Refused)
    assert other.code == "key_of_another_case"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (replace(opening(), kind="statutory"), "unknown_kind"),
        (replace(opening(), ward="99999"), "unknown_ward"),
    ],
)
def test_what_nobody_knows_is_refused_by_name(said: CaseRequest, code: str) -> None:
    found = open_owner_case(None, said, rules(FRIDAY))
    assert isinstance(found, Refused)
    assert found.code == code


def test_nobody_files_a_kind_as_a_procedure() -> None:
    assert not {one.id for one in catalogue().procedures(FRIDAY.date())} & set(OPENED_BY)
