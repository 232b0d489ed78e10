"""Limits and fees as a neighbour would say them, for the first screen of a procedure."""

from shared.catalogue.words import Words
from shared.worktime import Limit, Unit

NO_DATE = Words("chưa hẹn ngày", "no date set")
ASK = Words("hỏi tại quầy", "ask at the counter")
FREE = Words("miễn phí", "free")


def say_limit(limit: Limit | None) -> Words:
    """ "7 ngày làm việc"; "chưa hẹn ngày" where no date is promised."""
    if limit is None:
        return NO_DATE
    count = f"{limit.amount:g}"
    s = "" if limit.amount == 1 else "s"
    match limit.unit:
        case Unit.WORKING_DAY:
            return Words(f"{_vi(count)} ngày làm việc", f"{count} working day{s}")
        case Unit.CALENDAR_DAY:
            return Words(f"{_vi(count)} ngày", f"{count} day{s}")
        case Unit.WORKING_HOUR:
            return Words(f"{_vi(count)} giờ làm việc", f"{count} working hour{s}")
        case Unit.SAME_DAY:
            return Words("trong ngày", "the same day")
        case Unit.CALENDAR_MONTH:
            return Words(f"{_vi(count)} tháng", f"{count} month{s}")


def say_fee(amount: int | None) -> Words:
    """ "75.000 đồng"; 0 is "miễn phí"; an unknown fee is asked at the counter, never shown as 0."""
    if amount is None:
        return ASK
    if amount == 0:
        return FREE
    return Words(f"{amount:,} đồng".replace(",", "."), f"{amount:,} VND")


def _vi(count: str) -> str:
    return count.replace(".", ",")
