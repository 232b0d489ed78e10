"""A word file is whole when it is read: both languages, the same values, nothing without a meaning."""

from pathlib import Path

import pytest

from shared.errors import RefusalKind
from shared.words import WordCatalogue, WordsError
from tests.unit.words.word_uses import owners

GREETING = 'hello: {vi: "Chào {name}.", en: "Hello {name}."}'


def read(folder: Path, **files: str) -> WordCatalogue:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return WordCatalogue.read(folder)


def test_a_text_is_filled_in_both_languages(tmp_path: Path) -> None:
    words = read(tmp_path, pages=GREETING)
    said = words.text("pages.hello", name="An")
    assert (said.vi, said.en) == ("Chào An.", "Hello An.")


def test_a_value_may_itself_be_in_both_languages(tmp_path: Path) -> None:
    words = read(tmp_path, pages=GREETING, names='you: {vi: "bạn", en: "you"}')
    assert words.text("pages.hello", name=words.text("names.you")).vi == "Chào bạn."


@pytest.mark.parametrize(("count", "said"), [(0, "0 days"), (1, "1 day"), (2, "2 days")])
def test_a_number_chooses_the_plural(tmp_path: Path, count: int, said: str) -> None:
    days = 'days: {vi: "{count} ngày", en: {one: "{count} day", other: "{count} days"}}'
    both = read(tmp_path, pages=days).text("pages.days", count=count)
    assert (both.vi, both.en) == (f"{count} ngày", said)


def test_a_refusal_has_its_public_code_its_kind_and_its_field(tmp_path: Path) -> None:
    entry = 'late: {code: too_late, kind: conflict, field: day, vi: "Trễ.", en: "Late."}'
    refused = read(tmp_path, refusals=entry).refuse("late")
    assert (refused.code, refused.kind) == ("too_late", RefusalKind.CONFLICT)
    assert [(error.field, error.code, error.en) for error in refused.errors] == [("day", "too_late", "Late.")]


@pytest.mark.parametrize("values", [{}, {"nom": "An"}, {"name": "An", "more": "x"}])
def test_other_values_than_the_entrys_are_refused(tmp_path: Path, values: dict[str, str]) -> None:
    words = read(tmp_path, pages=GREETING)
    with pytest.raises(WordsError):
        words.text("pages.hello", **values)


@pytest.mark.parametrize(
    "wrong",
    [
        'hello: {vi: "Chào."}',
        'hello: {vi: "Chào {name}.", en: "Hello."}',
        'hello: {vi: "Chào {name:>5}.", en: "Hello {name:>5}."}',
        'hello: {vi: "Chào.", en: ""}',
        'hello: {vi: "Chào.", en: {one: "Hello."}}',
        'hello: {vi: "Chào.", en: "Hello.", kind: conflict}',
        "hello: Chào",
        "- hello",
    ],
)
def test_an_entry_that_is_not_whole_stops_the_start(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(WordsError):
        read(tmp_path, pages=wrong)


@pytest.mark.parametrize("owner", owners())
def test_no_key_stands_twice_in_a_file(owner: str) -> None:
    for path in Path(owner.replace(".", "/")).glob("*.yaml"):
        keys = [line.split(":")[0] for line in path.read_text("utf-8").splitlines() if line[:1].strip("# ")]
        assert len(keys) == len(set(keys)), path
