"""Texts of the sinks' pages in both languages, from the YAML files beside."""

from pathlib import Path

from shared.words import WordCatalogue

WORDS = WordCatalogue.read(Path(__file__).parent)

refuse = WORDS.refuse
