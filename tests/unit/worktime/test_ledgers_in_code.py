"""The clock as the services call it: values in, values out, whatever offset the instants came in."""

from dataclasses import replace
from datetime import UTC, time, timedelta

import pytest

from shared.worktime import (
    ClockEvent,
    ClockEventType,
    ClockKind,
    Ledger,
    LedgerError,
    Limit,
    Unit,
    WarningThresholds,
    promise_due,
    read_clock,
)
from tests.builders.catalogue import at, catalogue, hn

LEDGER = Ledger(
    kind=ClockKind.DOSSIER,
    calendar=catalogue().dated_calendar("hn"),
    limit=Limit(Unit.WORKING_DAY, 8),
    accepted_at=at("2026-02-12 00:30"),
    events=(
        ClockEvent(ClockEventType.SUPPLEMENT_REQUESTED, at("2026-02-13 14:00")),
        ClockEvent(ClockEventType.SUPPLEMENTED, at("2026-02-23 15:00")),
    ),
)
NOW = at("2026-02-24 10:00")


def test_instants_read_from_a_database_in_utc_and_with_fractions_count_the_same():
    half = timedelta(microseconds=500_000)
    events = tuple(replace(one, at=(one.at + half).astimezone(UTC)) for one in LEDGER.events)
    same = replace(LEDGER, accepted_at=LEDGER.accepted_at.astimezone(UTC) + half, events=events)
    assert read_clock(same, NOW.astimezone(UTC) + half) == read_clock(LEDGER, NOW)


def test_a_ledger_without_events_is_due_as_promised_with_the_same_lines():
    fresh = replace(LEDGER, events=())
    told = promise_due(hn("2026-02-12 00:30"), fresh.limit, fresh.accepted_at)
    found = read_clock(fresh, NOW)
    assert (found.due_at, found.promised_due_at) == (told.due_at, told.due_at)
    assert found.explanation == told.explanation


def test_a_procedure_may_have_its_warnings_earlier_or_later():
    early = replace(LEDGER, events=(), thresholds=WarningThresholds(percent_left=50, days_left=2))
    assert [(one.level, one.at) for one in read_clock(early, NOW).warnings_at] == [
        ("three_quarters", at("2026-02-26 08:00")),
        ("one_day", at("2026-03-02 08:00")),
    ]
    hours = Limit(Unit.WORKING_HOUR, 6)
    fresh = replace(LEDGER, events=(), limit=hours, accepted_at=at("2026-03-09 08:00"))
    assert [one.at for one in read_clock(fresh, at("2026-03-09 08:00")).warnings_at] == [
        at("2026-03-09 13:30")
    ]
    late = replace(fresh, thresholds=WarningThresholds(hours_left=0.5))
    assert [one.at for one in read_clock(late, at("2026-03-09 08:00")).warnings_at] == [
        at("2026-03-09 15:00")
    ]


def test_a_share_that_comes_no_earlier_than_the_last_warning_is_not_said():
    close = replace(LEDGER, events=(), thresholds=WarningThresholds(percent_left=25, days_left=2))
    assert [one.level for one in read_clock(close, NOW).warnings_at] == ["one_day"]


def test_an_offices_own_cut_off_holds_for_its_answers_too():
    early = replace(LEDGER, cutoff=time(14, 59))
    assert read_clock(early, NOW).due_at == at("2026-03-05 17:00")
    assert read_clock(LEDGER, NOW).due_at == at("2026-03-04 17:00")


def test_what_cannot_have_happened_is_a_refusal_by_name():
    twice = replace(LEDGER, events=(*LEDGER.events, LEDGER.events[1]))
    with pytest.raises(LedgerError) as refused:
        read_clock(twice, NOW)
    assert (refused.value.code, refused.value.field) == ("event_order", "events[2]")
