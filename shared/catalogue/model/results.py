"""Results of an interlinked dossier of which some were granted and some denied.

The case keeps one `outcome`, for counting; people see each result.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from shared.catalogue.model.procedure import Procedure
from shared.outcomes import StepOutcome, read_outcome


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
        """The stored word of its outcome; None while it is not done."""
        ...


S = TypeVar("S", bound=StepResult)


@dataclass(frozen=True, slots=True)
class SeparateResult(Generic[S]):
    """A step of a plan that is a result of its own, and how it ended."""

    step: S
    outcome: StepOutcome


def separate_results(procedure: Procedure, steps: Iterable[S]) -> tuple[SeparateResult[S], ...]:
    """The results of the steps that decide, if some were granted and others denied; else none.

    Only in interlinked procedures is a step a result of its own. A step whose stored word is unknown is left
    out: it is told as neither.
    """
    if not procedure.interlinked:
        return ()
    results: list[SeparateResult[S]] = []
    for step in steps:
        planned_step = procedure.find_step(step.step)
        outcome = read_outcome(step.outcome)
        if planned_step is None or not planned_step.decides or step.state != "done" or outcome is None:
            continue
        results.append(SeparateResult(step, outcome))
    return tuple(results) if {result.outcome for result in results} == set(StepOutcome) else ()
