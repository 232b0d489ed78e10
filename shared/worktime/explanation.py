"""Why a date is that date: every day from acceptance to the due date once, in words anyone can check.

One engine for the citizen's page, the desk, the board, the trace and the API.
"""

from datetime import date, datetime, time

from shared.worktime import sentences as say
from shared.worktime.calendar import ONE_DAY, time_of
from shared.worktime.counting import split
from shared.worktime.course import Course, Pause
from shared.worktime.ledger import Event
from shared.worktime.limits import Limit, Unit
from shared.worktime.page import Line, Page
from shared.worktime.session_time import MIDNIGHT, within
from shared.worktime.stretch import Stretch, Terms

__all__ = ["Line", "explain", "explain_paper"]


def explain(
    course: Course, due_at: datetime | None, until: date, ended_at: datetime | None = None
) -> tuple[Line, ...]:
    """The lines up to a date: the due date's, or today where a pause leaves none.

    Their counts add up to all that is counted of the unit, and of the working days of an extension. Of an
    ended clock they go on to the date that was in force at its end, whatever pause it ended in.
    """
    page = Page(course.terms.calendar, course.stretches[0].begins.date(), until)
    answer: Event | None = None
    for stretch, opened in course.parts():
        pause = None if due_at and opened is course.open_pause else opened
        page.last = min(until, pause.opened.at.date()) if pause else until
        _write_stretch(page, course.terms, stretch, pause, answer)
        page.last = until
        if pause:
            _write_pause(page, pause)
            answer = pause.answered
    if due_at:
        page.note(until, _due(course.terms, due_at))
    if ended_at:
        page.note(until, say.ended(ended_at))
    return tuple(page.lines)


def explain_paper(issued_on: date, valid_until: datetime, limit: Limit) -> tuple[Line, ...]:
    """The day of issue, then the whole validity."""
    (vi, en), (until_vi, until_en) = say.validity(limit), say.valid_until(valid_until)
    return (
        Line(issued_on, issued_on, 0, *say.ISSUED),
        Line(issued_on + ONE_DAY, valid_until.date(), limit.whole, f"{vi}; {until_vi}", f"{en}; {until_en}"),
    )


def _write_stretch(
    page: Page, terms: Terms, stretch: Stretch, pause: Pause | None, answer: Event | None
) -> None:
    """How it begins, what of the limit it counts, and what of an extension."""
    if stretch.by_seconds:
        ends = [stretch.limit_due, stretch.due_at, *([pause.opened.at] if pause else [])]
        _write_hours(page, stretch, min(ends), answer)
    else:
        _write_begin(page, terms, stretch, answer)
        _write_days(page, terms, stretch, is_last=pause is None)
    page.write_days(stretch.due_at.date(), say.extension_days)


def _write_pause(page: Page, pause: Pause) -> None:
    """Who stopped the clock on its last day, and the days on which it stands."""
    opened, answered = pause.opened, pause.answered
    page.note(opened.at.date(), say.asked(opened.fact, opened.at))
    page.write(answered.at.date() - ONE_DAY if answered else page.last, 0, say.waiting(opened.fact))


def _write_begin(page: Page, terms: Terms, stretch: Stretch, answer: Event | None) -> None:
    """The day of acceptance, or of the answer, and what lies between it and day 0."""
    day = stretch.begins.date()
    if answer and page.has(day):
        page.note(day, say.going_on(answer.fact, answer.at))
    else:
        page.write(day, 0, _answered(terms, stretch, answer) if answer else _accepted(terms, stretch))
    page.write_days(stretch.zero - ONE_DAY, say.working_days)
    page.write(stretch.zero, 0, _zero(terms, answer))


def _write_days(page: Page, terms: Terms, stretch: Stretch, *, is_last: bool) -> None:
    """Days after day 0 to the end of the limit; a same-day limit counts day 0 itself, once."""
    last = stretch.limit_due.date()
    match terms.unit:
        case Unit.SAME_DAY if is_last:
            page.count_more(stretch.zero, 1)
        case Unit.CALENDAR_DAY:
            page.write_every_day(min(last, stretch.zero + ONE_DAY * int(stretch.left.limit)))
            page.write(last, 0, say.ROLLED)
        case _ if stretch.left.limit % 1:
            page.write_days(last - ONE_DAY, say.working_days)
            page.write(last, 0.5, say.HALF_DAY)
        case _:
            page.write_days(last, say.working_days)


def _write_hours(page: Page, stretch: Stretch, end: datetime, answer: Event | None) -> None:
    """Session time: of the first day from its instant on, then day by day to the end."""
    (day, begun), (last, ended) = split(stretch.begins), split(end)
    parts = page.calendar.sessions(day)
    seconds = within(parts, begun, ended if day == last else MIDNIGHT)
    if page.has(day):
        page.count_more(day, seconds / 3600)
    else:
        page.write(day, seconds / 3600, say.first_hours(seconds) if parts else say.RECEIVED_OFF)
    if answer:
        page.note(day, say.going_on(answer.fact, answer.at))
    page.write_hours(last, ended)


def _due(terms: Terms, due_at: datetime) -> say.Sentence:
    return say.task_due(due_at, by_cap=due_at == terms.cap_at) if terms.is_task else say.due(due_at)


def _accepted(terms: Terms, stretch: Stretch) -> say.Sentence:
    at, day = stretch.begins, stretch.begins.date()
    if day == stretch.zero:
        return say.received_same_day(at) if terms.unit is Unit.SAME_DAY else say.received(at)
    return say.received_late(at, _latest(terms, day)) if terms.calendar.works(day) else say.RECEIVED_OFF


def _answered(terms: Terms, stretch: Stretch, answer: Event) -> say.Sentence:
    at, day = answer.at, answer.at.date()
    if day == stretch.zero:
        return say.answered(answer.fact, at)
    if terms.calendar.works(day):
        return say.answered_late(answer.fact, at, _latest(terms, day))
    return say.answered_off(answer.fact, at)


def _zero(terms: Terms, answer: Event | None) -> say.Sentence:
    if terms.unit is Unit.SAME_DAY:
        return say.ZERO_SAME_DAY
    return say.ZERO_AGAIN if answer else say.ZERO


def _latest(terms: Terms, day: date) -> time:
    """The last moment of a working day that is still that day."""
    closing = time_of(terms.calendar.sessions(day)[-1][1])
    cutoff = None if terms.is_task else terms.cutoff or terms.calendar.cutoff
    return min(closing, cutoff) if cutoff else closing
