"""Move tasks to other offices: acts of operators and heads."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from services.routing.domain.acts.reassignment import Reassignment
from services.routing.domain.case.case import CaseChange
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import NoEffect
from services.routing.domain.family.family import reassign_in_family
from services.routing.store import cases, tasks
from services.routing.usecases.act_on_tasks import ActResult, task_status
from services.routing.usecases.case_unit_of_work import CaseUnitOfWork
from shared.db.transaction import Tx
from shared.errors import Refused
from shared.observability.logs import get_logger

log = get_logger(__name__)


async def reassign_tasks(tx: Tx, acts: Sequence[Reassignment], rules: Rules) -> list[ActResult | Refused]:
    """Apply reassignments and return one result each, in order: the step's current task."""
    roots = await tasks.task_roots(tx, [act.task_id for act in acts])
    work = CaseUnitOfWork(await cases.lock_cases(tx, sorted(set(roots.values()))), rules)
    answers: list[ActResult | Refused] = []
    for act in acts:
        root = roots.get(act.task_id)
        decision = reassign_in_family(work.find(root), act, rules)
        if isinstance(decision, Refused):
            log.warning("reassignment.refused", task=str(act.task_id), code=decision.code)
            answers.append(decision)
            continue
        if isinstance(decision, CaseChange):
            work.apply(decision)
        answers.append(_result(work, root, act.task_id, is_repeated=isinstance(decision, NoEffect)))
    await work.save(tx)
    return answers


def _result(work: CaseUnitOfWork, root: UUID | None, task_id: UUID, *, is_repeated: bool) -> ActResult:
    before = task_status(work, root, task_id)
    current = next(task for task in before.case.current_tasks if task.step == before.task.step)
    log.info("task.reassigned", task=str(task_id), office=current.office, repeated=is_repeated)
    return replace(before, task=current)
