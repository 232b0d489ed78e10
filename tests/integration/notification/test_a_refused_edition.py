"""Texts that cannot be used are refused with the reason; the old ones stay, and the repair comes in."""

from copy import deepcopy
from datetime import datetime
from typing import Any

import pytest

from services.notification.usecases.template_cache import save_published
from shared.clock import CITY_TZ
from shared.db.transaction import transaction
from shared.events.catalogue import CatalogueItemPublished
from shared.messaging.record.batch import Batch
from shared.service.catalogue_copy import copy_complaint, read_copy
from tests.builders.catalogue import items
from tests.builders.notification import Office
from tests.databases import Database

pytestmark = pytest.mark.integration


class _Event:
    def __init__(self, digest: str, content: dict[str, Any]) -> None:
        self.data = CatalogueItemPublished(item="messages", digest=digest, content=content)


async def arrive(office: Office, *editions: tuple[str, dict[str, Any]]) -> None:
    async with transaction(office.pool) as tx:
        batch: Any = Batch([_Event(*edition) for edition in editions])  # pyright: ignore[reportArgumentType]
        await save_published(tx, batch)


def without_a_template() -> dict[str, Any]:
    content = deepcopy(items()["messages"])
    del content["templates"]["completed"]
    return content


async def test_the_old_texts_stay_and_the_reason_is_shown(office: Office) -> None:
    await arrive(office, ("2", without_a_template()))
    _, templates = await office.words.current(office.pool)
    assert (templates.digest, "completed" in templates.texts) == ("1", True)
    copy = await read_copy(office.pool)
    assert copy.in_force["messages"] == "1"
    assert [(row.item, row.digest, row.fault) for row in copy.refused] == [
        ("messages", "2", "templates.completed: is missing; put the template back")
    ]
    assert "messages was refused" in (await copy_complaint(office.pool) or "")


async def test_a_repaired_edition_comes_in(office: Office) -> None:
    await arrive(office, ("2", without_a_template()))
    await arrive(office, ("3", items()["messages"]))
    copy = await read_copy(office.pool)
    assert (copy.in_force["messages"], copy.refused) == ("3", [])


async def test_of_one_batch_the_last_that_can_be_used_is_in_force(office: Office) -> None:
    await arrive(office, ("3", items()["messages"]), ("4", without_a_template()))
    copy = await read_copy(office.pool)
    assert (copy.in_force["messages"], [row.digest for row in copy.refused]) == ("3", ["4"])


async def test_how_far_the_calendar_reaches_is_told_and_warned_of(office: Office, database: Database) -> None:
    copy = await read_copy(office.pool)
    assert (str(copy.covers_until), copy.ends_soon) == ("2027-12-31", False)
    assert "Tết Đinh Mùi" in {line.name for line in copy.unconfirmed_days}
    await database.set_clock(datetime(2027, 11, 20, 9, tzinfo=CITY_TZ))
    assert "the calendar ends on 2027-12-31" in (await copy_complaint(office.pool) or "")
