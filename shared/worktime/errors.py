"""Why a ledger is not reckoned: a code from a closed list, the field it is about, a sentence."""

from enum import StrEnum


class LedgerErrorCode(StrEnum):
    """All there is; in the order in which one field is looked at."""

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
    """This ledger cannot be; `field` is where (`events[2].at`), None for the whole."""

    def __init__(self, code: LedgerErrorCode, field: str | None, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.field = field
        self.message = message
