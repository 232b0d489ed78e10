"""How people write each field, a table of data each; and that one mistake gets one true sentence."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.errors import FieldError
from shared.typed_input import days, email_address, id_number, phone, texts
from shared.typed_input.characters import visible_text
from shared.typed_input.dossier_code import normalize_code
from shared.typed_input.words import WORDS

HERE = Path(__file__).parent


def read_phone(typed: str) -> str | FieldError:
    number = phone.read_phone(typed, field="f")
    return number if isinstance(number, FieldError) else number.e164


READERS: dict[str, Callable[[str], Any]] = {
    "phone": read_phone,
    "email": lambda typed: email_address.read_email(typed, field="f"),
    "id_number": lambda typed: id_number.read_id_number(typed, field="f"),
    "birth_date": lambda typed: days.read_birth_date(typed, field="f"),
    "day": lambda typed: days.read_day(typed, field="f"),
    "code": normalize_code,
    "name": lambda typed: texts.read_name(typed, field="f", longest=200),
}
ROWS = [
    pytest.param(field, row, id=f"{field} {row['typed']!a}")
    for field in READERS
    for row in yaml.safe_load((HERE / f"{field}.yaml").read_text("utf-8"))
]


@pytest.mark.parametrize(("field", "row"), ROWS)
def test_each_writing_is_read_or_answered_with_its_own_sentence(field: str, row: dict[str, str]) -> None:
    value = READERS[field](row["typed"])
    if isinstance(value, FieldError):
        key = row.get("error", f"is read, not answered with: {value.en}")
        assert value.code == WORDS.field_errors[key].code
        words = WORDS.field_errors[key].words
        assert not words.placeholders or value.vi.startswith(words.vi.forms["other"].partition("{")[0])
        assert words.placeholders or (value.vi, value.en) == (
            words.vi.forms["other"],
            words.en.forms["other"],
        )
    else:
        assert str(value) == row.get("read")


@pytest.mark.parametrize(("field", "row"), ROWS)
def test_what_was_read_is_read_again_as_the_same(field: str, row: dict[str, str]) -> None:
    value = READERS[field](row["typed"])
    if not isinstance(value, FieldError):
        assert READERS[field](str(value)) == value


def test_a_limit_is_said_with_its_number_in_both_languages() -> None:
    for error in (
        texts.read_name("a" * 280, field="f", longest=254),
        email_address.read_email("a" * 250 + "@example.vn", field="f"),
        texts.read_paragraphs("á" * 100_000, field="f", longest=254),
    ):
        assert isinstance(error, FieldError)
        assert (error.code, "254" in error.vi, "254" in error.en) == ("too_long", True, True)
    local = email_address.read_email("a" * 65 + "@example.vn", field="f")
    assert isinstance(local, FieldError)
    assert (local.code, "64" in local.vi) == ("too_long", True)


def test_two_hundred_marks_on_a_letter_are_refused() -> None:
    refused = texts.read_name("Ngo" + "\u0301\u0323" * 100, field="f", longest=254)
    assert isinstance(refused, FieldError)
    assert refused.code == "bad_characters"


def test_paragraphs_keep_their_lines() -> None:
    read = texts.read_paragraphs(
        "Thiếu tờ khai.\r\n\tMang\u00a0bản chính.\u2028Xong \n", field="f", longest=99
    )
    assert read == "Thiếu tờ khai.\n Mang bản chính.\nXong"


def test_a_year_of_two_digits_is_asked_with_both_meanings() -> None:
    asked = days.read_birth_date("1.2.50", field="f")
    assert isinstance(asked, FieldError)
    assert [one.value for one in asked.candidates] == ["1950-02-01", "2050-02-01"]


def test_a_number_of_before_2018_is_offered_as_it_is_now() -> None:
    asked = phone.read_phone("0168 123 4567", field="f")
    assert isinstance(asked, FieldError)
    assert [one.value for one in asked.candidates] == ["0381 234 567"]


@pytest.mark.parametrize(
    ("digits", "is_female", "year"),
    [
        ("099058770566", False, 1958),
        ("001190123456", True, 1990),
        ("001204123456", False, 2004),
        ("001310123456", True, 2010),
    ],
)
def test_an_identity_number_tells_sex_and_year(digits: str, is_female: bool, year: int) -> None:
    assert id_number.identity_holder(digits) == id_number.IdentityHolder(is_female, year)


def test_what_was_understood_is_shown_in_groups() -> None:
    assert phone.national_phone("+84912345678") == "0912 345 678"
    assert phone.national_phone("+842438255555") == "024 3825 5555"
    assert phone.national_phone("+12125550123") == "+1 212-555-0123"
    assert id_number.grouped_id_number("099058770566") == "099 058 770 566"


def test_ordinary_text_is_only_looked_at() -> None:
    assert visible_text("Pham Vi Du") == "Pham Vi Du"
