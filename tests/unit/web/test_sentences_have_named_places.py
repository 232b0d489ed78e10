from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from markupsafe import Markup

from shared.web.pages.formatting import language
from shared.web.pages.sentences import plural_sentence, sentence, words


@pytest.fixture
def english() -> Iterator[None]:
    token = language.set("en")
    yield
    language.reset(token)


def test_each_language_has_its_own_order_of_places() -> None:
    assert sentence("{a} trước {b}", "{b} after {a}", a=1, b=2) == "1 trước 2"


def test_a_value_is_escaped_and_markup_is_not() -> None:
    filled = sentence(
        "Gọi {who} lúc {when}", "Call {who} at {when}", who="<b>", when=Markup("<time>9</time>")
    )
    assert filled == Markup("Gọi &lt;b&gt; lúc <time>9</time>")


def test_a_place_without_a_value_fails() -> None:
    with pytest.raises(KeyError):
        sentence("{a} {b}", "{a} {b}", a=1)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(("count", "text"), [(0, "0 things"), (1, "1 thing"), (1200, "1,200 things")])
def test_english_has_one_form_for_one_thing(count: int, text: str) -> None:
    assert plural_sentence(count, "{n} thứ", "{n} thing", "{n} things") == text


def test_the_count_may_be_shown_otherwise() -> None:
    shown = plural_sentence(2, "{n} thứ", "{n} thing", "{n} things", n=Markup("<strong>2</strong>"))
    assert shown == Markup("<strong>2</strong> thứ")


@dataclass(frozen=True)
class _Text:
    vi: str
    en: str | None


@pytest.mark.usefixtures("english")
def test_vietnamese_stands_in_for_missing_english() -> None:
    assert words(_Text("Bàn", None)) == "Bàn"
    assert words(_Text("Bàn", "Desk")) == "Desk"
