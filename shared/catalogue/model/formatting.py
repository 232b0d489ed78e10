"""Formatting of limits and fees in plain words."""

from shared.catalogue.words import text
from shared.words import BilingualText
from shared.worktime import Limit, Unit

NO_DATE = text("procedures.no_date")
ASK = text("procedures.ask_at_counter")
FREE = text("procedures.free")


def format_limit(limit: Limit | None) -> BilingualText:
    """ "7 ngày làm việc"; "chưa hẹn ngày" where no date is promised."""
    if limit is None:
        return NO_DATE
    match limit.unit:
        case Unit.WORKING_DAY:
            return text("procedures.working_days", count=limit.amount)
        case Unit.CALENDAR_DAY:
            return text("procedures.calendar_days", count=limit.amount)
        case Unit.WORKING_HOUR:
            return text("procedures.working_hours", count=limit.amount)
        case Unit.SAME_DAY:
            return text("procedures.same_day")
        case Unit.CALENDAR_MONTH:
            return text("procedures.calendar_months", count=limit.amount)


def format_fee(amount: int | None) -> BilingualText:
    """ "75.000 đồng"; 0 is "miễn phí"; an unknown fee refers to the counter."""
    if amount is None:
        return ASK
    return text("procedures.fee", amount=amount) if amount else FREE
