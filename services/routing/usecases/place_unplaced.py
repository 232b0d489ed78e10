"""Dossiers that wait for an office are looked at once by each catalogue, in batches, while work goes on."""

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
    """The next that wait; returns how many were looked at, 0 when none waits or all were.

    Nothing is kept of a walk: what a catalogue published meanwhile, a restart or a change of the case leaves
    behind is not marked with the stored revision, and is looked at next time.
    """
    revision, roots = await unplaced.list_unplaced(tx, limit)
    if not roots:
        return 0
    work = await catalogue.unit_of_work(
        tx, roots
    )  # after the revision: at worst newer, and they are seen again
    cause = Cause(BECAUSE, f"{ORGANISATION}/{revision[:16]}", BY_RULE)
    placed_count = 0
    for root in roots:
        case = work.current(root)
        change = place_family(case, cause, work.catalogue, work.at) if case else None
        if change is not None:
            work.apply(change)
            placed_count += not change.case.has_unplaced
    await work.save(tx)
    await unplaced.mark_tried(tx, roots, revision)
    log.info("cases.placed", seen=len(roots), placed=placed_count)
    return len(roots)
