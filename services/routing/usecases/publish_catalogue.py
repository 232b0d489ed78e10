"""Items of the catalogue that changed are stored and told to everyone; the others are left alone."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from services.routing.domain.case.case import BY_RULE
from services.routing.domain.editions.calendar_check import CALENDAR, calendar_errors
from services.routing.domain.editions.catalogue_diff import (
    ORGANISATION,
    CatalogueDiff,
    diff_items,
    forgets,
    rewrites,
)
from services.routing.store import catalogue as shelf
from services.routing.store import recounts
from services.routing.store.catalogue import CatalogueItem, ItemHead
from shared.actor import Actor
from shared.db.transaction import Tx, city_now
from shared.errors import Refused
from shared.events import topics
from shared.events.catalogue import CatalogueItemPublished, published_type
from shared.events.envelope import NewEvent
from shared.events.identifiers import derived_id
from shared.messaging.publish import outbox
from shared.observability.logs import get_logger
from shared.security import audit_chain
from shared.security.audit_chain import AuditLine

log = get_logger(__name__)

Items = Mapping[str, Mapping[str, Any]]
RENEWED_WITHIN = timedelta(minutes=10)
"""By then every door has the new calendar; what was promised by the old one meanwhile is counted again."""

ROOT = derived_id(UUID(int=0), "catalogue", "editions")
"""The audit chain of the catalogue itself: it belongs to no dossier."""


async def publish_release(tx: Tx, items: Items) -> list[str]:
    """At a start: what the release's folder brings. What a person published since then stays.

    Returns the keys published now; none when the stored copy is the same to the byte.
    """
    at = await city_now(tx)
    known = await shelf.lock_items(tx)
    offered = _digested({key: content for key, content in items.items() if not _by_hand(known.get(key))})
    changed = [item for item in offered if _differs(known, item)]
    await shelf.save(tx, changed, at, "release")
    await outbox.append_events(tx, [_told(item, BY_RULE, at) for item in changed])
    await _recount(tx, [item for item in changed if item.item in known], BY_RULE, at)
    kept = sorted(key for key in items if _by_hand(known.get(key)))
    log.info("catalogue.published", items=len(items), changed=len(changed), kept=kept)
    return [item.item for item in changed]


async def publish_upload(tx: Tx, items: Items, actor: Actor, *, dry_run: bool = False) -> CatalogueDiff:
    """While running: what differs is stored, told and signed. Raises Refused if it rewrites what is in force.

    Nothing is written by a dry run, nor when nothing differs, so that publishing twice is publishing once.
    """
    at = await city_now(tx)
    known = await shelf.lock_items(tx)
    offered = {item.item: item for item in _digested(items)}
    edition = diff_items(
        {key: kept.digest for key, kept in known.items()}, {key: one.digest for key, one in offered.items()}
    )
    refused = _refused(edition, await shelf.read_items(tx) if edition.changed else {}, items, at)
    if refused is not None:
        raise refused
    if dry_run or not edition.changed_keys:
        return edition
    touched = [offered[key] for key in edition.changed_keys]
    await shelf.save(tx, touched, at, "operator")
    await audit_chain.append(tx, [_signed(touched, actor, at)])
    await outbox.append_events(tx, [_told(item, actor, at) for item in touched])
    await _recount(tx, [item for item in touched if item.item in edition.changed], actor, at)
    log.info("catalogue.edition_published", changed=len(touched), actor=actor.role)
    return edition


async def _recount(tx: Tx, changed: Sequence[CatalogueItem], actor: Actor, at: datetime) -> None:
    """A calendar that differs moves open dates: from now on they are counted again."""
    for item in changed:
        if item.item == CALENDAR:
            await recounts.start_run(tx, item.digest, actor, at, at + RENEWED_WITHIN)


def _refused(edition: CatalogueDiff, stored: Items, offered: Items, at: datetime) -> Refused | None:
    wrong = rewrites(edition.changed, stored, offered, at.date())
    if wrong is None and ORGANISATION in edition.changed:
        wrong = forgets(stored[ORGANISATION], offered[ORGANISATION])
    if wrong is None and CALENDAR in edition.changed:
        return calendar_errors(stored[CALENDAR], offered[CALENDAR], at)
    return wrong


def merged_items(
    stored: Items, known: Mapping[str, ItemHead], release: Items
) -> dict[str, Mapping[str, Any]]:
    """The copy as it will be once the release is published: the folder's, but where a person changed it."""
    kept = {key: content for key, content in stored.items() if _by_hand(known.get(key))}
    return {**stored, **release, **kept}


def _differs(known: Mapping[str, ItemHead], item: CatalogueItem) -> bool:
    """Whether the stored item is another one, or missing."""
    kept = known.get(item.item)
    return kept is None or kept.digest != item.digest


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of an item's one canonical JSON."""
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _digested(items: Items) -> list[CatalogueItem]:
    return [CatalogueItem(key, digest_of(content), content) for key, content in sorted(items.items())]


def _by_hand(kept: ItemHead | None) -> bool:
    return kept is not None and kept.origin == "operator"


def _told(item: CatalogueItem, actor: Actor, at: datetime) -> NewEvent:
    return NewEvent(
        topic=topics.CATALOGUE_VERSIONS.name,
        key=item.item,
        type=published_type(item.item),
        data=CatalogueItemPublished(item=item.item, digest=item.digest, content=dict(item.content)),
        actor=actor,
        time=at,
    )


def _signed(touched: Sequence[CatalogueItem], actor: Actor, at: datetime) -> AuditLine:
    return AuditLine(ROOT, "catalogue.published", actor, at, {item.item: item.digest for item in touched})
