"""The state marks: each a word, a shape and a colour, so that none is needed to read the others."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """How a state looks and what it is called."""

    name: str
    shape: str
    vi: str
    en: str


MARKS = {
    mark.name: mark
    for mark in (
        Mark("on_time", "●", "đúng hạn", "on time"),
        Mark("soon", "◐", "sắp đến hạn", "due soon"),
        Mark("late", "▲", "trễ hạn", "late"),
        Mark("waiting", "■", "chờ bạn", "waiting for you"),
        Mark("paused", "‖", "tạm dừng", "paused"),
        Mark("silent", "○", "im lặng", "silent"),
        Mark("done", "✓", "xong", "done"),
        Mark("refused", "×", "không nhận", "not accepted"),
    )
}


def mark(name: str) -> Mark:
    """The mark of this name; an unknown one is a mistake of ours and shows at once."""
    return MARKS[name]
