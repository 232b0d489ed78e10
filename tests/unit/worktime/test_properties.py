"""What must hold of every date we could ever promise."""

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from shared.worktime import (
    Calendar,
    Limit,
    OutsideCalendarError,
    Unit,
    promise_due,
    task_due,
    working_days_between,
)
from tests.builders.catalogue import at, catalogue, hn

START, END = at("2025-01-01 00:00"), at("2027-06-30 23:59:59")

instants = st.integers(0, int((END - START).total_seconds())).map(lambda s: START + timedelta(seconds=s))
limits = st.one_of(
    st.builds(Limit, st.just(Unit.WORKING_DAY), st.integers(1, 60)),
    st.builds(Limit, st.just(Unit.CALENDAR_DAY), st.integers(1, 90)),
    st.builds(Limit, st.just(Unit.WORKING_HOUR), st.integers(1, 160).map(lambda quarters: quarters / 4)),
    st.just(Limit(Unit.SAME_DAY, 1)),
)
calendars = st.sampled_from(["hn", "hn-1300", "hn-ward", "inv-kimchung"]).map(
    lambda name: catalogue().calendar(name, at("2026-06-01 08:00"))
)


@given(instants, instants, limits, calendars)
def test_accepting_later_is_never_due_earlier(
    one: datetime, other: datetime, limit: Limit, calendar: Calendar
):
    earlier, later = sorted((one, other))
    assert promise_due(calendar, limit, earlier).due_at <= promise_due(calendar, limit, later).due_at


@given(instants, limits, calendars)
def test_the_explanation_covers_every_date_once_and_adds_up(
    accepted: datetime, limit: Limit, calendar: Calendar
):
    told = promise_due(calendar, limit, accepted)
    lines = told.explanation
    assert lines[0].from_ == accepted.date()
    assert lines[-1].to == told.due_at.date()
    for before, after in pairwise(lines):
        assert after.from_ == before.to + timedelta(days=1)
    assert all(line.from_ <= line.to and line.why_vi and line.why_en for line in lines)
    assert abs(sum(line.counts for line in lines) - limit.amount) < 0.001


@given(instants, limits, calendars)
def test_a_date_is_in_working_time_and_not_in_the_past(accepted: datetime, limit: Limit, calendar: Calendar):
    told = promise_due(calendar, limit, accepted)
    assert told.due_at >= accepted
    assert calendar.is_working_day(told.due_at.date())
    assert calendar.opening(told.due_at.date()) < told.due_at <= calendar.closing(told.due_at.date())


@given(instants, limits, calendars, instants)
def test_a_task_is_never_due_after_its_dossier(
    given_at: datetime, limit: Limit, calendar: Calendar, cap: datetime
):
    assert task_due(calendar, limit, given_at, cap) <= cap


@given(instants, instants)
def test_working_days_between_is_what_one_would_count_on_the_wall(one: datetime, other: datetime):
    first, last = sorted((one.date(), other.date()))
    calendar = hn()
    wall = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    assert working_days_between(calendar, first, last) == sum(map(calendar.is_working_day, wall))
    assert working_days_between(calendar, last, first) == -working_days_between(calendar, first, last)


def test_nothing_is_guessed_beyond_the_years_a_calendar_covers():
    try:
        promise_due(hn(), Limit(Unit.WORKING_DAY, 1000), at("2026-06-01 08:00"))
    except OutsideCalendarError as outside:
        assert outside.calendar == "hn"
    else:
        raise AssertionError("a date outside the calendar was guessed")
