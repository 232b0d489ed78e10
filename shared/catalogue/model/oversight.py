"""The numbers by which the city watches how offices use the clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Oversight:
    """When an office's use of the clock is counted, for how long, and from how often on it is an alarm.

    A pause counts as opened just before the date when at most `last_hours` of working time and at most
    `last_share` of the whole are left; as repeated from the `repeated_from`-th of its kind in a dossier.
    """

    last_hours: float
    last_share: float
    repeated_from: int
    counted: timedelta
    alarm_from: int


def decode_oversight(rules: Mapping[str, Any]) -> Oversight | None:
    """As `rules` of the words have it; None in a copy that was published before there was any."""
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
