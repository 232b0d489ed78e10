"""Texts of the HTTP side for people, in the YAML files of this folder."""

from pathlib import Path

from shared.words import WordCatalogue

WORDS = WordCatalogue.read(Path(__file__).parent)

refuse = WORDS.refuse
field_error = WORDS.field_error
text = WORDS.text
group = WORDS.group
