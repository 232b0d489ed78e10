"""Acts that an officer may take on a task in the current position, from the registry of acts."""

from dataclasses import dataclass
from datetime import datetime

from services.routing.domain.acts.extension import extend_deadline
from services.routing.domain.acts.registry import ACTS, refuse_unless_open
from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.office_act import OfficeAct
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.state import transition_for
from services.routing.domain.case.task import HEAD, OfficeRequest, RequestDetails, Task, TaskReply
from services.routing.domain.clock.case_clock import clock_at
from services.routing.domain.steps.reception import is_reception_act
from shared.actor import Actor

MOST_SHOWN = 20
"""The most working days that the form of an extension offers."""


@dataclass(frozen=True, slots=True)
class ExtensionOption:
    """An extension by `days` working days; `due_at` is None while the clock is paused for the citizen."""

    days: int
    due_at: datetime | None


def available_acts(case: Case, task: Task, actor: Actor) -> tuple[OfficeRequest, ...]:
    """The acts that this officer may take now. See `extension_options` for extensions and their dates."""
    if actor.office != task.office or task.is_apology:
        return ()
    return tuple(act.request for act in ACTS if _is_available(act, case, task, actor))


def extension_options(case: Case, task: Task, actor: Actor, rules: Rules) -> list[ExtensionOption]:
    """The extensions that the rule would accept now, each with its due date."""
    if actor.role != HEAD or actor.office != task.office or refuse_unless_open(task) is not None:
        return []
    options: list[ExtensionOption] = []
    for days in range(1, MOST_SHOWN + 1):
        change = extend_deadline(case, task, reply=_trial_reply(task, actor, days), rules=rules)
        if not isinstance(change, CaseChange):
            break
        after = clock_at(change.case, rules)
        options.append(ExtensionOption(days, after.due_at if after else None))
    return options


def _is_available(act: OfficeAct, case: Case, task: Task, actor: Actor) -> bool:
    if act.is_offered is None:
        return False
    if act.moves is not None and transition_for(case.position, act.moves) is None:
        return False
    if task.is_reception and not is_reception_act(case, act):
        return False
    if not act.at_any_time and refuse_unless_open(task) is not None:
        return False
    return act.is_offered(case, task, actor)


def _trial_reply(task: Task, actor: Actor, days: int) -> TaskReply:
    trial = "what would be"
    return TaskReply(
        task.id,
        OfficeRequest.EXTENSION,
        office=task.office,
        actor=actor,
        cause=trial,
        cause_id=trial,
        reason=trial,
        details=RequestDetails(days=days),
    )
