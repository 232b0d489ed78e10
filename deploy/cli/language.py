"""The language in which services' words are shown: chosen, or that of the environment."""

from __future__ import annotations

import os
from typing import Literal

Language = Literal["vi", "en"]
VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def language_of_environment() -> Language:
    """Vietnamese where the first variable that is set says so; else English, as this program's own words."""
    chosen = next((value for name in VARIABLES if (value := os.environ.get(name))), "")
    return "vi" if chosen.lower().split(".")[0].split("_")[0] == "vi" else "en"
