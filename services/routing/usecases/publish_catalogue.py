"""Publish changed items of the catalogue: store them and send them to all services."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.routing.domain.case.case import BY_RULE
from services.routing.domain.editions.calendar_check import CALENDAR, calendar_errors
from services.routing.domain.editions.catalogue_diff import (
    ORGANISATION,
    CatalogueDiff,
    diff_items,
    refuse_removal,
    refuse_rewrite,
)
from services.routing.store import catalogue as catalogue_store
from services.routing.store import recounts
from services.routing.store.catalogue import CatalogueItem, ItemHead
from shared.actor import Actor
from shared.catalogue import Catalogue
from shared.db.transaction import Tx, city_now, transaction
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
"""The time in which every service gets a new calendar. Dates promised by the old one are recounted then."""

ROOT = derived_id(UUID(int=0), "catalogue", "editions")
"""The root of the catalogue's own audit chain, which belongs to no dossier."""


async def catalogue_in_force(pool: asyncpg.Pool, items: Items) -> Catalogue:
    """The catalogue as it will be once the items of a release's folder are published."""
    async with transaction(pool) as tx:
        heads = {head.item: head for head in await catalogue_store.list_heads(tx)}
        return Catalogue.from_items(merged_items(await catalogue_store.read_items(tx), heads, items))


async def publish_at_start(pool: asyncpg.Pool, items: Items) -> None:
    """Publish changed items of a release's folder, in a transaction of its own."""
    async with transaction(pool) as tx:
        await publish_release(tx, items)


async def publish_release(tx: Tx, items: Items) -> list[str]:
    """Publish the items of a release's folder at a start, except those that an operator has published.

    Returns the keys published now; none if the stored copy is the same to the byte.
    """
    at = await city_now(tx)
    stored = await catalogue_store.lock_items(tx)
    operator_items = sorted(key for key in items if _is_operator_item(stored.get(key)))
    offered = [item for item in _with_digests(items) if item.item not in operator_items]
    changed = [item for item in offered if _differs(stored, item)]
    await catalogue_store.save(tx, changed, at, "release")
    await outbox.append_events(tx, [_published_event(item, BY_RULE, at) for item in changed])
    await _recount(tx, [item for item in changed if item.item in stored], BY_RULE, at)
    log.info("catalogue.published", items=len(items), changed=len(changed), kept=operator_items)
    return [item.item for item in changed]


async def publish_upload(tx: Tx, items: Items, actor: Actor, *, dry_run: bool = False) -> CatalogueDiff:
    """Publish changed items that an operator uploads. Raises Refused if they change what is in force.

    A dry run writes nothing, and neither does an upload without changes.
    """
    at = await city_now(tx)
    stored = await catalogue_store.lock_items(tx)
    offered = {item.item: item for item in _with_digests(items)}
    diff = diff_items(
        {key: head.digest for key, head in stored.items()},
        {key: item.digest for key, item in offered.items()},
    )
    if diff.changed:
        refusal = _refusal(diff, await catalogue_store.read_items(tx), items, at)
        if refusal is not None:
            raise refusal
    if dry_run or not diff.changed_keys:
        return diff  # publishing the same edition again writes nothing
    changed = [offered[key] for key in diff.changed_keys]
    await catalogue_store.save(tx, changed, at, "operator")
    await audit_chain.append(tx, [_audit_line(changed, actor, at)])
    await outbox.append_events(tx, [_published_event(item, actor, at) for item in changed])
    await _recount(tx, [item for item in changed if item.item in diff.changed], actor, at)
    log.info("catalogue.edition_published", changed=len(changed), actor=actor.role)
    return diff


async def _recount(tx: Tx, changed: Sequence[CatalogueItem], actor: Actor, at: datetime) -> None:
    """Start a recount of open dates if the calendar changed."""
    for item in changed:
        if item.item == CALENDAR:
            await recounts.start_run(tx, item.digest, actor=actor, at=at, again_at=at + RENEWED_WITHIN)


def _refusal(diff: CatalogueDiff, stored: Items, offered: Items, at: datetime) -> Refused | None:
    refusal = refuse_rewrite(diff.changed, stored, offered, at.date())
    if refusal is None and ORGANISATION in diff.changed:
        refusal = refuse_removal(stored[ORGANISATION], offered[ORGANISATION])
    if refusal is None and CALENDAR in diff.changed:
        return calendar_errors(stored[CALENDAR], offered[CALENDAR], at)
    return refusal


def merged_items(
    stored: Items, heads: Mapping[str, ItemHead], release: Items
) -> dict[str, Mapping[str, Any]]:
    """The stored items as they will be once the release is published: an operator's items stay."""
    operator_items = {key: content for key, content in stored.items() if _is_operator_item(heads.get(key))}
    return {**stored, **release, **operator_items}


def _differs(stored: Mapping[str, ItemHead], item: CatalogueItem) -> bool:
    """Whether the stored item differs or is missing."""
    head = stored.get(item.item)
    return head is None or head.digest != item.digest


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of an item's canonical JSON, in hex."""
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _with_digests(items: Items) -> list[CatalogueItem]:
    return [CatalogueItem(key, digest_of(content), content) for key, content in sorted(items.items())]


def _is_operator_item(head: ItemHead | None) -> bool:
    return head is not None and head.origin == "operator"


def _published_event(item: CatalogueItem, actor: Actor, at: datetime) -> NewEvent:
    return NewEvent(
        topic=topics.CATALOGUE_VERSIONS.name,
        key=item.item,
        type=published_type(item.item),
        data=CatalogueItemPublished(item=item.item, digest=item.digest, content=dict(item.content)),
        actor=actor,
        time=at,
    )


def _audit_line(changed: Sequence[CatalogueItem], actor: Actor, at: datetime) -> AuditLine:
    return AuditLine(
        ROOT, "catalogue.published", actor=actor, at=at, facts={item.item: item.digest for item in changed}
    )
