"""Sentences of pages in both languages, with named placeholders."""

from collections.abc import Iterable
from typing import Protocol

from markupsafe import escape

from shared.web.pages.formatting import bilingual, format_number, pick_language


class HasWords(Protocol):
    """A text in both languages; the English may be missing."""

    @property
    def vi(self) -> str | None:
        """Vietnamese."""
        ...

    @property
    def en(self) -> str | None:
        """English."""
        ...


def words(text: HasWords) -> str:
    """The text in the page's language."""
    return pick_language(text.vi, text.en)


def option_list(options: Iterable[tuple[str, HasWords]]) -> list[tuple[str, str]]:
    """The options of a field as (value, text), each text in the page's language."""
    return [(value, words(text)) for value, text in options]


def sentence(vi: str, en: str, /, **values: object) -> str:
    """The sentence in the page's language, with each `{name}` replaced by its value.

    Values are escaped unless they are markup already, as the results of macros are. Raises KeyError for a
    placeholder without a value.
    """
    text = bilingual(vi, en)
    return escape(text).format(**values) if values else text


def plural_sentence(count: int, vi: str, singular: str, plural: str, /, **values: object) -> str:
    """Like `sentence`, for a number of things: English has one form for 1 and another for the rest.

    `{n}`: the formatted count, unless `values` has another.
    """
    english = singular if count == 1 else plural
    return sentence(vi, english, **{"n": format_number(count), **values})
