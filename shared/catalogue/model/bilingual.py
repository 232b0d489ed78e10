"""A sentence or a name in both languages of the pages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BilingualText:
    """Vietnamese first, English beside it."""

    vi: str
    en: str

    def in_language(self, language: str) -> str:
        """The words in this language; Vietnamese unless English is asked for."""
        return self.en if language == "en" else self.vi
