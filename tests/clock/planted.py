"""The faults planted in the clock by `tests.clock.mutants`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """A fault: in which module of the clock, which words become which."""

    fault: str
    module: str
    words: str
    become: str

    @property
    def name(self) -> str:
        """The module's full name."""
        return f"shared.worktime.{self.module}"


MUTANTS = (
    Mutant("cut-off a second early", "calendar.counting", "second <= _latest(", "second < _latest("),
    Mutant("cut-off a second late", "calendar.counting", "second <= _latest(", "second - 1 <= _latest("),
    Mutant(
        "cut-off counts after the closing",
        "calendar.counting",
        "return min(closing, cutoff",
        "return max(closing, cutoff",
    ),
    Mutant(
        "tasks have a cut-off",
        "calendar.counting",
        "return _day_zero(calendar, at, None)",
        "return _day_zero(calendar, at, calendar.cutoff)",
    ),
    Mutant(
        "the day of the answer counts",
        "course.pause",
        "rule.calendar.working_days(period.day_zero, asked_at.date())",
        "rule.calendar.working_days(period.day_zero, asked_at.date()) - 1",
    ),
    Mutant(
        "the day of asking does not count",
        "course.pause",
        "(asked_at.date() - period.day_zero).days",
        "(asked_at.date() - period.day_zero).days - 1",
    ),
    Mutant(
        "a pause at the due date still counts",
        "course.pause",
        "asked_at >= period.due_at",
        "asked_at > period.due_at",
    ),
    Mutant(
        "a pause eats the extension twice", "course.pause", "extension -= max(0,", "extension -= 2 * max(0,"
    ),
    Mutant(
        "an answer's own day 0 is forgotten",
        "course.course",
        "start_period(self.rule, event.at, pause.remaining)",
        "start_period(self.rule, pause.opening.at, pause.remaining)",
    ),
    Mutant(
        "Saturday is worked",
        "calendar.publications",
        "if weekday in self.weekdays else ()",
        "if weekday in self.weekdays or weekday == 5 else ()",
    ),
    Mutant(
        "a make-up day has the weekday's sessions",
        "calendar.calendar",
        "self._hours.normal if line.kind",
        "(self._hours.week[(at - 1) % 7] or self._hours.normal) if line.kind",
    ),
    Mutant(
        "the calendar known at acceptance, not now",
        "clock.read_clock",
        "past.ended_at or now)",
        "ledger.accepted_at)",
    ),
    Mutant("an ended clock sees today's calendar", "clock.read_clock", "past.ended_at or now)", "now)"),
    Mutant(
        "the promise follows the calendar",
        "clock.read_clock",
        "_counting_rule(ledger, past, ledger.accepted_at)",
        "_counting_rule(ledger, past, now)",
    ),
    Mutant(
        "published a second late",
        "calendar.publications",
        "bisect_right(self._instants, at)",
        '__import__("bisect").bisect_left(self._instants, at)',
    ),
    Mutant(
        "the earlier publication wins",
        "calendar.calendar",
        "return existing.published > line.published",
        "return True",
    ),
    Mutant(
        "calendar days do not roll",
        "calendar.counting",
        "calendar.first_working(day_zero + timedelta(days=days))",
        "calendar.nth_last(day_zero + timedelta(days=days), 1)",
    ),
    Mutant(
        "hours rounded to whole ones",
        "course.running_period",
        "round(limit.amount * 3600)",
        "round(limit.amount) * 3600",
    ),
    Mutant(
        "fractions of a second kept as one more",
        "jsonl.instants",
        "local, offset = text[:19], text[-6:]",
        "local, offset = text[:18] + '9' if '.' in text else text[:19], text[-6:]",
    ),
    Mutant(
        "a half day is a whole one",
        "calendar.counting",
        "calendar.sessions(day)[0][1]",
        "calendar.sessions(day)[-1][1]",
    ),
    Mutant(
        "an extension at the due date counts",
        "course.course",
        "elif event.at < current.due_at:",
        "elif event.at <= current.due_at:",
    ),
    Mutant("a second extension counts", "course.course", "and not self._extended:", "and True:"),
    Mutant(
        "an extension day before the limit",
        "course.running_period",
        "calendar.nth_after(due_at.date(), days)",
        "calendar.nth_after(due_at.date(), days - 1)",
    ),
    Mutant("the cap is ignored", "course.running_period", "if rule.cap_at is not None:", "if False:"),
    Mutant("breach at the due date itself", "clock.lateness", "return due_at + ONE_SECOND", "return due_at"),
    Mutant(
        "the city hears a day later",
        "clock.lateness",
        "calendar.nth_after(due_at.date(), 1)",
        "calendar.nth_after(due_at.date(), 2)",
    ),
    Mutant("on time counts as late", "clock.lateness", "ended_at <= due_at", "ended_at < due_at"),
    Mutant(
        "late days count the due date",
        "clock.lateness",
        "calendar.working_days(due_at.date(), ended_at.date())",
        "calendar.working_days(due_at.date(), ended_at.date()) + 1",
    ),
    Mutant(
        "a quarter rounded up",
        "clock.warnings",
        "working_days * thresholds.percent_left // 100",
        "-(-working_days * thresholds.percent_left // 100)",
    ),
    Mutant("a quarter of one day warns too", "clock.warnings", "share > thresholds.days_left", "share"),
    Mutant(
        "the last day's warning a day early",
        "clock.warnings",
        "_opening(calendar, due_on, thresholds.days_left)",
        "_opening(calendar, due_on, thresholds.days_left + 1)",
    ),
    Mutant(
        "a warning before the answer stays there",
        "clock.warnings",
        "min(max(at, begins), due_at)",
        "min(at, due_at)",
    ),
    Mutant(
        "two hours before a break are told before it",
        "calendar.session_time",
        "_end_of(calendar, seconds_before + 1) - ONE_SECOND",
        "_end_of(calendar, seconds_before)",
    ),
    Mutant(
        "a month's end overflows into the next",
        "clock.paper",
        "min(day.day, monthrange(year, month + 1)[1])",
        "min(day.day, 28)",
    ),
    Mutant(
        "ended in a pause: at the stop",
        "ledger.history",
        "return open_.at if open_ else acts[-1].at",
        "return acts[-1].at",
    ),
    Mutant(
        "one supplement makes the flag",
        "ledger.history",
        "for act in self.acts) > 1",
        "for act in self.acts) > 0",
    ),
    Mutant(
        "an explanation leaves a date out",
        "explanation.explanation_builder",
        "self.next = to + ONE_DAY",
        "self.next = to + 2 * ONE_DAY",
    ),
    Mutant(
        "an explanation counts the weekend",
        "explanation.explanation_builder",
        "self.add_line(run.last, 0, sentences.sentence_days_off(run.name))",
        "self.add_line(run.last, 1, sentences.sentence_days_off(run.name))",
    ),
    Mutant("a window's margin is ignored", "clock.window", "window.closes_on + margin", "window.closes_on"),
    Mutant(
        "filing on the day after the last",
        "clock.window",
        "timedelta(days=days_on_time - 1)",
        "timedelta(days=days_on_time)",
    ),
    Mutant(
        "events in the order of the list",
        "ledger.history",
        "key=lambda numbered: numbered[1].at",
        "key=lambda numbered: 0",
    ),
    Mutant(
        "hours end when the next second begins",
        "calendar.session_time",
        "if remaining <= closes - opens:",
        "if remaining < closes - opens:",
    ),
    Mutant(
        "an amended calendar keeps its old hours",
        "calendar.calendar",
        "lengths[bisect_left(self._days, ordinal)] = normal",
        "pass",
    ),
)
