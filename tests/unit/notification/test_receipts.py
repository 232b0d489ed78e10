"""Receipts in memory, between the SMPP client and the table: a few, for a moment, and none forgotten."""

import asyncio
from collections.abc import Sequence
from typing import Any, cast

import asyncpg
import pytest

from services.notification.domain.delivery_receipt import RawReceipt
from services.notification.inbound import receipts as incoming
from services.notification.inbound.receipts import ReceiptIntake

NO_POOL = cast(asyncpg.Pool, None)
A, B = RawReceipt(b"id:a stat:DELIVRD"), RawReceipt(b"id:b stat:DELIVRD")


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> list[list[RawReceipt]]:
    """What reached the database, statement by statement."""
    batches: list[list[RawReceipt]] = []

    async def save(_: Any, __: str, receipts: Sequence[RawReceipt]) -> None:
        batches.append(list(receipts))

    monkeypatch.setattr(incoming.store, "save_raw", save)
    return batches


async def test_all_that_arrived_is_stored_at_once_even_while_a_batch_is_in_the_air(
    stored: list[list[RawReceipt]],
) -> None:
    receipts = ReceiptIntake("standard")
    with receipts.collecting():
        await receipts.add(A)
        await receipts.add(B)
        assert await receipts.store(NO_POOL) == 2
    assert (stored, len(receipts)) == ([[A, B]], 0)


async def test_receipts_of_a_batch_in_the_air_are_recorded_once_its_attempts_are_stored() -> None:
    receipts = ReceiptIntake("standard")
    with receipts.collecting():
        waiting = asyncio.create_task(receipts.wait_for_results())
        await asyncio.sleep(0.01)
        assert not waiting.done()
    await asyncio.wait_for(waiting, 5)


async def test_a_text_centre_that_freezes_a_batch_does_not_hold_up_the_receipts_of_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(incoming, "RESULTS_WAIT_SECONDS", 0.01)
    receipts = ReceiptIntake("standard")
    with receipts.collecting():
        await asyncio.wait_for(receipts.wait_for_results(), 5)


async def test_a_receipt_that_could_not_be_stored_is_not_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[Sequence[RawReceipt]] = []

    async def save(_: Any, __: str, receipts: Sequence[RawReceipt]) -> None:
        tries.append(receipts)
        if len(tries) == 1:
            raise ConnectionError("PostgreSQL is away")

    monkeypatch.setattr(incoming.store, "save_raw", save)
    receipts = ReceiptIntake("standard")
    await receipts.add(A)
    with pytest.raises(ConnectionError):
        await receipts.store(NO_POOL)
    await receipts.store(NO_POOL)
    assert tries == [[A], [A]]


async def test_with_too_many_in_memory_no_more_are_taken_until_they_are_stored(
    stored: list[list[RawReceipt]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "MOST_UNSTORED", 1)
    receipts = ReceiptIntake("standard")
    await receipts.add(A)
    second = asyncio.create_task(receipts.add(B))
    await asyncio.sleep(0.01)
    assert not second.done()
    await receipts.store(NO_POOL)
    await asyncio.wait_for(second, 5)
    assert (stored, len(receipts)) == ([[A]], 1)
