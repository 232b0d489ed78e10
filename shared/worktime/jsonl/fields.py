"""A reader of an object's fields. An invalid field raises LedgerError with its path."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from shared.worktime.calendar.publications import DatedCalendar
from shared.worktime.errors import LedgerError, LedgerErrorCode
from shared.worktime.jsonl.instants import DATE, INSTANT, parse_date, parse_instant

EnumWord = TypeVar("EnumWord", bound=StrEnum)
Number = int | float


class FieldReader:
    """Reads the fields of one object. A null field counts as absent."""

    __slots__ = ("_path", "_raw")

    def __init__(self, raw: Mapping[str, Any], path: str = "") -> None:
        self._raw = raw
        self._path = path

    def reject(self, code: LedgerErrorCode, name: str, message: str) -> NoReturn:
        """Raise LedgerError for this field."""
        raise LedgerError(code, f"{self._path}{name}", message)

    def optional(self, name: str) -> Any:
        """The field's value; None if it is absent."""
        return self._raw.get(name)

    def required(self, name: str) -> Any:
        """The field's value. Raises LedgerError if it is absent."""
        value = self._raw.get(name)
        if value is None:
            self.reject(LedgerErrorCode.MISSING_FIELD, name, f"{name} is missing")
        return value

    def optional_text(self, name: str) -> str | None:
        """A text, or None."""
        value = self._raw.get(name)
        if value is not None and not isinstance(value, str):
            self.reject(LedgerErrorCode.BAD_FIELD, name, f"{name} is no text")
        return value

    def one_of(self, name: str, words: type[EnumWord]) -> EnumWord:
        """One of these words."""
        value = self.required(name)
        try:
            return words(value)
        except ValueError:
            self.reject(LedgerErrorCode.BAD_FIELD, name, f"{name} is none of {', '.join(words)}")

    def number(self, name: str, minimum: Number, maximum: Number, step: Number) -> Number:
        """A number within bounds that is a multiple of a step. Booleans are no numbers."""
        value = self.required(name)
        if type(value) not in {int, float} or not minimum <= value <= maximum or value % step:
            self.reject(
                LedgerErrorCode.BAD_FIELD, name, f"{name} is no number from {minimum} to {maximum} by {step}"
            )
        return value

    def child(self, name: str) -> "FieldReader":
        """A reader for a nested object."""
        value = self.required(name)
        if not isinstance(value, dict):
            self.reject(LedgerErrorCode.BAD_FIELD, name, f"{name} is no object")
        return FieldReader(value, f"{self._path}{name}.")

    def array(self, name: str) -> list[Any]:
        """A list. Raises LedgerError if it is absent or no list."""
        value = self.required(name)
        if not isinstance(value, list):
            self.reject(LedgerErrorCode.BAD_FIELD, name, f"{name} is no list")
        return value

    def optional_array(self, name: str) -> list[Any]:
        """A list; empty if it is absent. Raises LedgerError if it is no list."""
        if self.optional(name) is None:
            return []
        return self.array(name)

    def instant(self, name: str, calendar: DatedCalendar) -> datetime:
        """An instant on a covered date, in the city's time, with fractions of seconds cut off."""
        value = self.required(name)
        if not isinstance(value, str) or not INSTANT.fullmatch(value):
            self.reject(
                LedgerErrorCode.BAD_FIELD, name, f"{name} is no instant like 2026-03-06T15:00:00+07:00"
            )
        try:
            at = parse_instant(value)
        except ValueError:
            self.reject(LedgerErrorCode.BAD_FIELD, name, f"{name} is on a date that is in no calendar")
        except OverflowError:
            self.reject(LedgerErrorCode.OUTSIDE_CALENDAR, name, f"{name} is out of all years")
        self.require_covered(name, at.date(), calendar)
        return at

    def day(self, name: str, calendar: DatedCalendar) -> date:
        """A covered date."""
        return self.parse_day(name, self.required(name), calendar)

    def parse_day(self, name: str, value: Any, calendar: DatedCalendar) -> date:
        """The covered date in this text of a field."""
        day = parse_date(value) if isinstance(value, str) and DATE.fullmatch(value) else None
        if day is None:
            self.reject(LedgerErrorCode.BAD_FIELD, name, f"{name} is no date like 2026-03-06")
        self.require_covered(name, day, calendar)
        return day

    def require_covered(self, name: str, day: date, calendar: DatedCalendar) -> None:
        """Raise LedgerError for a date that the calendar does not cover."""
        if not calendar.covers(day):
            covered = f"{calendar.first} to {calendar.last}"
            self.reject(LedgerErrorCode.OUTSIDE_CALENDAR, name, f"calendar {calendar.name} covers {covered}")
