"""Builds the lines of an explanation: every date once, in order."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from shared.counted_days import CountedDays
from shared.words import BilingualText
from shared.worktime.calendar.calendar import ONE_DAY, Calendar, DayRun
from shared.worktime.calendar.session_time import MIDNIGHT, overlap_seconds
from shared.worktime.explanation import sentences


class ExplanationBuilder:
    """Builds lines. The next line begins at `next`; no line goes beyond `last`."""

    def __init__(self, calendar: Calendar, first: date, last: date) -> None:
        self.calendar = calendar
        self.lines: list[CountedDays] = []
        self.next = first
        self.last = last

    def has_line(self, day: date) -> bool:
        """Whether this day has a line already."""
        return day < self.next

    def add_line(self, to: date, counts: float, sentence: BilingualText) -> None:
        """Add one line for all dates up to this one that have none yet."""
        to = min(to, self.last)
        if to >= self.next:
            self.lines.append(CountedDays(self.next, to, counts, sentence.vi, sentence.en))
            self.next = to + ONE_DAY

    def add_working_days(self, to: date, sentence_for: Callable[[int, BilingualText], BilingualText]) -> None:
        """Add the dates up to this one: working days, which count, and days off."""
        for run in self._day_runs(to):
            if run.worked:
                self.add_line(run.last, run.days, sentence_for(run.days, run.name))
            else:
                self.add_line(run.last, 0, sentences.sentence_days_off(run.name))

    def add_all_days(self, to: date) -> None:
        """Add the dates up to this one; all of them count."""
        days = (min(to, self.last) - self.next).days + 1
        self.add_line(to, days, sentences.sentence_all_days(days))

    def add_hours(self, to: date, end_second: int) -> None:
        """Add the dates up to this one, where the count ends at that second of the last day."""
        for run in self._day_runs(to):
            if run.worked:
                seconds = self._seconds(run, end_second if run.last == to else MIDNIGHT)
                self.add_line(run.last, seconds / 3600, sentences.sentence_hours(seconds))
            else:
                self.add_line(run.last, 0, sentences.sentence_days_off(run.name))

    def append_note(self, day: date, note: BilingualText) -> None:
        """Append a note to the last line, if its last day is this one."""
        if self.next == day + ONE_DAY:
            line = self.lines[-1]
            with_note = sentences.sentence_with_note(BilingualText(line.why_vi, line.why_en), note)
            self.lines[-1] = replace(line, why_vi=with_note.vi, why_en=with_note.en)

    def add_count(self, day: date, counts: float) -> None:
        """Add to the count of the last line, if its last day is this one."""
        if self.next == day + ONE_DAY:
            line = self.lines[-1]
            self.lines[-1] = replace(line, counts=line.counts + counts)

    def _day_runs(self, to: date) -> Iterator[DayRun]:
        return self.calendar.day_runs(self.next, min(to, self.last))

    def _seconds(self, run: DayRun, end_second: int) -> int:
        """Seconds of sessions on these dates, on the last one up to this second."""
        seconds_before_last = self.calendar.seconds_before(run.last) - self.calendar.seconds_before(run.first)
        return seconds_before_last + overlap_seconds(self.calendar.sessions(run.last), 0, end_second)
