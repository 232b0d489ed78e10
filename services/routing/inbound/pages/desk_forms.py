"""What an office asks for from its desk: the forms beside start, done and give back."""

from dataclasses import dataclass, replace

from services.routing.domain.acts.available_acts import ExtensionOption, available_acts, extension_options
from services.routing.domain.case.case import Case
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.state import transition_for
from services.routing.domain.case.task import OfficeRequest, Task
from services.routing.domain.clock.case_clock import supplement_count
from shared.actor import Actor
from shared.states import StateEvent


@dataclass(frozen=True, slots=True)
class DeskForms:
    """What the page offers: the acts open now, the dates an extension would give, the nth supplement."""

    open: tuple[OfficeRequest, ...]
    dates: list[ExtensionOption]
    supplements: int
    stop_asked: str | None = None
    stop_by: str | None = None


def available_forms(case: Case, task: Task, actor: Actor, rules: Rules) -> DeskForms:
    """Only what the process allows from where the dossier stands."""
    dates = extension_options(case, task, actor, rules)
    acts = available_acts(case, task, actor)
    if dates:
        acts = (*acts, OfficeRequest.EXTENSION)
    forms = DeskForms(open=acts, dates=dates, supplements=supplement_count(case))
    pending = case.stop_asked
    if pending is None or pending.office != task.office:
        return forms
    return replace(forms, stop_asked=pending.reason, stop_by=pending.by)


def drop_final_act(case: Case, acts: tuple[str, ...]) -> tuple[str, ...]:
    """Without the last word on a dossier that cannot be completed from where it stands."""
    can_complete = transition_for(case.position, StateEvent.COMPLETED) is not None
    return tuple(act for act in acts if can_complete or act != "decide")
