"""Names and texts of the made-up people of the demo, from `made_up.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_DATA: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))

PEOPLE = _DATA["people"]
FACTS = _DATA["facts"]
OFFICES = _DATA["offices"]
COUNTER = _DATA["counter"]
ANNOUNCEMENTS = _DATA["announcements"]
