"""One line of how a date was counted: one class for the clock, the rows, the wire and every page."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from shared.wire_names import wire_names


@dataclass(frozen=True, slots=True)
class CountedDays:
    """Some dates in a row, how many units they count, and a plain sentence (clock.md, rule 15).

    Dates are inclusive.
    """

    __pydantic_config__: ClassVar = wire_names(from_="from", why_vi="why")
    from_: date
    to: date
    counts: float
    why_vi: str
    why_en: str
