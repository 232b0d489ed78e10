"""Reception, the task of the counter. It is completed by a decision in intake, not by an act on the task."""

from services.routing.domain.case.case import Case
from services.routing.domain.case.office_act import OfficeAct
from services.routing.domain.case.task import Task, TaskReply
from services.routing.domain.case.task_kind import TaskKind
from services.routing.domain.steps.step_kind import StepKind
from services.routing.words import refuse
from shared.errors import Refused


def is_reception_act(case: Case, act: OfficeAct | None) -> bool:
    """Whether this act is allowed on the reception task of an accepted dossier."""
    return case.accepted_at is not None and act is not None and act.at_counter


def _refuse_reply(case: Case, _task: Task, _reply: TaskReply, act: OfficeAct | None) -> Refused | None:
    if not is_reception_act(case, act):
        return refuse("decided_at_the_counter")
    return None


def _refuse_move(_task: Task) -> Refused:
    return refuse("decided_at_the_counter")


KIND = StepKind(kind=TaskKind.RECEIVE, refuse_reply=_refuse_reply, refuse_move=_refuse_move)
