"""A sentence or a name in both languages of the pages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """Vietnamese first, English beside it."""

    vi: str
    en: str

    def of(self, language: str) -> str:
        """The words in this language; Vietnamese unless English is asked for."""
        return self.en if language == "en" else self.vi
