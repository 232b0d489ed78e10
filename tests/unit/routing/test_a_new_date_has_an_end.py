"""The one new date of an apology is watched: its office is warned, its end told to head and city at once."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from services.routing.domain.acts import withdrawal
from services.routing.domain.acts.supplement import record_supplement
from services.routing.domain.case.case import Case
from services.routing.domain.case.fired_deadline import ClockScope, DeadlineLevel, FiredDeadline, Recipient
from services.routing.domain.case.task import LETTER, OfficeRequest, RequestDetails, TaskAct
from services.routing.domain.clock.new_date import new_date_clock_id, passed_new_date
from services.routing.domain.clock.time_attribution import TimeOwner
from services.routing.domain.deadlines.deadlines import deadline_changes, next_deadlines
from services.routing.domain.deadlines.escalation import current_escalation, fire_deadlines
from services.routing.domain.plan.recompute_dates import recompute_dates
from services.routing.outbound.case_events import update_event
from shared.actor import Actor
from shared.clock import CITY_TZ
from shared.events import dossier
from shared.events.case import NEW_DATE_PASSED, UPDATED, DeadlineFired
from tests.builders.routing import after, rules, says, task_of, under_way
from tests.builders.routing_asks import act_by_office, case_after, cause, code_of

DUE = datetime(2026, 3, 16, 17, tzinfo=CITY_TZ)
MORNING = datetime(2026, 3, 17, 9, tzinfo=CITY_TZ)
TUESDAY = date(2026, 3, 24)
NEW_DATE = datetime(2026, 3, 24, 17, tzinfo=CITY_TZ)
PASSED = NEW_DATE + timedelta(seconds=1)
DAY = timedelta(days=1)
HEAD = Actor(kind="officer", id="truongphong", role="leader")


def fired(case: Case, at: datetime) -> Case:
    change = fire_deadlines(case, rules(at))
    return change.case if change else case


def signed(case: Case, new_day: date = TUESDAY, at: datetime = MORNING) -> Case:
    return case_after(
        act_by_office(
            case, OfficeRequest.SIGNATURE, at, step=LETTER, by=HEAD, wants=RequestDetails(new_day=new_day)
        )
    )


def of_new_date(case: Case) -> list[FiredDeadline]:
    return [alarm for alarm in case.alarms if alarm.scope is ClockScope.NEW_DATE]


def ends(case: Case) -> list[tuple[DeadlineLevel, Recipient]]:
    return [(alarm.level, alarm.to) for alarm in of_new_date(case) if not alarm.level.is_warning]


@pytest.fixture
def late() -> Case:
    """A building permit, appraised too slowly; late since Monday."""
    return fired(under_way("building-permit-house"), DUE + timedelta(seconds=1))


@pytest.fixture
def promised(late: Case) -> Case:
    """Signed on Tuesday 17 March, promised anew for Tuesday the 24th."""
    return signed(late)


def test_unsigned_it_is_a_proposal_and_nobody_watches_it(late: Case) -> None:
    assert new_date_clock_id(late) not in next_deadlines(late, rules(MORNING))
    assert ends(fired(late, NEW_DATE + 30 * DAY)) == []


def test_the_signature_plants_its_clock(late: Case, promised: Case) -> None:
    planned, _ = deadline_changes(late, promised, rules(MORNING))
    first = planned[new_date_clock_id(promised)]
    assert (first.clock.scope, first.clock.due_at) == (ClockScope.NEW_DATE, NEW_DATE)


def test_its_office_is_warned_on_the_last_morning(promised: Case) -> None:
    last_morning = NEW_DATE.replace(hour=8)
    (only,) = of_new_date(fired(promised, last_morning))
    assert (only.level, only.to, only.at) == (DeadlineLevel.ONE_DAY, Recipient.HOLDER, last_morning)
    assert only.office == task_of(promised, "appraise").office


def test_the_longer_the_time_the_earlier_the_first_warning(late: Case) -> None:
    case = signed(late, date(2026, 4, 7))
    first = next_deadlines(case, rules(MORNING))[new_date_clock_id(case)]
    assert (first.level, first.at) == (DeadlineLevel.THREE_QUARTERS, datetime(2026, 4, 3, 8, tzinfo=CITY_TZ))


def test_promised_for_the_same_day_it_is_warned_of_in_hours(late: Case) -> None:
    case = signed(late, MORNING.date())
    first = next_deadlines(case, rules(MORNING))[new_date_clock_id(case)]
    assert (first.level, first.at) == (DeadlineLevel.TWO_HOURS, MORNING.replace(hour=15))


def test_who_signs_in_the_last_hours_is_not_warned_in_the_same_breath(late: Case) -> None:
    at = MORNING.replace(hour=16)
    case = signed(late, MORNING.date(), at)
    assert next_deadlines(case, rules(at))[new_date_clock_id(case)].level is DeadlineLevel.BREACH


def test_its_last_second_is_still_in_time(promised: Case) -> None:
    assert ends(fired(promised, NEW_DATE)) == []


def test_broken_it_goes_to_the_head_and_the_city_in_the_same_moment(promised: Case) -> None:
    case = fired(promised, PASSED)
    assert ends(case) == [(DeadlineLevel.BREACH, Recipient.HEAD), (DeadlineLevel.CITY, Recipient.CITY)]
    head, city = of_new_date(case)[-2:]
    assert (head.at, city.at) == (PASSED, PASSED)
    assert (head.office, city.office) == (task_of(promised, "appraise").office, "PASC")


def test_the_head_hears_of_it_though_nobody_has_begun(promised: Case) -> None:
    assert task_of(promised, "appraise").started_at is None
    assert ends(fired(promised, PASSED))[0] == (DeadlineLevel.BREACH, Recipient.HEAD)


def test_of_work_given_back_the_head_who_signed_hears(promised: Case) -> None:
    back = case_after(says(after(promised, "consult"), "appraise", TaskAct.DECLINE, at=MORNING))
    letter = promised.apology
    assert letter is not None
    (head, _) = of_new_date(fired(back, PASSED))[-2:]
    assert (head.to, head.office) == (Recipient.HEAD, letter.office)


def test_it_is_told_once_for_ever(promised: Case) -> None:
    case = fired(promised, PASSED)
    later = fired(fired(case, PASSED + DAY), PASSED + 60 * DAY)
    assert ends(later) == ends(case)
    assert new_date_clock_id(case) not in next_deadlines(case, rules(PASSED))


def test_after_a_downtime_it_is_told_once_with_how_late(promised: Case) -> None:
    case = fired(promised, PASSED + 7 * DAY)
    assert [alarm.overtaken for alarm in of_new_date(case)] == [True, False, False]
    assert [alarm.delay_seconds for alarm in of_new_date(case)][1:] == [7 * 86400] * 2


@pytest.mark.parametrize("outcome", ["granted", "denied"])
def test_done_before_it_nobody_hears_of_it(promised: Case, outcome: str) -> None:
    decided = after(promised, "appraise", "consult")
    case = case_after(says(decided, "decide", TaskAct.COMPLETE, outcome=outcome, at=NEW_DATE))
    assert case.state == "completed", case.state
    assert new_date_clock_id(promised) in deadline_changes(decided, case, rules(NEW_DATE))[1]
    assert ends(fired(case, PASSED + DAY)) == []


def test_withdrawn_and_stopped_it_is_over(promised: Case) -> None:
    wants_out = case_after(
        withdrawal.request_withdrawal(promised, cause(dossier.WITHDRAWAL_REQUESTED), MORNING)
    )
    assert new_date_clock_id(promised) in next_deadlines(wants_out, rules(MORNING))
    stopped = case_after(
        act_by_office(wants_out, OfficeRequest.STOP, MORNING, step="appraise", by=HEAD, reason="rút")
    )
    assert stopped.state == "stopped"
    assert ends(fired(stopped, PASSED)) == []


def test_a_result_taken_back_after_it_was_none_and_that_is_when_it_passes(promised: Case) -> None:
    decided = after(promised, "appraise", "consult")
    completed = case_after(says(decided, "decide", TaskAct.COMPLETE, at=NEW_DATE))
    taken_back = NEW_DATE + 2 * DAY
    case = case_after(
        act_by_office(completed, OfficeRequest.RECALL, taken_back, step="decide", reason="sai số thửa")
    )
    again = fired(case, taken_back)
    assert ends(again) == [(DeadlineLevel.BREACH, Recipient.HEAD), (DeadlineLevel.CITY, Recipient.CITY)]
    assert [alarm.at for alarm in of_new_date(again)][-2:] == [taken_back] * 2


def test_told_by_hand_it_stands_whatever_the_calendar_becomes(promised: Case) -> None:
    found = recompute_dates(promised, cause("calendar.version_published.v1"), rules(MORNING))
    case = found.case if found else promised
    assert next_deadlines(case, rules(MORNING))[new_date_clock_id(case)].clock.due_at == NEW_DATE


def waiting_for_papers(promised: Case) -> Case:
    wants = RequestDetails(items=("Bản vẽ",), answer_by=NEW_DATE + 7 * DAY)
    return case_after(
        act_by_office(promised, OfficeRequest.SUPPLEMENT, MORNING + DAY, step="appraise", wants=wants)
    )


def test_it_waits_for_nobody_and_says_whose_time_it_was(promised: Case) -> None:
    case = fired(waiting_for_papers(promised), PASSED)
    assert ends(case) == [(DeadlineLevel.BREACH, Recipient.HEAD), (DeadlineLevel.CITY, Recipient.CITY)]
    found = passed_new_date(case)
    assert found is not None
    assert (found.whose, found.told_at) == (TimeOwner.CITIZEN, PASSED)


def test_papers_brought_before_it_leave_it_to_the_office(promised: Case) -> None:
    brought = NEW_DATE - DAY
    waits = waiting_for_papers(promised)
    case = case_after(record_supplement(waits, brought, cause(dossier.SUPPLEMENTED), rules(brought)))
    found = passed_new_date(fired(case, PASSED))
    assert found is not None
    assert found.whose is TimeOwner.OFFICE


def test_the_dossier_stays_late_by_the_date_of_the_law(promised: Case) -> None:
    case = fired(promised, PASSED)
    overdue = current_escalation(case)
    assert overdue is not None
    assert (overdue.scope, overdue.due_at, case.current_due_at) == (ClockScope.DOSSIER, DUE, DUE)


def test_there_is_no_third_date(promised: Case) -> None:
    wants = RequestDetails(new_day=date(2026, 3, 31))
    found = act_by_office(
        fired(promised, PASSED), OfficeRequest.SIGNATURE, PASSED, step=LETTER, by=HEAD, wants=wants
    )
    assert code_of(found) == "already_redated"


def test_the_record_names_its_end_and_to_whom_it_went(promised: Case) -> None:
    change = fire_deadlines(promised, rules(PASSED))
    assert change is not None
    (head,) = [one for one in change.updates if one.type == NEW_DATE_PASSED]
    (city,) = [
        one for one in change.updates if one.type == UPDATED and one.alarm and one.alarm.due_at == NEW_DATE
    ]
    said = update_event(head).data
    assert isinstance(said, DeadlineFired)
    assert (said.deadline.scope, said.deadline.level, said.deadline.to) == ("new_date", "breach", "head")
    assert said.apology is not None
    assert said.apology.passed is not None
    assert (said.apology.passed.whose, said.apology.passed.told_at) == ("office", PASSED)
    assert city.alarm is not None
    assert (city.cause.fact, city.alarm.to) == ("deadline.escalated.v1", Recipient.CITY)


def test_a_child_is_promised_to_nobody(promised: Case) -> None:
    child = replace(promised, child_id=new_date_clock_id(promised), apology=None)
    assert ClockScope.NEW_DATE not in {
        one.clock.scope for one in next_deadlines(child, rules(MORNING)).values()
    }
