"""What is said about a record that is not what its topic promises; the words are in the YAML files here."""

from pathlib import Path

from shared.words import WordCatalogue

WORDS = WordCatalogue.read(Path(__file__).parent)

text = WORDS.text
