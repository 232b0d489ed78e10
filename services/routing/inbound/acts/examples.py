"""What the documents of the API show as examples, in the words that offices use."""

from services.routing.words import text

MISSING_PAPER = text("examples.paper").vi
STOP_REASON = text("examples.stop_reason").vi
QUESTION = text("examples.question").vi
