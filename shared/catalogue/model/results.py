"""Results of an interlinked dossier of which some were granted and some denied.

The case keeps one `outcome`, for counting; people see each result.
"""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from shared.catalogue.model.procedure import Procedure

DENIED = "denied"
_RECEIVING_STEPS = frozenset({"receive", "intake"})


class StepResult(Protocol):
    """A step of a plan, as any service has it."""

    @property
    def step(self) -> str:
        """The step's id in the plan."""
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
        """The person whose own act the step was; None: an office's."""
        ...


S = TypeVar("S", bound=StepResult)


def separate_results(procedure: Procedure, steps: Iterable[S]) -> tuple[S, ...]:
    """The steps of the offices, each with a result, if one was denied and another was not; else none.

    Only in interlinked procedures is each step a result; elsewhere steps lead to the result of the last one.
    """
    if not procedure.interlinked:
        return ()
    office_steps = tuple(
        step
        for step in steps
        if step.state == "done" and not step.actor and step.step not in _RECEIVING_STEPS
    )
    return office_steps if len({step.outcome == DENIED for step in office_steps}) == 2 else ()
