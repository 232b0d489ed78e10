"""An operator sends what an office gave back to another office."""

from collections.abc import Sequence
from uuid import UUID

from services.routing.domain.case import Change
from services.routing.domain.family import moved
from services.routing.domain.resend import Resend
from services.routing.domain.task import Nothing
from services.routing.store import cases, tasks
from services.routing.usecases.act_on_tasks import Acted, standing
from services.routing.usecases.book import Book
from shared.catalogue import Catalogue
from shared.db.transaction import Tx, city_now
from shared.errors import Refused
from shared.observability.logs import get_logger

log = get_logger(__name__)


async def resend_tasks(tx: Tx, acts: Sequence[Resend], *, catalogue: Catalogue) -> list[Acted | Refused]:
    """One answer an act: the step's task as it stands now, at its new office."""
    at = await city_now(tx)
    roots = await tasks.roots_of(tx, [act.task_id for act in acts])
    book = Book(await cases.lock(tx, sorted(set(roots.values()))), catalogue, at)
    answers: list[Acted | Refused] = []
    for act in acts:
        root = roots.get(act.task_id)
        decided = moved(book.case(root) if root else None, act, catalogue, at)
        if isinstance(decided, Refused):
            log.warning("resend.refused", task=str(act.task_id), code=decided.code)
            answers.append(decided)
            continue
        if isinstance(decided, Change):
            book.take(decided)
        answers.append(_now_at(book, root, act.task_id, told_twice=isinstance(decided, Nothing)))
    await book.write(tx)
    return answers


def _now_at(book: Book, root: UUID | None, task_id: UUID, *, told_twice: bool) -> Acted:
    before = standing(book, root, task_id)
    current = next(task for task in before.case.plan if task.step == before.task.step)
    log.info("task.resent", task=str(task_id), office=current.office, told_twice=told_twice)
    return Acted(before.case, current)
