"""Texts about what cannot be read as its field, in the YAML file of this folder."""

from pathlib import Path

from shared.words import WordCatalogue

WORDS = WordCatalogue.read(Path(__file__).parent)

field_error = WORDS.field_error
group = WORDS.group
