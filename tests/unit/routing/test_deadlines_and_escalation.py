"""What a clock says when its instants come, and to whom: holder, operator, head, city."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.routing.domain.case.case import Case
from services.routing.domain.case.fired_deadline import ClockScope, DeadlineLevel, FiredDeadline, Recipient
from services.routing.domain.case.position import ProcessPosition, Stage
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import TaskAct
from services.routing.domain.deadlines.deadlines import (
    DeadlineCache,
    RunningClock,
    clock_instants,
    deadline_changes,
    next_deadlines,
    next_deadlines_of_family,
    running_clocks,
)
from services.routing.domain.deadlines.escalation import current_escalation, fire_deadlines
from services.routing.outbound.case_events import case_state, update_event
from shared.catalogue import Catalogue
from shared.clock import CITY_TZ
from shared.events.case import DeadlineFired
from shared.states import State
from shared.worktime import ClockEvent, ClockEventType
from tests.builders.catalogue import items
from tests.builders.routing import (
    FRIDAY,
    MONDAY,
    acceptance,
    after,
    catalogue,
    opened,
    rules,
    submitted_case,
    task_of,
    under_way,
)

DUE = datetime(2026, 3, 16, 17, tzinfo=CITY_TZ)
"""The promise of `under_way`: a Monday, six working days after Friday the 6th."""
TUESDAY = MONDAY + timedelta(days=1)


def fired(case: Case, now: datetime) -> Case:
    change = fire_deadlines(case, rules(now))
    return change.case if change else case


def of(case: Case, scope: ClockScope) -> list[tuple[DeadlineLevel, Recipient]]:
    return [(alarm.level, alarm.to) for alarm in case.alarms if alarm.scope is scope]


def dossiers_clock(case: Case) -> RunningClock:
    return next(one for one in running_clocks(case) if one.scope is ClockScope.DOSSIER)


def begun(case: Case, step: str = "appraise") -> Case:
    return after(case, step, act=TaskAct.START)


@pytest.fixture
def at_work() -> Case:
    return begun(under_way("building-permit-house"))


@pytest.fixture
def at_the_door() -> Case:
    return opened(submitted_case("building-permit-house"))


def test_a_dossiers_instants_stand_in_their_order(at_work: Case) -> None:
    found = clock_instants(dossiers_clock(at_work), at_work, rules(FRIDAY))
    assert [(d.level.value, d.at.isoformat()[:19]) for d in found] == [
        ("one_day", "2026-03-16T08:00:00"),
        ("breach", "2026-03-16T17:00:01"),
        ("head", "2026-03-17T08:00:00"),
        ("city", "2026-03-17T17:00:00"),
    ]


def test_a_long_limit_warns_when_a_quarter_is_left() -> None:
    case = acceptance(opened(submitted_case("building-permit-house")), due=DUE + timedelta(days=11)).case
    levels = [d.level for d in clock_instants(dossiers_clock(case), case, rules(FRIDAY))]
    assert levels[:2] == [DeadlineLevel.THREE_QUARTERS, DeadlineLevel.ONE_DAY]


def warning_otherwise(warn: dict[str, int], *, everywhere: bool) -> Catalogue:
    """The catalogue with these thresholds, of this procedure or of all that say nothing."""
    changed = {name: dict(item) for name, item in items().items()}
    if everywhere:
        words = changed["vocabulary:words"]
        words["rules"] = words["rules"] | {"warn": {name: {"value": left} for name, left in warn.items()}}
        return Catalogue.from_items(changed)
    for name, item in changed.items():
        if name.startswith("procedure:building-permit-house:"):
            item["warn"] = warn
    return Catalogue.from_items(changed)


@pytest.mark.parametrize("everywhere", [True, False])
def test_a_procedure_says_how_early_its_clocks_warn(at_work: Case, *, everywhere: bool) -> None:
    other = warning_otherwise({"percent_left": 70, "days_left": 2}, everywhere=everywhere)
    own = [
        d.at
        for d in clock_instants(dossiers_clock(at_work), at_work, Rules(other, FRIDAY))
        if d.level.is_warning
    ]
    assert [found.isoformat()[:16] for found in own] == ["2026-03-11T08:00", "2026-03-13T08:00"]
    task = next(one for one in running_clocks(at_work) if one.task and one.task.step == "appraise")
    usual, earlier = (
        next(clock_instants(task, at_work, Rules(one, FRIDAY))).at for one in (catalogue(), other)
    )
    assert earlier < usual


def test_a_copy_published_before_there_were_thresholds_warns_as_ever(at_work: Case) -> None:
    changed = {name: dict(item) for name, item in items().items()}
    words = changed["vocabulary:words"]
    words["rules"] = {name: rule for name, rule in words["rules"].items() if name != "warn"}
    plan = [list(clock_instants(one, at_work, rules(FRIDAY))) for one in running_clocks(at_work)]
    before = Catalogue.from_items(changed)
    assert [
        list(clock_instants(one, at_work, Rules(before, FRIDAY))) for one in running_clocks(at_work)
    ] == plan


def test_dossier_and_task_have_clocks_of_their_own(at_work: Case) -> None:
    assert [one.scope for one in running_clocks(at_work)] == [
        ClockScope.DOSSIER,
        ClockScope.TASK,
        ClockScope.TASK,
    ]


def test_a_warning_goes_to_the_holder(at_work: Case) -> None:
    case = fired(at_work, DUE.replace(hour=8))
    assert of(case, ClockScope.DOSSIER) == [(DeadlineLevel.ONE_DAY, Recipient.HOLDER)]
    assert current_escalation(case) is None or current_escalation(case).scope is ClockScope.TASK  # pyright: ignore[reportOptionalMemberAccess]


def test_the_due_second_itself_is_on_time_and_the_next_is_not(at_work: Case) -> None:
    assert DeadlineLevel.BREACH not in dict(of(fired(at_work, DUE), ClockScope.DOSSIER))
    assert DeadlineLevel.BREACH in dict(of(fired(at_work, DUE + timedelta(seconds=1)), ClockScope.DOSSIER))


def test_begun_work_breaches_to_the_head_and_then_to_the_city(at_work: Case) -> None:
    done = after(at_work, "consult")
    case = done
    for now in (DUE.replace(hour=8), DUE + timedelta(seconds=1), DUE + timedelta(days=1)):
        case = fired(case, now)
    assert of(case, ClockScope.DOSSIER) == [
        (DeadlineLevel.ONE_DAY, Recipient.HOLDER),
        (DeadlineLevel.BREACH, Recipient.HEAD),
        (DeadlineLevel.CITY, Recipient.CITY),
    ]
    assert (current_escalation(case) or pytest.fail("nobody")).to is Recipient.CITY


def test_submitted_and_untouched_goes_to_the_operator_then_the_head_then_the_city(at_the_door: Case) -> None:
    case = at_the_door
    for now in (
        MONDAY - timedelta(hours=2),
        MONDAY + timedelta(seconds=1),
        TUESDAY.replace(hour=8),
        TUESDAY,
    ):
        case = fired(case, now)
    assert of(case, ClockScope.TASK) == [
        (DeadlineLevel.TWO_HOURS, Recipient.HOLDER),
        (DeadlineLevel.BREACH, Recipient.OPERATOR),
        (DeadlineLevel.HEAD, Recipient.HEAD),
        (DeadlineLevel.CITY, Recipient.CITY),
    ]
    assert [alarm.office for alarm in case.alarms if alarm.to is Recipient.OPERATOR] == ["PASC"]
    assert not of(case, ClockScope.DOSSIER)


def test_what_was_given_back_goes_to_the_operator() -> None:
    case = after(under_way("building-permit-house"), "appraise", act=TaskAct.DECLINE)
    task = task_of(case, "appraise")
    late = fired(case, (task.due_at or DUE) + timedelta(seconds=1))
    told = [alarm for alarm in late.alarms if alarm.about == task.id and alarm.level is DeadlineLevel.BREACH]
    assert [alarm.to for alarm in told] == [Recipient.OPERATOR]


def test_after_a_week_off_each_is_said_once_in_order_and_how_late(at_the_door: Case) -> None:
    week = MONDAY + timedelta(days=7)
    change = fire_deadlines(at_the_door, rules(week))
    assert change is not None
    alarms = change.case.alarms
    assert [alarm.at for alarm in alarms] == sorted(alarm.at for alarm in alarms)
    assert [alarm.overtaken for alarm in alarms] == [True, True, True, False]
    assert alarms[1].delay_seconds == 7 * 86400 - 1
    assert fire_deadlines(change.case, rules(week + timedelta(days=99))) is None


def test_a_breach_is_said_once_whatever_date_comes_after_it(at_work: Case) -> None:
    late = fired(at_work, DUE + timedelta(seconds=1))
    moved = replace(late, current_due_at=DUE + timedelta(days=7))
    again = fired(moved, DUE + timedelta(days=60))
    assert [alarm.level for alarm in again.alarms if alarm.scope is ClockScope.DOSSIER].count(
        DeadlineLevel.BREACH
    ) == 1


def test_an_escalation_is_over_once_its_date_has_moved(at_work: Case) -> None:
    late = after(fired(at_work, DUE + timedelta(seconds=1)), "consult", "appraise")
    moved = replace(late, current_due_at=DUE + timedelta(days=7))
    assert current_escalation(late) is not None
    assert current_escalation(moved) is None


def test_a_dossier_finished_in_time_says_nothing(at_work: Case) -> None:
    case = after(at_work, "consult", "appraise", "decide")
    assert running_clocks(case) == ()
    assert fire_deadlines(case, rules(DUE + timedelta(days=30))) is None


def test_while_the_citizen_is_awaited_no_office_is_late(at_work: Case) -> None:
    owed = at_work.with_position(ProcessPosition(State.SUPPLEMENT_REQUESTED, Stage.PROCESSING))
    paused = replace(
        owed, current_due_at=None, ledger=(ClockEvent(ClockEventType.SUPPLEMENT_REQUESTED, FRIDAY),)
    )
    assert running_clocks(paused) == ()


def test_a_withdrawal_asked_in_a_pause_leaves_it_open(at_work: Case) -> None:
    owed = ProcessPosition(State.SUPPLEMENT_REQUESTED, Stage.PROCESSING)
    asked = at_work.with_position(ProcessPosition(State.WITHDRAWAL_REQUESTED, resume_to=owed))
    assert [one.scope for one in running_clocks(asked)] == [ClockScope.DOSSIER]


def test_a_clock_whose_date_did_not_move_is_not_planned_anew(at_work: Case) -> None:
    renamed = replace(at_work, receiving_short="PVHCC")
    assert deadline_changes(at_work, renamed, rules(FRIDAY)) == ({}, set())


def test_a_finished_dossier_has_nothing_left_to_look_at(at_work: Case) -> None:
    over = after(at_work, "consult", "appraise", "decide")
    planned, ended = deadline_changes(at_work, over, rules(FRIDAY))
    assert (planned, ended) == ({}, {one.about for one in running_clocks(at_work)})


def test_only_the_next_instant_of_a_clock_is_planned(at_work: Case) -> None:
    assert next_deadlines(at_work, rules(FRIDAY))[at_work.root].level is DeadlineLevel.ONE_DAY


def test_a_breach_is_told_with_the_whole_state_and_who_must_act(at_work: Case) -> None:
    change = fire_deadlines(after(at_work, "consult"), rules(DUE + timedelta(seconds=1)))
    assert change is not None
    told = next(one for one in change.updates if one.alarm and one.alarm.level is DeadlineLevel.BREACH)
    event = update_event(told)
    assert event.type == "deadline.breached.v1"
    assert isinstance(event.data, DeadlineFired)
    assert event.data.deadline.level == "breach"
    overdue = case_state(change.updates[-1]).overdue
    assert overdue is not None
    assert overdue.to == "head"


def test_what_is_late_by_is_never_below_zero() -> None:
    alarm = FiredDeadline(
        ClockScope.TASK,
        submitted_case().root,
        DeadlineLevel.BREACH,
        DUE,
        DUE,
        FRIDAY,
        Recipient.HEAD,
        "o",
        "o",
    )
    assert alarm.delay_seconds == 0


@pytest.mark.parametrize("days", [0, 1, 7, 30])
def test_instants_counted_once_say_the_same_as_counted_anew(at_work: Case, days: int) -> None:
    now = DUE + timedelta(days=days, seconds=1)
    counted = DeadlineCache(rules(now))
    change = fire_deadlines(at_work, rules(now), counted)
    assert change is not None
    assert change.updates
    anew = next_deadlines_of_family(change.case, rules(now))
    assert next_deadlines_of_family(change.case, rules(now), counted) == anew


def test_a_clock_whose_date_moved_is_counted_anew(at_work: Case) -> None:
    counted = DeadlineCache(rules(FRIDAY))
    later = replace(at_work, current_due_at=DUE + timedelta(days=1))
    counted.instants_of(dossiers_clock(at_work), at_work)
    assert [one.at for one in counted.instants_of(dossiers_clock(later), later)] == [
        one.at for one in clock_instants(dossiers_clock(later), later, rules(FRIDAY))
    ]
