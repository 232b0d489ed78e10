"""A line of an explanation, as used by the clock, rows, events and pages."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from shared.text_fields import Prose
from shared.wire_names import wire_names


@dataclass(frozen=True, slots=True)
class CountedDays:
    """A run of dates, how many units they count, and a sentence (clock.md, rule 15).

    Dates are inclusive.
    """

    __pydantic_config__: ClassVar = wire_names(from_="from", why_vi="why")
    from_: date
    to: date
    counts: float
    why_vi: Prose
    why_en: Prose
