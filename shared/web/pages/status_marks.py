"""The state marks: each a word, a shape and a colour, so that none is needed to read the others."""

from dataclasses import dataclass

from shared.web.words import group


@dataclass(frozen=True, slots=True)
class StatusMark:
    """How a state looks and what it is called."""

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
    """The mark of this name; an unknown one is a mistake of ours and shows at once."""
    return MARKS[name]
