"""Whatever is sent to a citizen is named on their page, and on the operator's, in words."""

from pathlib import Path

import pytest

from services.intake.inbound.pages.tracking_view import TEMPLATE_NAMES
from shared.catalogue.texts.message_contract import TEMPLATE_VARIABLES

OPERATORS = Path("services/notification/templates/message_words.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("template", TEMPLATE_VARIABLES)
def test_a_message_is_named_on_both_pages(template: str) -> None:
    assert template in TEMPLATE_NAMES
    assert f'"{template}": t(' in OPERATORS
