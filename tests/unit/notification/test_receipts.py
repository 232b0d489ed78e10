"""Receipts that come while their texts are being handed over wait for them, and are told together."""

import asyncio
from collections.abc import Sequence
from typing import Any, cast

import asyncpg
import pytest

from services.notification.inbound import receipts as incoming
from services.notification.inbound.receipts import ReceiptBuffer
from services.notification.usecases.record_receipts import Receipt

NO_POOL = cast(asyncpg.Pool, None)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[list[Receipt]]:
    """What reached the database, transaction by transaction."""
    batches: list[list[Receipt]] = []

    async def record(_: Any, receipts: Sequence[Receipt]) -> None:
        batches.append(list(receipts))

    monkeypatch.setattr(incoming, "record_receipts", record)
    return batches


async def test_receipts_of_a_batch_in_the_air_are_told_in_one_transaction(told: list[list[Receipt]]) -> None:
    receipts = ReceiptBuffer()
    with receipts.collecting():
        storing = asyncio.create_task(receipts.flush(NO_POOL))
        for ref in ("a", "b", "c"):
            receipts.add(ref, "DELIVRD")
            await asyncio.sleep(0)
        assert told == []
    await storing
    assert told == [[("a", "DELIVRD"), ("b", "DELIVRD"), ("c", "DELIVRD")]]


async def test_a_receipt_with_no_batch_in_the_air_is_told_at_once(
    told: list[list[Receipt]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "RECEIPTS_WAIT_SECONDS", 60.0)
    receipts = ReceiptBuffer()
    receipts.add("a", "DELIVRD")
    await asyncio.wait_for(receipts.flush(NO_POOL), 5)
    assert told == [[("a", "DELIVRD")]]


async def test_a_text_centre_that_freezes_a_batch_does_not_hold_up_the_receipts_of_others(
    told: list[list[Receipt]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "RECEIPTS_WAIT_SECONDS", 0.01)
    receipts = ReceiptBuffer()
    receipts.add("a", "DELIVRD")
    with receipts.collecting():
        await asyncio.wait_for(receipts.flush(NO_POOL), 5)
    assert told == [[("a", "DELIVRD")]]


async def test_receipts_that_are_given_away_with_their_batch_are_not_told_again(
    told: list[list[Receipt]],
) -> None:
    receipts = ReceiptBuffer()
    for ref in ("a", "of another batch", "b"):
        receipts.add(ref, "DELIVRD")
    assert receipts.pop_matching({"a", "b", "c"}) == [("a", "DELIVRD"), ("b", "DELIVRD")]
    await receipts.flush(NO_POOL)
    assert told == [[("of another batch", "DELIVRD")]]


async def test_a_receipt_that_could_not_be_told_is_not_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Receipt] = []

    async def record(_: Any, receipts: Sequence[Receipt]) -> None:
        seen.extend(receipts)
        if len(seen) == 1:
            raise ConnectionError("PostgreSQL is away")

    monkeypatch.setattr(incoming, "record_receipts", record)
    receipts = ReceiptBuffer()
    receipts.add("a", "DELIVRD")
    with pytest.raises(ConnectionError):
        await receipts.flush(NO_POOL)
    await receipts.flush(NO_POOL)
    assert seen == [("a", "DELIVRD"), ("a", "DELIVRD")]
