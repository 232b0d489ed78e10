"""A case of another kind is opened at a desk or by HTTP, once for each key."""

from collections.abc import Sequence
from datetime import datetime

from services.routing.domain.acts.case_kinds import CaseRequest, open_owner_case
from services.routing.domain.case.case import Case, CaseChange
from services.routing.store import cases
from services.routing.usecases.case_unit_of_work import CaseUnitOfWork
from shared.catalogue import Catalogue
from shared.db.transaction import Tx, city_now
from shared.errors import Refused
from shared.observability.logs import get_logger

log = get_logger(__name__)


async def open_cases(tx: Tx, brought: Sequence[CaseRequest], *, catalogue: Catalogue) -> list[Case | Refused]:
    """One answer an opening: the case as it stands. Brought again, it changes nothing."""
    at = await city_now(tx)
    roots = sorted({one.root for one in brought})
    await cases.claim_roots(tx, roots)
    book = CaseUnitOfWork(await cases.lock_cases(tx, roots), catalogue, at)
    answers = [_decide(book, one, catalogue, at) for one in brought]
    await book.save(tx)
    return answers


def _decide(book: CaseUnitOfWork, one: CaseRequest, catalogue: Catalogue, at: datetime) -> Case | Refused:
    decided = open_owner_case(book.current(one.root), one, catalogue, at)
    if isinstance(decided, Refused):
        log.warning("opening.refused", kind=one.kind, code=decided.code)
        return decided
    if isinstance(decided, CaseChange):
        book.apply(decided)
    case = book.current(one.root)
    if case is None:
        raise LookupError(one.root)
    return case
