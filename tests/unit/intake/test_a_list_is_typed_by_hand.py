"""A list without choices is one field of the form: names with commas between them, or codes."""

import pytest
from starlette.datastructures import FormData

from services.intake.inbound.pages.form import build_form, form_to_body
from tests.builders.catalogue import catalogue
from tests.builders.intake import FRIDAY


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Cửa Nam, Hàng  Bạc; Láng", ["Cửa Nam", "Hàng Bạc", "Láng"]),
        ("00070 00004", ["00070", "00004"]),
        (" , ", None),
    ],
)
def test_names_keep_their_blanks_and_codes_may_stand_apart_by_one(
    typed: str, meant: list[str] | None
) -> None:
    city = catalogue()
    form = build_form(city.procedure_version("marital-status", 1), city, None, FRIDAY.date())
    body, _ = form_to_body(form, FormData({"facts.earlier_wards[]": typed}))
    assert body["facts"].get("earlier_wards") == meant
