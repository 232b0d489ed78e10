"""The state marks: each a word, a shape and a colour, so that none is needed to read the others."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StatusMark:
    """How a state looks and what it is called."""

    name: str
    shape: str
    vi: str
    en: str


MARKS = {
    mark.name: mark
    for mark in (
        StatusMark("on_time", "●", "đúng hạn", "on time"),
        StatusMark("soon", "◐", "sắp đến hạn", "due soon"),
        StatusMark("late", "▲", "trễ hạn", "late"),
        StatusMark("waiting", "■", "chờ bạn", "waiting for you"),
        StatusMark("paused", "‖", "tạm dừng", "paused"),
        StatusMark("silent", "○", "im lặng", "silent"),
        StatusMark("done", "✓", "xong", "done"),
        StatusMark("refused", "×", "không nhận", "not accepted"),
    )
}


def status_mark(name: str) -> StatusMark:
    """The mark of this name; an unknown one is a mistake of ours and shows at once."""
    return MARKS[name]
