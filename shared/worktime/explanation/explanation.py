"""The explanation of a due date: every day from acceptance on once, with its count and a sentence.

One engine for the citizen's page, the desk, the board, the trace and the API.
"""

from datetime import date, datetime, time

from shared.counted_days import CountedDays
from shared.words import BilingualText
from shared.worktime.calendar.calendar import ONE_DAY, time_from_seconds
from shared.worktime.calendar.counting import date_and_second
from shared.worktime.calendar.limits import Limit, Unit
from shared.worktime.calendar.session_time import MIDNIGHT, overlap_seconds
from shared.worktime.course.course import ClockCourse, Pause
from shared.worktime.course.running_period import CountingRule, RunningPeriod
from shared.worktime.explanation import sentences
from shared.worktime.explanation.explanation_builder import ExplanationBuilder
from shared.worktime.ledger.ledger import ClockEvent


def explain(
    course: ClockCourse, due_at: datetime | None, until: date, ended_at: datetime | None = None
) -> tuple[CountedDays, ...]:
    """The lines up to the due date, or up to today during a pause.

    The counts add up to the counted units, extension included. For an ended clock the lines go on to the
    due date that was in force at its end.
    """
    builder = ExplanationBuilder(course.rule.calendar, course.periods[0].begins.date(), until)
    answer: ClockEvent | None = None
    for period, period_pause in course.parts():
        pause = None if due_at and period_pause is course.open_pause else period_pause
        builder.last = min(until, pause.opening.at.date()) if pause else until
        _write_period(builder, course.rule, period, pause, answer)
        builder.last = until
        if pause:
            _write_pause(builder, pause)
            answer = pause.answer
    if due_at:
        builder.append_note(until, _due_note(course.rule, due_at))
    if ended_at:
        builder.append_note(until, sentences.note_ended(ended_at))
    return tuple(builder.lines)


def explain_paper(issued_on: date, valid_until: datetime, limit: Limit) -> tuple[CountedDays, ...]:
    """The lines of a paper: the day of issue, then its validity."""
    sentence = sentences.sentence_with_note(
        sentences.sentence_validity(limit), sentences.note_valid_until(valid_until)
    )
    return (
        CountedDays(issued_on, issued_on, 0, sentences.ISSUED.vi, sentences.ISSUED.en),
        CountedDays(issued_on + ONE_DAY, valid_until.date(), limit.whole, sentence.vi, sentence.en),
    )


def _write_period(
    builder: ExplanationBuilder,
    rule: CountingRule,
    period: RunningPeriod,
    pause: Pause | None,
    answer: ClockEvent | None,
) -> None:
    """Write a running period: its beginning, then the days of the limit and of an extension."""
    if period.by_seconds:
        ends = [period.limit_due, period.due_at, *([pause.opening.at] if pause else [])]
        _write_hours(builder, period, min(ends), answer)
    else:
        _write_begin(builder, rule, period, answer)
        _write_days(builder, rule, period, is_last=pause is None)
    builder.add_working_days(period.due_at.date(), sentences.sentence_extension)


def _write_pause(builder: ExplanationBuilder, pause: Pause) -> None:
    """Write a pause: a note on its first day, then the days of the pause."""
    opening, answer = pause.opening, pause.answer
    builder.append_note(opening.at.date(), sentences.note_clock_stopped(opening.fact, opening.at))
    builder.add_line(
        answer.at.date() - ONE_DAY if answer else builder.last, 0, sentences.sentence_pause(opening.fact)
    )


def _write_begin(
    builder: ExplanationBuilder, rule: CountingRule, period: RunningPeriod, answer: ClockEvent | None
) -> None:
    """Write the day of acceptance or of the answer, and the days up to day 0."""
    day = period.begins.date()
    if answer and builder.has_line(day):
        builder.append_note(day, sentences.note_clock_runs(answer.fact, answer.at))
    else:
        builder.add_line(
            day, 0, _answer_sentence(rule, period, answer) if answer else _acceptance_sentence(rule, period)
        )
    builder.add_working_days(period.day_zero - ONE_DAY, sentences.sentence_working_days)
    builder.add_line(period.day_zero, 0, _day_zero_sentence(rule, answer))


def _write_days(
    builder: ExplanationBuilder, rule: CountingRule, period: RunningPeriod, *, is_last: bool
) -> None:
    """Write the days after day 0 to the end of the limit; a same-day limit counts day 0 once."""
    last = period.limit_due.date()
    match rule.unit:
        case Unit.SAME_DAY if is_last:
            builder.add_count(period.day_zero, 1)
        case Unit.CALENDAR_DAY:
            builder.add_all_days(min(last, period.day_zero + ONE_DAY * int(period.remaining.limit)))
            builder.add_line(last, 0, sentences.ROLLED)
        case _ if period.remaining.limit % 1:
            builder.add_working_days(last - ONE_DAY, sentences.sentence_working_days)
            builder.add_line(last, 0.5, sentences.HALF_DAY)
        case _:
            builder.add_working_days(last, sentences.sentence_working_days)


def _write_hours(
    builder: ExplanationBuilder, period: RunningPeriod, end: datetime, answer: ClockEvent | None
) -> None:
    """Write session time: of the first day from its instant on, then day by day to the end."""
    (day, first_second), (last, last_second) = date_and_second(period.begins), date_and_second(end)
    parts = builder.calendar.sessions(day)
    seconds = overlap_seconds(parts, first_second, last_second if day == last else MIDNIGHT)
    if builder.has_line(day):
        builder.add_count(day, seconds / 3600)
    else:
        builder.add_line(
            day, seconds / 3600, sentences.sentence_first_hours(seconds) if parts else sentences.RECEIVED_OFF
        )
    if answer:
        builder.append_note(day, sentences.note_clock_runs(answer.fact, answer.at))
    builder.add_hours(last, last_second)


def _due_note(rule: CountingRule, due_at: datetime) -> BilingualText:
    return (
        sentences.note_task_due(due_at, by_cap=due_at == rule.cap_at)
        if rule.is_task
        else sentences.note_due(due_at)
    )


def _acceptance_sentence(rule: CountingRule, period: RunningPeriod) -> BilingualText:
    at, day = period.begins, period.begins.date()
    if day == period.day_zero:
        return (
            sentences.sentence_received_same_day(at)
            if rule.unit is Unit.SAME_DAY
            else sentences.sentence_received(at)
        )
    return (
        sentences.sentence_received_late(at, _latest_time(rule, day))
        if rule.calendar.is_working_day(day)
        else sentences.RECEIVED_OFF
    )


def _answer_sentence(rule: CountingRule, period: RunningPeriod, answer: ClockEvent) -> BilingualText:
    at, day = answer.at, answer.at.date()
    if day == period.day_zero:
        return sentences.sentence_answered(answer.fact, at)
    if rule.calendar.is_working_day(day):
        return sentences.sentence_answered_late(answer.fact, at, _latest_time(rule, day))
    return sentences.sentence_answered_day_off(answer.fact, at)


def _day_zero_sentence(rule: CountingRule, answer: ClockEvent | None) -> BilingualText:
    if rule.unit is Unit.SAME_DAY:
        return sentences.ZERO_SAME_DAY
    return sentences.ZERO_AGAIN if answer else sentences.ZERO


def _latest_time(rule: CountingRule, day: date) -> time:
    """The last second of a working day that still counts as that day."""
    closing = time_from_seconds(rule.calendar.sessions(day)[-1][1])
    cutoff = None if rule.is_task else rule.cutoff or rule.calendar.cutoff
    return min(closing, cutoff) if cutoff else closing
