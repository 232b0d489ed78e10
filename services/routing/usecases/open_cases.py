"""Open cases that are no dossiers, at a desk or by HTTP, once for each key."""

from collections.abc import Sequence

from services.routing.domain.acts.case_kinds import CaseRequest, open_owner_case
from services.routing.domain.case.case import Case, CaseChange
from services.routing.domain.case.rules import Rules
from services.routing.store import cases
from services.routing.usecases.case_unit_of_work import CaseUnitOfWork
from shared.db.transaction import Tx
from shared.errors import Refused
from shared.observability.logs import get_logger

log = get_logger(__name__)


async def open_cases(tx: Tx, requests: Sequence[CaseRequest], rules: Rules) -> list[Case | Refused]:
    """Open cases and return one result each, in order. A repeated request changes nothing."""
    roots = sorted({request.root for request in requests})
    # There is no row to lock yet: the claim keeps a concurrent retry of the same key waiting.
    await cases.claim_roots(tx, roots)
    work = CaseUnitOfWork(await cases.lock_cases(tx, roots), rules)
    answers = [_decide(work, request) for request in requests]
    await work.save(tx)
    return answers


def _decide(work: CaseUnitOfWork, request: CaseRequest) -> Case | Refused:
    decision = open_owner_case(work.current(request.root), request, work.rules)
    if isinstance(decision, Refused):
        log.warning("case_opening.refused", kind=request.kind, code=decision.code)
        return decision
    if isinstance(decision, CaseChange):
        work.apply(decision)
    case = work.current(request.root)
    if case is None:
        raise LookupError(request.root)
    return case
