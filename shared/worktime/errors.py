"""Errors of a ledger: a code of a closed list, the field, and a sentence."""

from enum import StrEnum


class LedgerErrorCode(StrEnum):
    """All codes, in the order in which a field is checked."""

    BAD_JSON = "bad_json"
    MISSING_FIELD = "missing_field"
    BAD_FIELD = "bad_field"
    UNKNOWN_CALENDAR = "unknown_calendar"
    OUTSIDE_CALENDAR = "outside_calendar"
    BEFORE_START = "before_start"
    CALENDAR_IN_PAST = "calendar_in_past"
    AFTER_NOW = "after_now"
    EVENT_ORDER = "event_order"


class LedgerError(Exception):
    """An invalid ledger. `field`: the path of the field (`events[2].at`), None for the whole."""

    def __init__(self, code: LedgerErrorCode, field: str | None, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.field = field
        self.message = message
