"""What intake stores of a case: the state routing published last, and the reasons it published once."""

from dataclasses import dataclass

from shared.clock import CityTime
from shared.events.case import CaseState


@dataclass(frozen=True, slots=True)
class Declined:
    """The citizen's last request that could not be done: why, and since when."""

    vi: str
    en: str
    at: CityTime


@dataclass(frozen=True, slots=True)
class Reasons:
    """Reasons that one update gives and later ones do not repeat.

    `stopped`: the office's own words, `withdrawn` or `no_answer`. `extended`: the head's own words.
    """

    stopped: str | None = None
    extended: str | None = None
    declined: Declined | None = None


@dataclass(frozen=True, slots=True)
class FollowedCase:
    """The last state of a case, and the reasons of all its states."""

    state: CaseState
    reasons: Reasons = Reasons()
