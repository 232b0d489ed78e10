"""The plain sentences of an explanation, Vietnamese and English: all words of the clock stand here."""

from datetime import datetime, time
from functools import cache

from shared.worktime.calendar.calendar import Name
from shared.worktime.calendar.limits import Limit, Unit
from shared.worktime.ledger.ledger import ClockEventType

Sentence = Name

ISSUED = "Ngày cấp giấy", "The day the paper was issued"
RECEIVED_OFF = (
    "Tiếp nhận vào ngày nghỉ, coi như nhận ngày làm việc kế tiếp",
    "Accepted on a day off, counts as received on the next working day",
)
ZERO = "Ngày coi như tiếp nhận, chưa tính", "Counts as the day of acceptance, which does not count"
ZERO_SAME_DAY = (
    "Ngày coi như tiếp nhận, làm xong trong ngày",
    "Counts as the day of acceptance, done the same day",
)
ZERO_AGAIN = (
    "Ngày coi như nhận, chưa tính; từ hôm sau tính tiếp",
    "Counts as the day of the answer, does not count",
)
ROLLED = (
    "Ngày cuối rơi vào ngày nghỉ, chuyển sang ngày làm việc kế tiếp",
    "The last day is a day off, so it moves to the next working day",
)
AFTER_HOURS = "Nhận sau giờ làm việc", "Received after working hours"
HALF_DAY = "Nửa ngày làm việc", "Half a working day"

_STOPPED_BECAUSE: dict[ClockEventType, Sentence] = {
    ClockEventType.SUPPLEMENT_REQUESTED: ("yêu cầu bổ sung giấy tờ", "a supplement was asked for"),
    ClockEventType.PAYMENT_REQUESTED: ("yêu cầu nộp tiền", "payment was asked for"),
    ClockEventType.EXCLUDED_STEP_BEGUN: ("bắt đầu bước ngoài thời hạn", "a step outside the limit began"),
    ClockEventType.COMPLETED: ("đã xử lý xong", "it was completed"),
}
_PAUSE_SENTENCES: dict[ClockEventType, Sentence] = {
    ClockEventType.SUPPLEMENT_REQUESTED: (
        "Chờ bổ sung giấy tờ, không tính",
        "Waiting for the supplement, not counted",
    ),
    ClockEventType.PAYMENT_REQUESTED: ("Chờ nộp tiền, không tính", "Waiting for the payment, not counted"),
    ClockEventType.EXCLUDED_STEP_BEGUN: (
        "Bước ngoài thời hạn, không tính",
        "A step outside the limit, not counted",
    ),
    ClockEventType.COMPLETED: (
        "Đã xử lý xong, không tính cho đến khi thu hồi",
        "Completed, not counted until the recall",
    ),
}
_ANSWER_CAME: dict[ClockEventType, Sentence] = {
    ClockEventType.SUPPLEMENTED: ("Đã bổ sung giấy tờ", "The supplement came"),
    ClockEventType.PAID: ("Đã nộp tiền", "The payment came"),
    ClockEventType.EXCLUDED_STEP_DONE: ("Bước ngoài thời hạn đã xong", "The step outside the limit was done"),
    ClockEventType.RECALLED: ("Kết quả được thu hồi", "The result was recalled"),
}


def sentence_received(at: datetime) -> Sentence:
    """Accepted in time: the day itself is day 0."""
    return (
        f"Tiếp nhận lúc {at:%H:%M}; ngày tiếp nhận chưa tính",
        f"Accepted at {at:%H:%M}; the day of acceptance does not count",
    )


def sentence_received_same_day(at: datetime) -> Sentence:
    """Accepted in time, and due the same day."""
    return f"Tiếp nhận lúc {at:%H:%M}, làm xong trong ngày", f"Accepted at {at:%H:%M}, done the same day"


def sentence_received_late(at: datetime, latest: time) -> Sentence:
    """Accepted on a working day, after its last moment."""
    time_text = _time_text(at, latest)
    return (
        f"Tiếp nhận lúc {time_text}, sau {latest:%H:%M}, coi như nhận ngày làm việc kế tiếp",
        f"Accepted at {time_text}, after {latest:%H:%M}, counts as received on the next working day",
    )


def sentence_answered(fact: ClockEventType, at: datetime) -> Sentence:
    """The answer came in time: its day is day 0 again."""
    vi, en = _ANSWER_CAME[fact]
    return f"{vi} lúc {at:%H:%M}; ngày này chưa tính", f"{en} at {at:%H:%M}; this day does not count"


def sentence_answered_late(fact: ClockEventType, at: datetime, latest: time) -> Sentence:
    """The answer came on a working day, after its last moment."""
    (vi, en), time_text = _ANSWER_CAME[fact], _time_text(at, latest)
    return (
        f"{vi} lúc {time_text}, sau {latest:%H:%M}, coi như nhận ngày làm việc kế tiếp",
        f"{en} at {time_text}, after {latest:%H:%M}, counts as the next working day",
    )


def sentence_answered_day_off(fact: ClockEventType, at: datetime) -> Sentence:
    """The answer came on a day off."""
    vi, en = _ANSWER_CAME[fact]
    return (
        f"{vi} lúc {at:%H:%M} vào ngày nghỉ, coi như nhận ngày làm việc kế tiếp",
        f"{en} at {at:%H:%M} on a day off, counts as the next working day",
    )


def note_clock_runs(fact: ClockEventType, at: datetime) -> Sentence:
    """A note: the answer came on a day that has its line already, or the clock counts hours."""
    vi, en = _ANSWER_CAME[fact]
    return f"{vi[0].lower()}{vi[1:]} lúc {at:%H:%M}, tính tiếp", f"{en[0].lower()}{en[1:]} at {at:%H:%M}"


def note_clock_stopped(fact: ClockEventType, at: datetime) -> Sentence:
    """A note: why the clock was stopped, and when."""
    vi, en = _STOPPED_BECAUSE[fact]
    return f"{vi} lúc {at:%H:%M}, tạm dừng tính", f"{en} at {at:%H:%M}, the clock stands"


def sentence_pause(fact: ClockEventType) -> Sentence:
    """Dates of a pause."""
    return _PAUSE_SENTENCES[fact]


@cache
def sentence_days_off(name: Name) -> Sentence:
    """Days off."""
    return f"Không làm việc: {name[0]}", f"Not worked: {name[1]}"


@cache
def sentence_working_days(days: int, name: Name) -> Sentence:
    """Working days that count."""
    vi, en = f"{days} ngày làm việc", f"{days} working {_days(days)}"
    return (f"{vi} ({name[0]})", f"{en} ({name[1]})") if name[0] else (vi, en)


@cache
def sentence_extension(days: int, name: Name) -> Sentence:
    """Working days of an extension."""
    vi, en = sentence_working_days(days, name)
    return f"Gia hạn: {vi}", f"Extension: {en}"


@cache
def sentence_all_days(days: int) -> Sentence:
    """Days that count whether worked or not."""
    return f"{days} ngày, tính cả ngày nghỉ", f"{days} {_days(days)}, days off included"


def sentence_hours(seconds: int) -> Sentence:
    """Session time that counts."""
    number = f"{seconds / 3600:.4g}"
    plural = "hour" if seconds == 3600 else "hours"
    return f"{number.replace('.', ',')} giờ làm việc", f"{number} working {plural}"


def sentence_first_hours(seconds: int) -> Sentence:
    """Session time of the day of acceptance."""
    return sentence_hours(seconds) if seconds else AFTER_HOURS


def note_due(at: datetime) -> Sentence:
    """A note: here it is due."""
    return (
        f"hẹn trả {at:%H:%M} ngày {at.day}/{at.month}",
        f"due {at:%H:%M} on {at.day} {at:%B}",
    )


def note_task_due(at: datetime, *, by_cap: bool) -> Sentence:
    """A note: here a task is due, by its own budget or because its dossier is."""
    vi, en = f"đến hạn {at:%H:%M} ngày {at.day}/{at.month}", f"due {at:%H:%M} on {at.day} {at:%B}"
    return (f"{vi}, theo hạn của hồ sơ", f"{en}, with its dossier") if by_cap else (vi, en)


def note_ended(at: datetime) -> Sentence:
    """A note: when the clock was stopped for good."""
    return f"kết thúc {at:%H:%M} ngày {at.day}/{at.month}", f"ended {at:%H:%M} on {at.day} {at:%B}"


def sentence_validity(limit: Limit) -> Sentence:
    """How long a paper is good."""
    amount = limit.whole
    if limit.unit is Unit.CALENDAR_MONTH:
        return (
            f"{amount} tháng kể từ ngày cấp",
            f"{amount} {'month' if amount == 1 else 'months'} from the day of issue",
        )
    return f"{amount} ngày kể từ ngày cấp", f"{amount} {_days(amount)} from the day of issue"


def note_valid_until(at: datetime) -> Sentence:
    """A note: the paper's last day."""
    return f"còn giá trị đến hết ngày {at.day}/{at.month}/{at.year}", f"valid until {at.day} {at:%B %Y} ends"


def _time_text(at: datetime, latest: time) -> str:
    return f"{at:%H:%M:%S}" if (at.hour, at.minute) == (latest.hour, latest.minute) else f"{at:%H:%M}"


def _days(count: int) -> str:
    return "day" if count == 1 else "days"
