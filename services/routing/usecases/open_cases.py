"""A case of another kind is opened at a desk or by HTTP, once for each key."""

from collections.abc import Sequence
from datetime import datetime

from services.routing.domain.case import Case, Change
from services.routing.domain.kinds import Opening, bring
from services.routing.store import cases
from services.routing.usecases.book import Book
from shared.catalogue import Catalogue
from shared.db.transaction import Tx, city_now
from shared.errors import Refused
from shared.observability.logs import get_logger

log = get_logger(__name__)


async def open_cases(tx: Tx, brought: Sequence[Opening], *, catalogue: Catalogue) -> list[Case | Refused]:
    """One answer an opening: the case as it stands. Brought again, it changes nothing."""
    at = await city_now(tx)
    roots = sorted({one.root for one in brought})
    await cases.claim(tx, roots)
    book = Book(await cases.lock(tx, roots), catalogue, at)
    answers = [_decide(book, one, catalogue, at) for one in brought]
    await book.write(tx)
    return answers


def _decide(book: Book, one: Opening, catalogue: Catalogue, at: datetime) -> Case | Refused:
    decided = bring(book.case(one.root), one, catalogue, at)
    if isinstance(decided, Refused):
        log.warning("opening.refused", kind=one.kind, code=decided.code)
        return decided
    if isinstance(decided, Change):
        book.take(decided)
    case = book.case(one.root)
    if case is None:
        raise LookupError(one.root)
    return case
