"""The fields of one object, each looked at once: there, well formed, or refused by its name."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from shared.worktime.calendar.publications import DatedCalendar
from shared.worktime.errors import LedgerError, LedgerErrorCode
from shared.worktime.jsonl.instants import DATE, INSTANT, parse_date, parse_instant

Word = TypeVar("Word", bound=StrEnum)
Number = int | float


class FieldReader:
    """An object and the path to it; null is the same as absent."""

    __slots__ = ("_path", "_raw")

    def __init__(self, raw: Mapping[str, Any], path: str = "") -> None:
        self._raw = raw
        self._path = path

    def reject(self, code: LedgerErrorCode, name: str, message: str) -> NoReturn:
        """Raise LedgerError for this field."""
        raise LedgerError(code, f"{self._path}{name}", message)

    def optional(self, name: str) -> Any:
        """Whatever stands there; None if nothing does."""
        return self._raw.get(name)

    def required(self, name: str) -> Any:
        """Whatever stands there."""
        found = self._raw.get(name)
        if found is None:
            self.reject(LedgerErrorCode.MISSING_FIELD, name, f"{name} is missing")
        return found

    def optional_text(self, name: str) -> str | None:
        """A text, if there is one."""
        found = self._raw.get(name)
        if found is not None and not isinstance(found, str):
            self.reject(LedgerErrorCode.BAD_FIELD, name, f"{name} is no text")
        return found

    def one_of(self, name: str, words: type[Word]) -> Word:
        """A word of a closed list."""
        found = self.required(name)
        try:
            return words(found)
        except ValueError:
            self.reject(LedgerErrorCode.BAD_FIELD, name, f"{name} is none of {', '.join(words)}")

    def number(self, name: str, least: Number, most: Number, step: Number) -> Number:
        """A number in bounds that is a multiple of a step; true and false are none."""
        found = self.required(name)
        if type(found) not in {int, float} or not least <= found <= most or found % step:
            self.reject(
                LedgerErrorCode.BAD_FIELD, name, f"{name} is no number from {least} to {most} by {step}"
            )
        return found

    def child(self, name: str) -> "FieldReader":
        """An object of its own."""
        found = self.required(name)
        if not isinstance(found, dict):
            self.reject(LedgerErrorCode.BAD_FIELD, name, f"{name} is no object")
        return FieldReader(found, f"{self._path}{name}.")

    def array(self, name: str) -> list[Any]:
        """A list."""
        found = self.required(name)
        if not isinstance(found, list):
            self.reject(LedgerErrorCode.BAD_FIELD, name, f"{name} is no list")
        return found

    def instant(self, name: str, calendar: DatedCalendar) -> datetime:
        """An instant on a date that the calendar covers, in the city's time, fractions cut off."""
        found = self.required(name)
        if not isinstance(found, str) or not INSTANT.fullmatch(found):
            self.reject(
                LedgerErrorCode.BAD_FIELD, name, f"{name} is no instant like 2026-03-06T15:00:00+07:00"
            )
        try:
            at = parse_instant(found)
        except ValueError:
            self.reject(LedgerErrorCode.BAD_FIELD, name, f"{name} is on a date that is in no calendar")
        except OverflowError:
            self.reject(LedgerErrorCode.OUTSIDE_CALENDAR, name, f"{name} is out of all years")
        self.require_covered(name, at.date(), calendar)
        return at

    def day(self, name: str, calendar: DatedCalendar) -> date:
        """A date that the calendar covers."""
        return self.parse_day(name, self.required(name), calendar)

    def parse_day(self, name: str, found: Any, calendar: DatedCalendar) -> date:
        """A date that stands in this field, and that the calendar covers."""
        day = parse_date(found) if isinstance(found, str) and DATE.fullmatch(found) else None
        if day is None:
            self.reject(LedgerErrorCode.BAD_FIELD, name, f"{name} is no date like 2026-03-06")
        self.require_covered(name, day, calendar)
        return day

    def require_covered(self, name: str, day: date, calendar: DatedCalendar) -> None:
        """Refuse a date that the calendar does not cover."""
        if not calendar.covers(day):
            covered = f"{calendar.first} to {calendar.last}"
            self.reject(LedgerErrorCode.OUTSIDE_CALENDAR, name, f"calendar {calendar.name} covers {covered}")
