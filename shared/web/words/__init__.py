"""What every service's HTTP side says to people, in both languages; the words are in the YAML files here."""

from pathlib import Path

from shared.words import WordCatalogue

WORDS = WordCatalogue.read(Path(__file__).parent)

refuse = WORDS.refuse
field_error = WORDS.field_error
text = WORDS.text
group = WORDS.group
