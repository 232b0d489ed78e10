"""A citizen's own time to answer: reminded before it ends; once it has, the office that asked knows."""

from datetime import datetime

from services.routing.domain.acts import supplement
from services.routing.domain.case.case import Case, CaseUpdate
from services.routing.domain.case.fired_deadline import ClockScope, DeadlineLevel, Recipient
from services.routing.domain.case.task import OfficeRequest, RequestDetails
from services.routing.domain.clock.reminders import UNANSWERED
from services.routing.domain.deadlines.deadlines import deadline_changes, next_deadlines
from services.routing.domain.deadlines.escalation import current_escalation, fire_deadlines
from services.routing.outbound.case_events import update_event
from shared.events import dossier
from shared.events.case import UPDATED, WARNING, DeadlineFired
from tests.builders.routing import rules
from tests.builders.routing_asks import act_by_office, case_after, cause, land_transfer, on, papers

ASKED, ANSWER_BY = on(2, 13, 14), on(2, 27, 17)
LAST_MORNING, TOO_LATE = on(2, 27, 8), on(2, 27, 18)


def waiting(wants: RequestDetails | None = None, what: OfficeRequest = OfficeRequest.SUPPLEMENT) -> Case:
    return case_after(act_by_office(land_transfer(), what, ASKED, wants=wants or papers()))


def told_at(case: Case, now: datetime) -> tuple[Case, tuple[CaseUpdate, ...]]:
    change = fire_deadlines(case, rules(now))
    return (change.case, change.updates) if change else (case, ())


def test_a_request_has_a_clock_and_the_offices_have_none_meanwhile() -> None:
    (only,) = next_deadlines(waiting(), rules(ASKED)).values()
    assert (only.clock.scope, only.level, only.at) == (
        ClockScope.REQUEST,
        DeadlineLevel.ONE_DAY,
        LAST_MORNING,
    )


def test_on_the_last_morning_the_citizen_is_reminded_once() -> None:
    case, told = told_at(waiting(), LAST_MORNING)
    said = update_event(told[0]).data
    assert isinstance(said, DeadlineFired)
    assert (told[0].type, said.deadline.scope, said.deadline.to) == (WARNING, "request", "citizen")
    assert said.request is not None
    assert told_at(case, LAST_MORNING)[1] == ()


def test_the_longer_the_time_the_earlier_the_first_of_two_reminders() -> None:
    case = waiting(RequestDetails(amount=150_000, answer_by=on(3, 20, 17)), OfficeRequest.PAYMENT)
    (first,) = next_deadlines(case, rules(ASKED)).values()
    assert (first.level, first.at) == (DeadlineLevel.THREE_QUARTERS, on(3, 16, 8))


def test_who_was_asked_for_an_answer_the_same_day_is_not_reminded_in_the_same_breath() -> None:
    case = waiting(RequestDetails(items=("Bản vẽ",), answer_by=on(2, 13, 17)))
    (only,) = next_deadlines(case, rules(ASKED)).values()
    assert only.level is DeadlineLevel.BREACH


def test_unanswered_it_is_the_asking_office_that_is_told_and_nobody_is_late() -> None:
    case, told = told_at(waiting(), TOO_LATE)
    assert [alarm.to for alarm in case.alarms] == [Recipient.CITIZEN, Recipient.HOLDER]
    assert case.alarms[-1].office.startswith("LRO")
    assert (told[-1].type, told[-1].cause.fact) == (UPDATED, UNANSWERED)
    assert (case.state, current_escalation(case), case.apology) == ("supplement_requested", None, None)


def test_a_reminder_missed_in_a_downtime_is_on_record_as_overtaken() -> None:
    case, _ = told_at(waiting(), TOO_LATE)
    assert [alarm.overtaken for alarm in case.alarms] == [True, False]


def test_an_answer_ends_its_clock_and_a_second_request_has_another() -> None:
    first = waiting()
    answered = case_after(
        supplement.record_supplement(first, on(2, 23), cause(dossier.SUPPLEMENTED), rules(on(2, 23)))
    )
    _, over = deadline_changes(first, answered, rules(on(2, 23)))
    (of_first,) = next_deadlines(first, rules(ASKED))
    assert of_first in over
    assert told_at(answered, on(2, 24, 8))[1] == ()
    again = papers(basis="NĐ 118/2025", approved_by="LRO.001/head")
    second = case_after(act_by_office(answered, OfficeRequest.SUPPLEMENT, on(2, 24), wants=again))
    (of_second,) = next_deadlines(second, rules(on(2, 24)))
    assert of_second != of_first
