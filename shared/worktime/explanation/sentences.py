"""The sentences of an explanation."""

from collections.abc import Mapping
from datetime import datetime, time
from functools import cache, lru_cache

from shared.words import BilingualText
from shared.words.formats import clock_time, clock_time_to_second, day_and_month, day_month_year
from shared.worktime.calendar.limits import Limit, Unit
from shared.worktime.ledger.ledger import ClockEventType
from shared.worktime.words import group, text

ISSUED = text("explanation.issued")
RECEIVED_OFF = text("explanation.received_on_day_off")
ZERO = text("explanation.day_zero")
ZERO_SAME_DAY = text("explanation.day_zero_same_day")
ZERO_AGAIN = text("explanation.day_zero_again")
ROLLED = text("explanation.rolled")
AFTER_HOURS = text("explanation.after_hours")
HALF_DAY = text("explanation.half_day")

_STOPS: Mapping[str, BilingualText] = group("clock_stops")
_PAUSES: Mapping[str, BilingualText] = group("clock_pauses")
_ANSWERS: Mapping[str, BilingualText] = group("clock_answers")


def sentence_received(at: datetime) -> BilingualText:
    """Accepted in time: the day of acceptance is day 0."""
    return text("explanation.received", at=clock_time(at))


def sentence_received_same_day(at: datetime) -> BilingualText:
    """Accepted in time, and due the same day."""
    return text("explanation.received_same_day", at=clock_time(at))


def sentence_received_late(at: datetime, latest: time) -> BilingualText:
    """Accepted on a working day, after its last moment."""
    return text("explanation.received_late", at=_after(at, latest), latest=clock_time(latest))


def sentence_answered(fact: ClockEventType, at: datetime) -> BilingualText:
    """The answer came in time: its day is the new day 0."""
    return text("explanation.answered", answer=_ANSWERS[fact], at=clock_time(at))


def sentence_answered_late(fact: ClockEventType, at: datetime, latest: time) -> BilingualText:
    """The answer came on a working day, after its last moment."""
    return text(
        "explanation.answered_late",
        answer=_ANSWERS[fact],
        at=_after(at, latest),
        latest=clock_time(latest),
    )


def sentence_answered_day_off(fact: ClockEventType, at: datetime) -> BilingualText:
    """The answer came on a day off."""
    return text("explanation.answered_on_day_off", answer=_ANSWERS[fact], at=clock_time(at))


def note_clock_runs(fact: ClockEventType, at: datetime) -> BilingualText:
    """A note that the clock runs again, on a day that has a line already or where hours count."""
    return text("explanation.clock_runs", answer=_inside_a_line(_ANSWERS[fact]), at=clock_time(at))


def note_clock_stopped(fact: ClockEventType, at: datetime) -> BilingualText:
    """A note that the clock was stopped, when and why."""
    return text("explanation.clock_stopped", stop=_STOPS[fact], at=clock_time(at))


def sentence_pause(fact: ClockEventType) -> BilingualText:
    """Dates of a pause."""
    return _PAUSES[fact]


@cache
def sentence_days_off(name: BilingualText) -> BilingualText:
    """Days off."""
    return text("explanation.days_off", name=name)


@cache
def sentence_working_days(days: int, name: BilingualText) -> BilingualText:
    """Working days that count."""
    working_days = text("explanation.working_days", count=days)
    if not name.vi:
        return working_days
    return text("explanation.named_days", working_days=working_days, name=name)


@cache
def sentence_extension(days: int, name: BilingualText) -> BilingualText:
    """Working days of an extension."""
    return text("explanation.extension", working_days=sentence_working_days(days, name))


@cache
def sentence_all_days(days: int) -> BilingualText:
    """Days that count whether worked or not."""
    return text("explanation.all_days", count=days)


@lru_cache(maxsize=1024)
def sentence_hours(seconds: int) -> BilingualText:
    """Session time that counts."""
    return text("explanation.working_hours", count=seconds / 3600)


def sentence_first_hours(seconds: int) -> BilingualText:
    """Session time of the day of acceptance."""
    return sentence_hours(seconds) if seconds else AFTER_HOURS


def note_due(at: datetime) -> BilingualText:
    """A note that this is the due date."""
    return text("explanation.due", at=clock_time(at), day=day_and_month(at.date()))


def note_task_due(at: datetime, *, by_cap: bool) -> BilingualText:
    """A note that this is a task's due date, by its budget or by its dossier's due date."""
    time_of_day, day = clock_time(at), day_and_month(at.date())
    if by_cap:
        return text("explanation.task_due_with_dossier", at=time_of_day, day=day)
    return text("explanation.task_due", at=time_of_day, day=day)


def note_ended(at: datetime) -> BilingualText:
    """A note that the clock ended, and when."""
    return text("explanation.ended", at=clock_time(at), day=day_and_month(at.date()))


def sentence_validity(limit: Limit) -> BilingualText:
    """The validity of a paper."""
    if limit.unit is Unit.CALENDAR_MONTH:
        return text("explanation.valid_months", count=limit.whole)
    return text("explanation.valid_days", count=limit.whole)


def note_valid_until(at: datetime) -> BilingualText:
    """A note that this is a paper's last valid day."""
    return text("explanation.valid_until", day=day_month_year(at.date()))


def sentence_with_note(sentence: BilingualText, note: BilingualText) -> BilingualText:
    """A sentence with a note about the same day."""
    return BilingualText(f"{sentence.vi}; {note.vi}", f"{sentence.en}; {note.en}")


def _after(at: datetime, latest: time) -> str:
    """A time of day for display, with seconds if it is in the same minute as `latest`."""
    same_minute = (at.hour, at.minute) == (latest.hour, latest.minute)
    return clock_time_to_second(at) if same_minute else clock_time(at)


def _inside_a_line(words: BilingualText) -> BilingualText:
    return BilingualText(words.vi[0].lower() + words.vi[1:], words.en[0].lower() + words.en[1:])
