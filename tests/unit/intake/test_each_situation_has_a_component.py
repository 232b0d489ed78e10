"""The pages name a component by the dossier's situation; each situation has one."""

from pathlib import Path
from typing import get_args

import pytest

from services.intake import main
from services.intake.inbound.pages import counter_view, tracking_situation

TEMPLATES = Path(main.__file__).parent / "templates"
NAMES = [
    *(f"tracking/status/{name}" for name in get_args(tracking_situation.Situation)),
    *(f"tracking/date/{name}" for name in get_args(tracking_situation.DateKind)),
    *(f"counter/{name}" for name in get_args(counter_view.Situation)),
]


@pytest.mark.parametrize("name", NAMES)
def test_each_situation_has_a_component(name: str) -> None:
    assert (TEMPLATES / f"{name}.html").is_file()
