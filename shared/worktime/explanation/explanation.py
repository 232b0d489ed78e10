"""Why a date is that date: every day from acceptance to the due date once, in words anyone can check.

One engine for the citizen's page, the desk, the board, the trace and the API.
"""

from datetime import date, datetime, time

from shared.words import BilingualText
from shared.worktime.calendar.calendar import ONE_DAY, time_from_seconds
from shared.worktime.calendar.counting import date_and_second
from shared.worktime.calendar.limits import Limit, Unit
from shared.worktime.calendar.session_time import MIDNIGHT, overlap_seconds
from shared.worktime.course.course import ClockCourse, Pause
from shared.worktime.course.running_period import CountingRule, RunningPeriod
from shared.worktime.explanation import sentences as say
from shared.worktime.explanation.explanation_builder import CountedDays, ExplanationBuilder
from shared.worktime.ledger.ledger import ClockEvent

__all__ = ["CountedDays", "explain", "explain_paper"]


def explain(
    course: ClockCourse, due_at: datetime | None, until: date, ended_at: datetime | None = None
) -> tuple[CountedDays, ...]:
    """The lines up to a date: the due date's, or today where a pause leaves none.

    Their counts add up to all that is counted of the unit, and of the working days of an extension. Of an
    ended clock they go on to the date that was in force at its end, whatever pause it ended in.
    """
    page = ExplanationBuilder(course.terms.calendar, course.stretches[0].begins.date(), until)
    answer: ClockEvent | None = None
    for stretch, opened in course.parts():
        pause = None if due_at and opened is course.open_pause else opened
        page.last = min(until, pause.opened.at.date()) if pause else until
        _write_stretch(page, course.terms, stretch, pause, answer)
        page.last = until
        if pause:
            _write_pause(page, pause)
            answer = pause.answered
    if due_at:
        page.append_note(until, _due(course.terms, due_at))
    if ended_at:
        page.append_note(until, say.note_ended(ended_at))
    return tuple(page.lines)


def explain_paper(issued_on: date, valid_until: datetime, limit: Limit) -> tuple[CountedDays, ...]:
    """The day of issue, then the whole validity."""
    why = say.sentence_with_note(say.sentence_validity(limit), say.note_valid_until(valid_until))
    return (
        CountedDays(issued_on, issued_on, 0, say.ISSUED.vi, say.ISSUED.en),
        CountedDays(issued_on + ONE_DAY, valid_until.date(), limit.whole, why.vi, why.en),
    )


def _write_stretch(
    page: ExplanationBuilder,
    terms: CountingRule,
    stretch: RunningPeriod,
    pause: Pause | None,
    answer: ClockEvent | None,
) -> None:
    """How it begins, what of the limit it counts, and what of an extension."""
    if stretch.by_seconds:
        ends = [stretch.limit_due, stretch.due_at, *([pause.opened.at] if pause else [])]
        _write_hours(page, stretch, min(ends), answer)
    else:
        _write_begin(page, terms, stretch, answer)
        _write_days(page, terms, stretch, is_last=pause is None)
    page.add_working_days(stretch.due_at.date(), say.sentence_extension)


def _write_pause(page: ExplanationBuilder, pause: Pause) -> None:
    """Who stopped the clock on its last day, and the days on which it stands."""
    opened, answered = pause.opened, pause.answered
    page.append_note(opened.at.date(), say.note_clock_stopped(opened.fact, opened.at))
    page.add_line(answered.at.date() - ONE_DAY if answered else page.last, 0, say.sentence_pause(opened.fact))


def _write_begin(
    page: ExplanationBuilder, terms: CountingRule, stretch: RunningPeriod, answer: ClockEvent | None
) -> None:
    """The day of acceptance, or of the answer, and what lies between it and day 0."""
    day = stretch.begins.date()
    if answer and page.has_line(day):
        page.append_note(day, say.note_clock_runs(answer.fact, answer.at))
    else:
        page.add_line(day, 0, _answered(terms, stretch, answer) if answer else _accepted(terms, stretch))
    page.add_working_days(stretch.zero - ONE_DAY, say.sentence_working_days)
    page.add_line(stretch.zero, 0, _zero(terms, answer))


def _write_days(
    page: ExplanationBuilder, terms: CountingRule, stretch: RunningPeriod, *, is_last: bool
) -> None:
    """Days after day 0 to the end of the limit; a same-day limit counts day 0 itself, once."""
    last = stretch.limit_due.date()
    match terms.unit:
        case Unit.SAME_DAY if is_last:
            page.add_count(stretch.zero, 1)
        case Unit.CALENDAR_DAY:
            page.add_all_days(min(last, stretch.zero + ONE_DAY * int(stretch.left.limit)))
            page.add_line(last, 0, say.ROLLED)
        case _ if stretch.left.limit % 1:
            page.add_working_days(last - ONE_DAY, say.sentence_working_days)
            page.add_line(last, 0.5, say.HALF_DAY)
        case _:
            page.add_working_days(last, say.sentence_working_days)


def _write_hours(
    page: ExplanationBuilder, stretch: RunningPeriod, end: datetime, answer: ClockEvent | None
) -> None:
    """Session time: of the first day from its instant on, then day by day to the end."""
    (day, begun), (last, ended) = date_and_second(stretch.begins), date_and_second(end)
    parts = page.calendar.sessions(day)
    seconds = overlap_seconds(parts, begun, ended if day == last else MIDNIGHT)
    if page.has_line(day):
        page.add_count(day, seconds / 3600)
    else:
        page.add_line(day, seconds / 3600, say.sentence_first_hours(seconds) if parts else say.RECEIVED_OFF)
    if answer:
        page.append_note(day, say.note_clock_runs(answer.fact, answer.at))
    page.add_hours(last, ended)


def _due(terms: CountingRule, due_at: datetime) -> BilingualText:
    return say.note_task_due(due_at, by_cap=due_at == terms.cap_at) if terms.is_task else say.note_due(due_at)


def _accepted(terms: CountingRule, stretch: RunningPeriod) -> BilingualText:
    at, day = stretch.begins, stretch.begins.date()
    if day == stretch.zero:
        return (
            say.sentence_received_same_day(at) if terms.unit is Unit.SAME_DAY else say.sentence_received(at)
        )
    return (
        say.sentence_received_late(at, _latest(terms, day))
        if terms.calendar.is_working_day(day)
        else say.RECEIVED_OFF
    )


def _answered(terms: CountingRule, stretch: RunningPeriod, answer: ClockEvent) -> BilingualText:
    at, day = answer.at, answer.at.date()
    if day == stretch.zero:
        return say.sentence_answered(answer.fact, at)
    if terms.calendar.is_working_day(day):
        return say.sentence_answered_late(answer.fact, at, _latest(terms, day))
    return say.sentence_answered_day_off(answer.fact, at)


def _zero(terms: CountingRule, answer: ClockEvent | None) -> BilingualText:
    if terms.unit is Unit.SAME_DAY:
        return say.ZERO_SAME_DAY
    return say.ZERO_AGAIN if answer else say.ZERO


def _latest(terms: CountingRule, day: date) -> time:
    """The last moment of a working day that is still that day."""
    closing = time_from_seconds(terms.calendar.sessions(day)[-1][1])
    cutoff = None if terms.is_task else terms.cutoff or terms.calendar.cutoff
    return min(closing, cutoff) if cutoff else closing
