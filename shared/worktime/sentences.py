"""The plain sentences of an explanation, in both languages."""

from dataclasses import dataclass
from datetime import datetime, time

Sentence = tuple[str, str]


FIXED: dict[str, Sentence] = {
    "RECEIVED_OFF": (
        "Tiếp nhận vào ngày nghỉ, coi như nhận ngày làm việc kế tiếp",
        "Accepted on a day off, counts as received on the next working day",
    ),
    "ROLLED": (
        "Ngày cuối rơi vào ngày nghỉ, chuyển sang ngày làm việc kế tiếp",
        "The last day is a day off, so it moves to the next working day",
    ),
}


@dataclass(frozen=True, slots=True)
class Run:
    """What a sentence is made from: dates of one kind in a row."""

    kind: str
    name: Sentence
    counts: float
    days: int
    at: datetime
    cutoff: time | None
    closing: time | None


def sentence(run: Run) -> Sentence:
    """Why these dates count what they count."""
    match run.kind:
        case "RECEIVED":
            said = _received(run.at, run.counts)
        case "RECEIVED_LATE":
            said = _received_late(run.at, _latest(run.cutoff, run.closing))
        case "ZERO":
            said = _zero(run.counts)
        case "WORKED":
            said = _worked(run.counts, run.name)
        case "OFF":
            said = f"Không làm việc: {run.name[0]}", f"Not worked: {run.name[1]}"
        case "EVERY_DAY":
            said = f"{run.days} ngày, tính cả ngày nghỉ", f"{run.days} {_days(run.days)}, days off included"
        case "HOURS":
            said = _hours(run.counts)
        case fixed:
            said = FIXED[fixed]
    return said


def _received(at: datetime, counts: float) -> Sentence:
    if counts:
        return f"Tiếp nhận lúc {at:%H:%M}, làm xong trong ngày", f"Accepted at {at:%H:%M}, done the same day"
    return (
        f"Tiếp nhận lúc {at:%H:%M}; ngày tiếp nhận chưa tính",
        f"Accepted at {at:%H:%M}; the day of acceptance does not count",
    )


def _received_late(at: datetime, latest: time) -> Sentence:
    when = f"{at:%H:%M:%S}" if (at.hour, at.minute) == (latest.hour, latest.minute) else f"{at:%H:%M}"
    return (
        f"Tiếp nhận lúc {when}, sau {latest:%H:%M}, coi như nhận ngày làm việc kế tiếp",
        f"Accepted at {when}, after {latest:%H:%M}, counts as received on the next working day",
    )


def _zero(counts: float) -> Sentence:
    if counts:
        return (
            "Ngày coi như tiếp nhận, làm xong trong ngày",
            "Counts as the day of acceptance, done the same day",
        )
    return "Ngày coi như tiếp nhận, chưa tính", "Counts as the day of acceptance, which does not count"


def _worked(counts: float, name: Sentence) -> Sentence:
    vi, en = f"{_number(counts)} ngày làm việc", f"{_number(counts)} working {_days(counts)}"
    return (f"{vi} ({name[0]})", f"{en} ({name[1]})") if name[0] else (vi, en)


def _hours(counts: float) -> Sentence:
    if not counts:
        return "Nhận sau giờ làm việc", "Received after working hours"
    return f"{_number(counts)} giờ làm việc", f"{_number(counts, '.')} working hours"


def _latest(cutoff: time | None, closing: time | None) -> time:
    return min(one for one in (cutoff, closing, time.max) if one)


def _days(count: float) -> str:
    return "day" if count == 1 else "days"


def _number(count: float, point: str = ",") -> str:
    return f"{count:g}".replace(".", point)
