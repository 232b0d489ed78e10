"""The words for the result of a step that decides. There are no others: an unknown word is never a result."""

from enum import StrEnum


class StepOutcome(StrEnum):
    """The result of a step that decides: what was asked for is granted, or it is denied."""

    GRANTED = "granted"
    DENIED = "denied"


WITHOUT_RESULT = "done"
"""Stored for a step that is done and has no result of its own."""


def read_outcome(word: str | None) -> StepOutcome | None:
    """The result that a stored word of a deciding step stands for; None for any other word.

    While the outcome could be left out, that meant `granted` to everybody, and `done` was stored.
    """
    if word == WITHOUT_RESULT:
        return StepOutcome.GRANTED
    return StepOutcome(word) if word in set(StepOutcome) else None
