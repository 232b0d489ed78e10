"""Status marks: each a word, a shape and a colour, so that either one is enough."""

from dataclasses import dataclass

from shared.web.words import group


@dataclass(frozen=True, slots=True)
class StatusMark:
    """A status mark: its word, shape and colour."""

    name: str
    shape: str
    vi: str
    en: str


SHAPES = {
    "on_time": "●",
    "soon": "◐",
    "late": "▲",
    "waiting": "■",
    "paused": "‖",
    "silent": "○",
    "done": "✓",
    "refused": "×",
}
MARKS = {name: StatusMark(name, SHAPES[name], words.vi, words.en) for name, words in group("states").items()}


def status_mark(name: str) -> StatusMark:
    """The mark of this name; KeyError if unknown."""
    return MARKS[name]
