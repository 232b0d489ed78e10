"""The counter for which a machine of the demo acts when it files a dossier."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from typing import Any

from deploy.local.home import CHECKOUT

WARDS = CHECKOUT / "deploy" / "catalogue" / "wards.csv"
ANY_COUNTER = "PASC-SP.00070"
AT_A_COUNTER = frozenset({"counter", "post", "home"})
"""Channels through which an officer files for the citizen."""


def filing_counter(place: Any) -> str:
    """The service point of the first ward named in the places; any one where there is none.

    A dossier may be filed at every counter of the city; which office receives it follows from its places.
    """
    codes = place.values() if isinstance(place, Mapping) else ()
    wards = [code for code in codes if isinstance(code, str) and code in ward_codes()]
    return f"PASC-SP.{wards[0]}" if wards else ANY_COUNTER


@cache
def ward_codes() -> tuple[str, ...]:
    """The codes of the 126 wards and communes."""
    lines = [line for line in WARDS.read_text("utf-8").splitlines() if not line.startswith("#")]
    return tuple(row["code"] for row in csv.DictReader(lines))
