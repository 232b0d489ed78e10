"""The task of signing an apology. It takes no other act, except a stop of the dossier."""

from services.routing.domain.case.case import Case
from services.routing.domain.case.office_act import OfficeAct
from services.routing.domain.case.task import Task, TaskReply
from services.routing.domain.case.task_kind import TaskKind
from services.routing.domain.steps.step_kind import StepKind
from services.routing.words import refuse
from shared.errors import Refused


def _refuse_reply(_case: Case, _task: Task, _reply: TaskReply, act: OfficeAct | None) -> Refused | None:
    if act is None or not act.on_apology:
        return refuse("a_letter_is_only_signed")
    return None


def _refuse_move(_task: Task) -> Refused:
    return refuse("a_letter_is_only_signed")


KIND = StepKind(kind=TaskKind.LETTER, refuse_reply=_refuse_reply, refuse_move=_refuse_move)
