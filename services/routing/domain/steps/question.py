"""A question to another office, answered at most once. The step that asks has the rule on silence."""

from datetime import datetime

from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.office_act import OfficeAct
from services.routing.domain.case.task import Task, TaskAct, TaskReply, TaskState
from services.routing.domain.case.task_kind import TaskKind
from services.routing.domain.steps import queries
from services.routing.domain.steps.step_kind import StepKind
from services.routing.words import refuse
from shared.errors import Refused


def _refuse_reply(_case: Case, task: Task, reply: TaskReply, act: OfficeAct | None) -> Refused | None:
    if act is not None:
        return None
    if task.state is TaskState.CLOSED and task.moved_to is None:
        return refuse("query_closed")
    is_repeated = task.state is TaskState.DONE and reply.act is TaskAct.COMPLETE
    if is_repeated and reply.reason not in {None, task.reason}:
        return refuse("contradicts_earlier", outcome=task.reason or task.outcome or "")
    return None


def _record_completion(case: Case, task: Task, reply: TaskReply, at: datetime) -> CaseChange:
    return queries.record_answer(case, task, reply, at)


KIND = StepKind(
    kind=TaskKind.QUESTION,
    refuse_reply=_refuse_reply,
    record_completion=_record_completion,
    close_on_breach=queries.close_by_silence,
    reports_to_lead=queries.escalates_to_lead,
)
