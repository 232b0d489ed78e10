"""What the pages of phones and mailboxes say, in both languages; the words are in the YAML files here."""

from pathlib import Path

from shared.words import WordCatalogue

WORDS = WordCatalogue.read(Path(__file__).parent)

refuse = WORDS.refuse
