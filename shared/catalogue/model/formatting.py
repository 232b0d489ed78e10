"""Limits and fees as a neighbour would say them, for the first screen of a procedure."""

from shared.words.bilingual import BilingualText
from shared.worktime import Limit, Unit

NO_DATE = BilingualText("chưa hẹn ngày", "no date set")
ASK = BilingualText("hỏi tại quầy", "ask at the counter")
FREE = BilingualText("miễn phí", "free")


def format_limit(limit: Limit | None) -> BilingualText:
    """ "7 ngày làm việc"; "chưa hẹn ngày" where no date is promised."""
    if limit is None:
        return NO_DATE
    count = f"{limit.amount:g}"
    s = "" if limit.amount == 1 else "s"
    match limit.unit:
        case Unit.WORKING_DAY:
            return BilingualText(f"{_vi(count)} ngày làm việc", f"{count} working day{s}")
        case Unit.CALENDAR_DAY:
            return BilingualText(f"{_vi(count)} ngày", f"{count} day{s}")
        case Unit.WORKING_HOUR:
            return BilingualText(f"{_vi(count)} giờ làm việc", f"{count} working hour{s}")
        case Unit.SAME_DAY:
            return BilingualText("trong ngày", "the same day")
        case Unit.CALENDAR_MONTH:
            return BilingualText(f"{_vi(count)} tháng", f"{count} month{s}")


def format_fee(amount: int | None) -> BilingualText:
    """ "75.000 đồng"; 0 is "miễn phí"; an unknown fee is asked at the counter, never shown as 0."""
    if amount is None:
        return ASK
    if amount == 0:
        return FREE
    return BilingualText(f"{amount:,} đồng".replace(",", "."), f"{amount:,} VND")


def _vi(count: str) -> str:
    return count.replace(".", ",")
