"""What kind of task it is. What each kind does differently stands in `steps`."""

from enum import StrEnum


class TaskKind(StrEnum):
    """Work of an office by the plan, or something that needs rules of its own.

    RECEIVE: the door's own task. QUESTION: another office's step asks. LETTER: an apology to be signed.
    CHILD: a dossier of another procedure does the step. APPOINTMENT: the citizen comes for it in person.
    """

    STEP = "step"
    RECEIVE = "receive"
    QUESTION = "question"
    LETTER = "letter"
    CHILD = "child"
    APPOINTMENT = "appointment"


BESIDE_THE_PLAN = frozenset({TaskKind.QUESTION, TaskKind.LETTER})
"""A dossier is not finished by them, and reports no facts through them."""
