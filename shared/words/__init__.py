"""Words for people, Vietnamese and English side by side, in the YAML files of the package that says them."""

from shared.words.bilingual import BilingualText
from shared.words.catalogue import WordCatalogue
from shared.words.entry import WordsError

__all__ = ["BilingualText", "WordCatalogue", "WordsError"]
