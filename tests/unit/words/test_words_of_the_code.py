"""The code names words that exist, gives exactly their values, and no entry is left without a use."""

import re

import pytest

from shared.words.entry import Entry
from tests.unit.words.word_uses import WordUse, owners, strings_of, word_uses

OWNERS = owners()


def entry_of(use: WordUse) -> Entry | None:
    words, key = OWNERS[use.owner], use.key or ""
    if use.function == "refuse" and key in words.refusals:
        return words.refusals[key].words
    if use.function == "field_error" and key in words.field_errors:
        return words.field_errors[key].words
    return words.texts.get(key) if use.function == "text" else None


NAMED = [use for use in word_uses() if use.key is not None and use.function != "group"]


@pytest.mark.parametrize("use", NAMED, ids=lambda use: f"{use.place} {use.key}")
def test_a_call_names_an_entry_and_gives_its_values(use: WordUse) -> None:
    entry = entry_of(use)
    assert entry is not None
    assert use.values is None or use.values == entry.placeholders


@pytest.mark.parametrize("owner", OWNERS)
def test_every_entry_is_used(owner: str) -> None:
    words, strings = OWNERS[owner], strings_of(owner)
    groups = {use.key for use in word_uses() if use.owner == owner and use.function == "group"}
    keys = {*words.refusals, *words.field_errors, *words.texts}
    assert not [key for key in keys if key not in strings and key.partition(".")[0] not in groups]


@pytest.mark.parametrize("owner", OWNERS)
def test_a_group_that_the_code_reads_has_texts(owner: str) -> None:
    groups = [use.key for use in word_uses() if use.owner == owner and use.function == "group"]
    assert not [name for name in groups if name is None or not OWNERS[owner].group(name)]


@pytest.mark.parametrize("owner", OWNERS)
def test_a_refusal_is_whole_sentences_in_both_languages(owner: str) -> None:
    refusals, field_errors = OWNERS[owner].refusals.values(), OWNERS[owner].field_errors.values()
    entries = [*(one.words for one in refusals), *(one.words for one in field_errors)]
    said = [form for entry in entries for words in (entry.vi, entry.en) for form in words.forms.values()]
    assert not [form for form in said if not re.search(r"[.)]$|^\{problem\}$|: \{problem\}$", form)]
