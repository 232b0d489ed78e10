"""Plan dossiers that wait for an office, once with each revision of the catalogue, in batches."""

from services.routing.domain.case.case import BY_RULE, Cause
from services.routing.domain.editions.catalogue_diff import ORGANISATION
from services.routing.domain.family.family import place_family
from services.routing.store import unplaced
from services.routing.usecases.catalogue_cache import CatalogueCache
from shared.db.transaction import Tx
from shared.events.catalogue import published_type
from shared.observability.logs import get_logger

log = get_logger(__name__)
BECAUSE = published_type(ORGANISATION)


async def place_next_batch(tx: Tx, limit: int, *, catalogue: CatalogueCache) -> int:
    """Try to plan the next waiting cases; return how many were tried, 0 if none is left.

    There is no stored progress: each tried case is marked with the revision. What a restart or a newer
    catalogue leaves behind has no such mark, and is tried next time.
    """
    revision, roots = await unplaced.list_unplaced(tx, limit)
    if not roots:
        return 0
    work = await catalogue.unit_of_work(
        tx, roots
    )  # read after the revision: if it is newer, the cases are tried again
    cause = Cause(BECAUSE, f"{ORGANISATION}/{revision[:16]}", BY_RULE)
    placed_count = 0
    for root in roots:
        case = work.current(root)
        if case is None:
            continue
        change = place_family(case, cause, work.rules)
        if change is not None:
            work.apply(change)
            placed_count += not change.case.has_unplaced
    await work.save(tx)
    await unplaced.mark_tried(tx, roots, revision)
    log.info("cases.placed", seen=len(roots), placed=placed_count)
    return len(roots)
