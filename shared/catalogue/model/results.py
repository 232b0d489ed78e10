"""Several results of one dossier: where some was granted and some denied, neither word is true of the whole.

`outcome` of the case stays one word, for whoever counts; people are told each result.
"""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from shared.catalogue.model.procedure import Procedure

DENIED = "denied"
_RECEIVING_STEPS = frozenset({"receive", "intake"})


class StepResult(Protocol):
    """A step as its reader knows it."""

    @property
    def step(self) -> str:
        """Its name in the plan."""
        ...

    @property
    def state(self) -> str:
        """`done`, or anything else."""
        ...

    @property
    def outcome(self) -> str | None:
        """`denied`, or anything else."""
        ...

    @property
    def actor(self) -> str | None:
        """The person whose own act it was; None: an office's."""
        ...


S = TypeVar("S", bound=StepResult)


def separate_results(procedure: Procedure, steps: Iterable[S]) -> tuple[S, ...]:
    """What the offices of an ended dossier did, each a result, where one was denied and another was not.

    Only where procedures are interlinked is a step a result of its own: elsewhere it leads to the last one's.
    """
    if not procedure.interlinked:
        return ()
    office_steps = tuple(
        step
        for step in steps
        if step.state == "done" and not step.actor and step.step not in _RECEIVING_STEPS
    )
    return office_steps if len({step.outcome == DENIED for step in office_steps}) == 2 else ()
