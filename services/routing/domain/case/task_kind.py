"""Kinds of tasks. The rules of each kind are in `steps`."""

from enum import StrEnum


class TaskKind(StrEnum):
    """A step of the plan, or a task with rules of its own.

    RECEIVE: reception at the counter. QUESTION: a question asked by a step of another office. LETTER: an
    apology to sign. CHILD: a child dossier does the step. APPOINTMENT: the citizen comes in person.
    """

    STEP = "step"
    RECEIVE = "receive"
    QUESTION = "question"
    LETTER = "letter"
    CHILD = "child"
    APPOINTMENT = "appointment"


BESIDE_THE_PLAN = frozenset({TaskKind.QUESTION, TaskKind.LETTER})
"""Kinds that are no steps of the plan: a dossier is completed without them, and they report no findings."""
