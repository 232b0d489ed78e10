"""The thresholds of the city's oversight of how offices use the clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Oversight:
    """Which pauses count as gaming the clock, for how long they count, and how many raise an alarm.

    A pause counts as opened just before the date when at most `last_hours` of working time and at most
    `last_share` of the whole are left; as repeated from the `repeated_from`-th of its kind in a dossier.
    """

    last_hours: float
    last_share: float
    repeated_from: int
    counted: timedelta
    alarm_from: int


def decode_oversight(rules: Mapping[str, Any]) -> Oversight | None:
    """Decode `rules` of words.yaml; None for a catalogue published without them."""
    raw = rules.get("oversight")
    if raw is None:
        return None
    return Oversight(
        last_hours=raw["last_hours"]["value"],
        last_share=raw["last_share"]["value"],
        repeated_from=int(raw["repeated_from"]["value"]),
        counted=timedelta(days=raw["counted_days"]["value"]),
        alarm_from=int(raw["alarm_from"]["value"]),
    )
