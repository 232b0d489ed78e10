"""What the catalogue says to people, in both languages; the words are in the YAML files of this folder."""

from pathlib import Path

from shared.words import WordCatalogue

WORDS = WordCatalogue.read(Path(__file__).parent)

text = WORDS.text
