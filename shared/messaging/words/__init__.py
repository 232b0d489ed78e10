"""Messaging's texts for people, in the YAML files of this folder."""

from pathlib import Path

from shared.words import WordCatalogue

WORDS = WordCatalogue.read(Path(__file__).parent)

refuse = WORDS.refuse
text = WORDS.text
