"""Forms of the task page other than start, complete and decline."""

from dataclasses import dataclass, replace

from services.routing.domain.acts.available_acts import ExtensionOption, available_acts, extension_options
from services.routing.domain.case.case import Case
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.state import transition_for
from services.routing.domain.case.task import OfficeRequest, Task
from services.routing.domain.clock.case_clock import supplement_count
from shared.actor import Actor
from shared.states import StateEvent

FINAL_ACTS = frozenset({"complete", "decide"})


@dataclass(frozen=True, slots=True)
class DeskForms:
    """The forms that the page offers. `open`: acts available now; `dates`: possible extensions.

    `supplements`: the number of requests for papers so far. `stop_asked`, `stop_by`: the reason and author of
    a stop that waits for confirmation.
    """

    open: tuple[OfficeRequest, ...]
    dates: list[ExtensionOption]
    supplements: int
    stop_asked: str | None = None
    stop_by: str | None = None


def available_forms(case: Case, task: Task, actor: Actor, rules: Rules) -> DeskForms:
    """The forms that the rules allow in the current position of the dossier."""
    dates = extension_options(case, task, actor, rules)
    acts = available_acts(case, task, actor)
    if dates:
        acts = (*acts, OfficeRequest.EXTENSION)
    forms = DeskForms(open=acts, dates=dates, supplements=supplement_count(case))
    pending = case.stop_asked
    if pending is None or pending.office != task.office:
        return forms
    return replace(forms, stop_asked=pending.reason, stop_by=pending.by)


def drop_final_act(case: Case, acts: tuple[str, ...], *, is_last: bool) -> tuple[str, ...]:
    """Return the acts without the end of the last step if the dossier cannot be completed in its position."""
    if not is_last or transition_for(case.position, StateEvent.COMPLETED) is not None:
        return acts
    return tuple(act for act in acts if act not in FINAL_ACTS)
