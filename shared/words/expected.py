"""The words that pydantic expected, from its English sentence about them."""

import re

CHOICE_ERRORS = frozenset({"enum", "literal_error"})
"""pydantic's types of errors about a word that is none of those allowed."""

_QUOTED = re.compile(r"'([^']*)'")


def expected_words(expected: str) -> str:
    """ "granted, denied" from "'granted' or 'denied'"."""
    return ", ".join(_QUOTED.findall(expected))
