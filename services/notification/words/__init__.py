"""What notification says to people beside the catalogue's messages; the words are in the YAML files here."""

from pathlib import Path

from shared.words import WordCatalogue

WORDS = WordCatalogue.read(Path(__file__).parent)

text = WORDS.text
group = WORDS.group
