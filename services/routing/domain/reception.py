"""Reception kept open after acceptance: what cannot be worked on yet still has a holder, and a clock."""

from datetime import datetime

from services.routing.domain import plan
from services.routing.domain.begin import received
from services.routing.domain.case import Case
from services.routing.domain.task import Act, Ask, Task
from services.routing.domain.values import replace
from shared.catalogue import Catalogue

AT_THE_COUNTER = frozenset({Ask.WAIVER, Ask.STOP, Ask.CONFIRMED_STOP})


def may_be_said(case: Case, act: Act | Ask) -> bool:
    """What may be said of a reception that waits after acceptance."""
    return case.accepted_at is not None and act in AT_THE_COUNTER


def kept_open(
    before: Case, accepted: Case, due_at: datetime, catalogue: Catalogue, at: datetime
) -> tuple[Task, ...]:
    """The tasks, the door's own once more in hands: a new one where a rule accepted and nobody received."""
    again = plan.receive_task(accepted, due_at, catalogue, at)
    at_door = next((task for task in before.tasks if task.is_receive), None)
    waits = again if at_door is None else replace(again, id=at_door.id, n=at_door.n)
    return (waits, *(task for task in accepted.tasks if not task.is_receive))


def is_open(case: Case) -> bool:
    """Somebody has the dossier in hands at the door."""
    return any(task.is_receive and task.is_open for task in case.tasks)


def closed(case: Case, at: datetime) -> tuple[Task, ...]:
    """The tasks once the door has nothing to wait for any more; a letter stays."""
    return tuple(received(task, at, "accepted") if task.is_receive else task for task in case.tasks)
