"""A service's copy of the catalogue: what is in force, what it refused and why, the calendar's end."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import asyncpg
from fastapi import APIRouter
from pydantic import BaseModel

from shared.catalogue.decoding.item_check import item_fault
from shared.db.table import Table
from shared.db.transaction import Tx, city_now, transaction
from shared.events.catalogue import CatalogueItemPublished
from shared.observability.logs import get_logger

log = get_logger(__name__)

FindFault = Callable[[str, Mapping[str, Any]], str | None]
"""Why a service cannot use an item with this content; None if it can."""

WARNED_BEFORE = timedelta(weeks=8)
"""How long before its calendar ends the city is warned: promises reach weeks ahead."""

CONFIRMED = frozenset({"verified", "secondary"})
"""The evidence of a day off that may be relied on (docs/catalogue.md)."""

ITEMS = Table("catalogue_items", CatalogueItemPublished, key="item")


class RefusedItem(BaseModel):
    """The newest version of an item that the service could not use. `fault`: why."""

    item: str
    digest: str
    fault: str
    refused_at: datetime


class UnconfirmedDay(BaseModel):
    """A day off or make-up day ahead that no decision confirms yet."""

    day: date
    name: str
    name_en: str


class CatalogueCopy(BaseModel):
    """What a service goes by. `in_force`: digests by item. `covers_until`: the calendar's last day."""

    in_force: dict[str, str]
    refused: list[RefusedItem]
    covers_until: date | None
    days_left: int | None
    ends_soon: bool
    unconfirmed_days: list[UnconfirmedDay]


@dataclass(frozen=True, slots=True)
class _Refusal:
    item: str
    digest: str
    fault: str
    refused_at: datetime


REFUSALS = Table("refused_items", _Refusal, key="item")


async def save_arrivals(
    tx: Tx, items: Sequence[CatalogueItemPublished], find_fault: FindFault = item_fault
) -> None:
    """Store the newest usable version of each item, and of unusable ones why; the old one stays in force.

    A version that comes later takes the place of a refused one: nothing waits behind it.
    """
    usable: dict[str, CatalogueItemPublished] = {}
    refused: dict[str, _Refusal] = {}
    at = await city_now(tx)
    for item in items:
        fault = find_fault(item.item, item.content)
        if fault is None:
            usable[item.item] = item
            refused.pop(item.item, None)
        else:
            refused[item.item] = _Refusal(item.item, item.digest, fault, at)
            log.error("catalogue.item_refused", item=item.item, digest=item.digest, reason=fault[:500])
    await ITEMS.upsert(tx, [usable[key] for key in sorted(usable)])
    await tx.execute("DELETE FROM refused_items WHERE item = ANY($1)", sorted(usable))
    await REFUSALS.upsert(tx, [refused[key] for key in sorted(refused)])


async def read_copy(pool: asyncpg.Pool) -> CatalogueCopy:
    """What this service goes by now."""
    async with transaction(pool) as tx:
        digests = await tx.fetch("SELECT item, digest FROM catalogue_items ORDER BY item")
        refused = await tx.fetch("SELECT item, digest, fault, refused_at FROM refused_items ORDER BY item")
        content = await tx.fetchval("SELECT content FROM catalogue_items WHERE item = 'calendar'")
        today = (await city_now(tx)).date()
    calendar: Mapping[str, Any] = content or {}
    end = calendar.get("covers", {}).get("to")
    covers_until = date.fromisoformat(end) if end else None
    days_left = (covers_until - today).days if covers_until else None
    return CatalogueCopy(
        in_force={row["item"]: row["digest"] for row in digests},
        refused=[RefusedItem(**row) for row in refused],
        covers_until=covers_until,
        days_left=days_left,
        ends_soon=days_left is not None and days_left <= WARNED_BEFORE.days,
        unconfirmed_days=[
            UnconfirmedDay(day=line["date"], name=line["name"]["vi"], name_en=line["name"]["en"])
            for line in calendar.get("national", ())
            if line["evidence"] not in CONFIRMED and date.fromisoformat(line["date"]) >= today
        ],
    )


async def copy_complaint(pool: asyncpg.Pool) -> str | None:
    """What a person must do about the catalogue, for /health/ready; None if nothing."""
    copy = await read_copy(pool)
    complaints = [f"{item.item} was refused, the earlier one stays: {item.fault}" for item in copy.refused]
    if copy.ends_soon:
        complaints.append(f"the calendar ends on {copy.covers_until}; publish the next one")
    return "; ".join(complaints) or None


def catalogue_copy_routes(pool: asyncpg.Pool) -> APIRouter:
    """/health/catalogue: what this service goes by, for the board and `motcua catalogue status`."""
    router = APIRouter(tags=["health"])

    @router.get("/health/catalogue")
    async def catalogue_copy() -> CatalogueCopy:
        """The catalogue as this service has it: in force, refused, and how far its calendar reaches."""
        return await read_copy(pool)

    return router
