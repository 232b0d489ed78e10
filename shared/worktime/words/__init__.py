"""The clock's texts for people, in the YAML files of this folder."""

from pathlib import Path

from shared.words import WordCatalogue

WORDS = WordCatalogue.read(Path(__file__).parent)

text = WORDS.text
group = WORDS.group
