"""Submitted, accepted, refused: what intake's facts do to a case."""

from services.routing.domain.acts import intake_events
from services.routing.domain.case.case import CaseChange, Cause
from services.routing.domain.case.task import TaskState
from shared.actor import Actor
from shared.errors import Refused
from shared.events.dossier import DossierRefused
from shared.states import StateEvent
from tests.builders.routing import (
    COUNTER,
    FRIDAY,
    MONDAY,
    acceptance,
    opened,
    rules,
    submitted_case,
)

CAUSE = Cause("dossier.refused.v1", "e-1", COUNTER)
MISSING = DossierRefused(code="H26", refused_at=FRIDAY, reason_code="missing_paper", rule="NĐ 61/2018")


def test_silence_at_the_door_is_a_task_with_a_due_time() -> None:
    case = opened(submitted_case())
    (receive,) = case.tasks
    assert (receive.step, receive.office, receive.due_at) == ("receive", "PASC-SP.00070", MONDAY)
    assert receive.state is TaskState.QUEUED
    assert case.holder is not None
    assert case.holder.office == "PASC-SP.00070"


def test_what_is_accepted_by_rule_has_no_task_at_the_door() -> None:
    assert opened(submitted_case("judicial-record-1")).tasks == ()


def test_accepting_at_the_counter_ends_the_door_and_the_intake_of_the_same_office() -> None:
    case = acceptance(opened(submitted_case("marital-status"))).case
    assert [(t.step, t.state.value) for t in case.tasks] == [
        ("receive", "done"),
        ("intake", "done"),
        ("check", "queued"),
        ("sign", "waiting"),
    ]


def test_accepted_by_rule_leaves_intake_to_its_office() -> None:
    case = acceptance(opened(submitted_case("judicial-record-1"))).case
    assert [(t.step, t.state.value) for t in case.tasks] == [
        ("intake", "queued"),
        ("search", "waiting"),
        ("issue", "waiting"),
    ]


def test_acceptance_is_told_twice_once_as_accepted_and_once_as_under_way() -> None:
    change = acceptance(opened(submitted_case()))
    assert [(told.type, told.case.state.value) for told in change.updates] == [
        ("case.updated.v1", "accepted"),
        ("dossier.routed.v1", "in_process"),
    ]
    assert [told.cause.actor.kind for told in change.updates] == ["officer", "system"]


def test_refusing_ends_everything() -> None:
    change = intake_events.refuse_case(opened(submitted_case()), MISSING, CAUSE, FRIDAY)
    assert isinstance(change, CaseChange)
    assert (change.case.state.value, change.case.refused_reason) == ("refused", "missing_paper")
    assert not [task for task in change.case.tasks if task.is_open]
    assert change.case.holder is None


def test_refused_after_acceptance_is_refused_by_the_table() -> None:
    decided = intake_events.refuse_case(acceptance(opened(submitted_case())).case, MISSING, CAUSE, FRIDAY)
    assert isinstance(decided, Refused)
    assert decided.code == "already_under_way"


def test_a_fact_heard_before_is_known() -> None:
    case = acceptance(opened(submitted_case())).case
    assert intake_events.is_already_applied(case, StateEvent.SUBMITTED)
    assert intake_events.is_already_applied(case, StateEvent.ACCEPTED)
    assert not intake_events.is_already_applied(opened(submitted_case()), StateEvent.ACCEPTED)


def test_opening_tells_the_city() -> None:
    cause = Cause("dossier.submitted.v1", "e-0", Actor(kind="citizen"))
    change = intake_events.open_case(submitted_case(), MONDAY, cause, rules(FRIDAY))
    assert [told.type for told in change.updates] == ["case.opened.v1"]
