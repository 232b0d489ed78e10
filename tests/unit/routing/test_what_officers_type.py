"""What officers and agencies write: read as people write it, in NFC, without what nobody sees."""

from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from services.routing.inbound.acts.act_form import Words
from services.routing.inbound.api.tasks import Code, RerouteBody
from services.routing.inbound.pages import typed
from shared.errors import Refused
from shared.events.agency_replies import Line
from shared.web.refusals import invalid_request


@pytest.mark.parametrize("text", ["2026-03-12", "12/3/2026", "12.3.2026", "ngày 12 tháng 3 năm 2026"])
def test_a_day_is_read_as_people_write_it(text: str) -> None:
    assert typed.parse_day("answer_by", text) == date(2026, 3, 12)


@pytest.mark.parametrize(("text", "code"), [("12/3/26", "which_year"), ("31/2/2026", "no_such_day")])
def test_a_day_that_cannot_be_meant_is_said_at_its_field(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        typed.parse_day("answer_by", text)
    assert [(error.field, error.code) for error in refused.value.errors] == [("answer_by", code)]


@pytest.mark.parametrize("text", ["75.000", "75 000 đ", "75\u00a0000", "７５０００"])
def test_an_amount_is_read_as_people_write_it(text: str) -> None:
    assert typed.parse_amount(text) == 75_000


def test_a_reason_too_long_is_said_and_never_cut() -> None:
    with pytest.raises(Refused) as refused:
        typed.parse_reason("stop_reason", "x" * 2001)
    assert [(error.field, error.code) for error in refused.value.errors] == [("stop_reason", "too_long")]


@pytest.mark.parametrize("kind", [Words, Line])
def test_a_text_loses_what_nobody_sees_and_keeps_its_letters(kind: Any) -> None:
    text = TypeAdapter[str](kind).validate_python("Thie\u0302\u0301u\u200b gi\u1ea5y\u202e t\u1edd")
    assert text == "Thiếu giấy tờ"


@pytest.mark.parametrize("kind", [Words, Line])
@pytest.mark.parametrize("sign", ["\uffff", "\x07", "\ufffd", "e" + "\u0301\u0323" * 100], ids=ascii)
def test_a_text_that_nobody_can_read_is_refused(kind: Any, sign: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter[str](kind).validate_python(f"Thiếu{sign} giấy")
    (error,) = invalid_request(refused.value.errors()).errors
    assert error.code == "bad_characters"


def test_nothing_visible_is_no_reason() -> None:
    with pytest.raises(ValidationError) as refused:
        RerouteBody(office="LRO.019", reason="\u200b \u2060")
    (error,) = invalid_request(refused.value.errors()).errors
    assert (error.field, error.code, "1" in error.vi) == ("reason", "string_too_short", True)


@pytest.mark.parametrize(
    ("limit", "sentence"),
    [({"office": "x" * 81}, "80"), ({"reason": "x" * 2001}, "2.000"), ({"reason": ""}, "1")],
)
def test_a_limit_of_a_request_is_said_with_its_number(limit: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        RerouteBody.model_validate({"office": "LRO.019", "reason": "x"} | limit)
    (error,) = invalid_request(refused.value.errors()).errors
    assert sentence in error.vi


def test_a_code_in_an_address_is_read_as_copied() -> None:
    assert TypeAdapter(Code).validate_python(" h26.x–260306–0001. ") == "H26.X-260306-0001"
