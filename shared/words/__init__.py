"""Texts for people in Vietnamese and English, in YAML files of the packages that use them."""

from shared.words.bilingual import BilingualText
from shared.words.catalogue import WordCatalogue
from shared.words.entry import WordsError

__all__ = ["BilingualText", "WordCatalogue", "WordsError"]
