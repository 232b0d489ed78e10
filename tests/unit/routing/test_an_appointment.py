"""A step for which the citizen comes: proposed, moved, missed, kept, and only then completed."""

from datetime import datetime, timedelta

import pytest

from services.routing.domain.acts.available_acts import available_acts
from services.routing.domain.acts.reassignment import ReassignMode
from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.task import NoEffect, OfficeRequest, Task, TaskAct, TaskState
from services.routing.domain.case.task_kind import TaskKind
from services.routing.domain.family.family import reassign_in_family
from services.routing.outbound.case_events import case_state
from shared.actor import Actor
from shared.errors import Refused
from shared.events import agency
from tests.builders.routing import (
    FRIDAY,
    after,
    asks,
    met,
    resending,
    rules,
    says,
    task_of,
    under_way,
)

HOUR = timedelta(hours=1)
MEETING = FRIDAY + HOUR


def registering() -> Case:
    """A marriage accepted, its register waiting to be signed by both."""
    return under_way("marriage")


def changed(found: CaseChange | NoEffect | Refused) -> CaseChange:
    assert isinstance(found, CaseChange), found
    return found


def code_of(found: CaseChange | NoEffect | Refused) -> str:
    assert isinstance(found, Refused), found
    return found.code


def propose(case: Case, meet_at: datetime | None = MEETING, at: datetime = FRIDAY) -> Case:
    return changed(asks(case, "register", OfficeRequest.APPOINTMENT, at=at, meet_at=meet_at)).case


def miss(case: Case, at: datetime) -> Case:
    return changed(asks(case, "register", OfficeRequest.ABSENCE, at=at)).case


def offered(case: Case) -> set[OfficeRequest]:
    task = task_of(case, "register")
    return set(available_acts(case, task, Actor(kind="officer", id="x", office=task.office)))


def test_the_catalogue_says_for_which_steps_the_citizen_comes() -> None:
    assert task_of(registering(), "register").kind is TaskKind.APPOINTMENT
    assert task_of(under_way("disability-certificate"), "assess").kind is TaskKind.APPOINTMENT
    assert task_of(under_way("disability-certificate"), "publish").kind is TaskKind.STEP


def test_it_cannot_be_completed_before_they_came() -> None:
    case = registering()
    assert code_of(says(case, "register", TaskAct.COMPLETE)) == "appointment_first"
    case = propose(case)
    assert code_of(says(case, "register", TaskAct.COMPLETE)) == "appointment_first"
    case = changed(asks(case, "register", OfficeRequest.ARRIVAL, at=MEETING)).case
    done = changed(says(case, "register", TaskAct.COMPLETE, outcome="granted")).case
    assert (done.state.value, done.outcome) == ("completed", "granted")
    assert isinstance(says(done, "register", TaskAct.COMPLETE, outcome="granted"), NoEffect)


def test_it_may_be_begun_and_given_back_without_one() -> None:
    case = after(registering(), "register", act=TaskAct.START)
    assert task_of(case, "register").state is TaskState.STARTED
    assert task_of(after(case, "register", act=TaskAct.DECLINE), "register").state is TaskState.DECLINED


def test_each_time_proposed_is_told_and_the_same_one_changes_nothing() -> None:
    case = registering()
    change = changed(asks(case, "register", OfficeRequest.APPOINTMENT, meet_at=MEETING))
    assert [(update.cause.fact, update.reason) for update in change.updates] == [
        (agency.APPOINTMENT_PROPOSED, "10:00 06/03/2026")
    ]
    assert isinstance(asks(change.case, "register", OfficeRequest.APPOINTMENT, meet_at=MEETING), NoEffect)
    moved = task_of(propose(change.case, MEETING + HOUR), "register").appointment
    assert moved is not None
    assert (moved.at, moved.proposals, moved.missed, moved.is_open) == (MEETING + HOUR, 2, 0, True)


def test_the_clock_runs_on() -> None:
    case = registering()
    proposed = propose(case)
    assert (proposed.current_due_at, proposed.ledger) == (case.current_due_at, case.ledger)
    assert task_of(proposed, "register").due_at == task_of(case, "register").due_at


def test_missed_twice_stays_open_with_its_count() -> None:
    case = miss(propose(registering()), MEETING)
    once = task_of(case, "register").appointment
    assert once is not None
    assert (once.missed, once.is_open, once.is_missed_again) == (1, False, False)
    again = asks(case, "register", OfficeRequest.ABSENCE, at=MEETING)
    assert isinstance(again, NoEffect)
    case = miss(propose(case, MEETING + 3 * HOUR, at=MEETING), MEETING + 3 * HOUR)
    twice = task_of(case, "register").appointment
    assert twice is not None
    assert (twice.missed, twice.proposals, twice.is_missed_again) == (2, 2, True)
    assert (case.state.value, task_of(case, "register").is_open) == ("in_process", True)
    assert not met(case, "register", at=MEETING + 5 * HOUR).tasks[-1].appointment.is_missed_again  # pyright: ignore[reportOptionalMemberAccess]


def test_they_may_come_early_or_after_being_missed() -> None:
    early = changed(asks(propose(registering()), "register", OfficeRequest.ARRIVAL, at=FRIDAY)).case
    late = miss(propose(registering()), MEETING)
    late = changed(asks(late, "register", OfficeRequest.ARRIVAL, at=MEETING + HOUR)).case
    for case in (early, late):
        assert isinstance(says(case, "register", TaskAct.COMPLETE), CaseChange)
        assert isinstance(asks(case, "register", OfficeRequest.ARRIVAL), NoEffect)


@pytest.mark.parametrize(
    ("request_", "meet_at", "code"),
    [
        (OfficeRequest.APPOINTMENT, None, "appointment_not_ahead"),
        (OfficeRequest.APPOINTMENT, FRIDAY, "appointment_not_ahead"),
        (OfficeRequest.ARRIVAL, None, "no_appointment_open"),
        (OfficeRequest.ABSENCE, None, "no_appointment_open"),
    ],
)
def test_what_lacks_a_time_is_refused(request_: OfficeRequest, meet_at: datetime | None, code: str) -> None:
    assert code_of(asks(registering(), "register", request_, meet_at=meet_at)) == code


def test_nobody_misses_a_time_to_come_and_none_is_proposed_afterwards() -> None:
    case = propose(registering())
    assert code_of(asks(case, "register", OfficeRequest.ABSENCE)) == "appointment_still_ahead"
    case = met(registering(), "register")
    found = asks(case, "register", OfficeRequest.APPOINTMENT, meet_at=MEETING + HOUR)
    assert code_of(found) == "appointment_is_over"
    assert code_of(asks(case, "register", OfficeRequest.ABSENCE, at=MEETING + HOUR)) == "no_appointment_open"


def test_a_step_of_another_kind_has_none() -> None:
    case = under_way("disability-certificate")
    found = asks(case, "convene", OfficeRequest.APPOINTMENT, meet_at=MEETING)
    assert code_of(found) == "step_has_no_appointment"


def test_a_desk_is_offered_what_leads_on() -> None:
    acts = {OfficeRequest.APPOINTMENT, OfficeRequest.ARRIVAL, OfficeRequest.ABSENCE}
    case = registering()
    assert offered(case) & acts == {OfficeRequest.APPOINTMENT}
    case = propose(case)
    assert offered(case) & acts == acts
    assert offered(miss(case, MEETING)) & acts == {OfficeRequest.APPOINTMENT, OfficeRequest.ARRIVAL}
    assert not offered(met(registering(), "register")) & acts


def test_another_office_proposes_its_own_time() -> None:
    case = propose(registering())
    case = after(case, "register", act=TaskAct.DECLINE)
    there = "WARD-JUS.00004"
    moved = reassign_in_family(
        case, resending(case, "register", there, way=ReassignMode.REROUTE), rules(FRIDAY)
    )
    fresh: Task = task_of(changed(moved).case, "register")
    assert (fresh.office, fresh.kind, fresh.appointment) == (there, TaskKind.APPOINTMENT, None)


def test_the_city_reads_it_in_the_step() -> None:
    change = changed(asks(registering(), "register", OfficeRequest.APPOINTMENT, meet_at=MEETING))
    (step,) = [step for step in case_state(change.updates[0]).steps if step.step == "register"]
    assert step.appointment is not None
    assert (step.appointment.at, step.expects_citizen) == (MEETING, True)
