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
    Mutant("cut-off a second early", "counting", "second <= _latest(", "second < _latest("),
    Mutant("cut-off a second late", "counting", "second <= _latest(", "second - 1 <= _latest("),
    Mutant(
        "cut-off counts after the closing",
        "counting",
        "return min(closing, cutoff",
        "return max(closing, cutoff",
    ),
    Mutant(
        "tasks have a cut-off",
        "counting",
        "return _zero(calendar, at, None)",
        "return _zero(calendar, at, calendar.cutoff)",
    ),
    Mutant(
        "the day of the answer counts",
        "pause",
        "terms.calendar.working_days(stretch.zero, asked_at.date())",
        "terms.calendar.working_days(stretch.zero, asked_at.date()) - 1",
    ),
    Mutant(
        "the day of asking does not count",
        "pause",
        "(asked_at.date() - stretch.zero).days",
        "(asked_at.date() - stretch.zero).days - 1",
    ),
    Mutant(
        "a pause at the due date still counts",
        "pause",
        "asked_at >= stretch.due_at",
        "asked_at > stretch.due_at",
    ),
    Mutant("a pause eats the extension twice", "pause", "extension -= max(0,", "extension -= 2 * max(0,"),
    Mutant(
        "an answer's own day 0 is forgotten",
        "course",
        "begin(self.terms, act.at, pause.left)",
        "begin(self.terms, pause.opened.at, pause.left)",
    ),
    Mutant(
        "Saturday is worked",
        "publications",
        "if weekday in self.weekdays else ()",
        "if weekday in self.weekdays or weekday == 5 else ()",
    ),
    Mutant(
        "a make-up day has the weekday's sessions",
        "calendar",
        "self._hours.normal if line.kind",
        "(self._hours.week[(at - 1) % 7] or self._hours.normal) if line.kind",
    ),
    Mutant(
        "the calendar known at acceptance, not now", "reckon", "past.ended_at or now)", "ledger.accepted_at)"
    ),
    Mutant("an ended clock sees today's calendar", "reckon", "past.ended_at or now)", "now)"),
    Mutant(
        "the promise follows the calendar",
        "reckon",
        "_terms(ledger, past, ledger.accepted_at)",
        "_terms(ledger, past, now)",
    ),
    Mutant(
        "published a second late",
        "publications",
        "bisect_right(self._instants, at)",
        '__import__("bisect").bisect_left(self._instants, at)',
    ),
    Mutant(
        "the earlier publication wins", "calendar", "return known.published > line.published", "return True"
    ),
    Mutant(
        "calendar days do not roll",
        "counting",
        "calendar.first_working(zero + timedelta(days=days))",
        "calendar.nth_last(zero + timedelta(days=days), 1)",
    ),
    Mutant(
        "hours rounded to whole ones", "stretch", "round(limit.amount * 3600)", "round(limit.amount) * 3600"
    ),
    Mutant(
        "fractions of a second kept as one more",
        "jsonl.instants",
        "local, offset = text[:19], text[-6:]",
        "local, offset = text[:18] + '9' if '.' in text else text[:19], text[-6:]",
    ),
    Mutant(
        "a half day is a whole one",
        "counting",
        "calendar.sessions(day)[0][1]",
        "calendar.sessions(day)[-1][1]",
    ),
    Mutant(
        "an extension at the due date counts",
        "course",
        "elif act.at < current.due_at:",
        "elif act.at <= current.due_at:",
    ),
    Mutant("a second extension counts", "course", "and not self._extended:", "and True:"),
    Mutant(
        "an extension day before the limit",
        "stretch",
        "calendar.nth_after(due_at.date(), days)",
        "calendar.nth_after(due_at.date(), days - 1)",
    ),
    Mutant("the cap is ignored", "stretch", "if terms.cap_at is not None:", "if False:"),
    Mutant("breach at the due date itself", "lateness", "return due_at + ONE_SECOND", "return due_at"),
    Mutant(
        "the city hears a day later",
        "lateness",
        "calendar.nth_after(due_at.date(), 1)",
        "calendar.nth_after(due_at.date(), 2)",
    ),
    Mutant("on time counts as late", "lateness", "ended_at <= due_at", "ended_at < due_at"),
    Mutant(
        "late days count the due date",
        "lateness",
        "calendar.working_days(due_at.date(), ended_at.date())",
        "calendar.working_days(due_at.date(), ended_at.date()) + 1",
    ),
    Mutant(
        "a quarter rounded up",
        "warnings",
        "counted * warn.percent_left // 100",
        "-(-counted * warn.percent_left // 100)",
    ),
    Mutant("a quarter of one day warns too", "warnings", "share > warn.days_left", "share"),
    Mutant(
        "the last day's warning a day early",
        "warnings",
        "_opening(calendar, due_on, warn.days_left)",
        "_opening(calendar, due_on, warn.days_left + 1)",
    ),
    Mutant(
        "a warning before the answer stays there",
        "warnings",
        "min(max(at, begins), due_at)",
        "min(at, due_at)",
    ),
    Mutant(
        "two hours before a break are told before it",
        "session_time",
        "_end_of(calendar, before + 1) - ONE_SECOND",
        "_end_of(calendar, before)",
    ),
    Mutant(
        "a month's end overflows into the next",
        "paper",
        "min(day.day, monthrange(year, month + 1)[1])",
        "min(day.day, 28)",
    ),
    Mutant(
        "ended in a pause: at the stop",
        "history",
        "return open_.at if open_ else acts[-1].at",
        "return acts[-1].at",
    ),
    Mutant(
        "one supplement makes the flag", "history", "for act in self.acts) > 1", "for act in self.acts) > 0"
    ),
    Mutant(
        "an explanation leaves a date out", "page", "self.next = to + ONE_DAY", "self.next = to + 2 * ONE_DAY"
    ),
    Mutant(
        "an explanation counts the weekend",
        "page",
        "self.write(run.last, 0, say.off(run.name))",
        "self.write(run.last, 1, say.off(run.name))",
    ),
    Mutant("a window's margin is ignored", "window", "window.closes_on + margin", "window.closes_on"),
    Mutant(
        "filing on the day after the last", "window", "timedelta(days=on_time - 1)", "timedelta(days=on_time)"
    ),
    Mutant("events in the order of the list", "history", "key=lambda one: one[1].at", "key=lambda one: 0"),
    Mutant(
        "hours end when the next second begins",
        "session_time",
        "if left <= ends - begins:",
        "if left < ends - begins:",
    ),
    Mutant(
        "an amended calendar keeps its old hours",
        "calendar",
        "lengths[bisect_left(self._days, at)] = normal",
        "pass",
    ),
)
