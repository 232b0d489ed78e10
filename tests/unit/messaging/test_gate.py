"""The gate: nothing in before every partition is sought, nobody away while a batch runs."""

import asyncio
from collections.abc import Callable, Collection

from aiokafka import TopicPartition

from shared.messaging.fetch.rebalance_gate import RebalanceGate

PLACES = [TopicPartition("t", 0)]


async def at_once(_: Collection[TopicPartition], __: Callable[[], bool]) -> None:
    return


async def test_it_opens_only_when_the_seek_is_done() -> None:
    may = asyncio.Event()

    async def slowly(_: Collection[TopicPartition], __: Callable[[], bool]) -> None:
        await may.wait()

    gate = RebalanceGate(slowly)
    assigning = asyncio.create_task(gate.on_partitions_assigned(PLACES))
    await asyncio.sleep(0)
    assert not gate.ready
    may.set()
    await assigning
    assert gate.ready


async def test_a_revocation_waits_for_the_running_batch_but_tells_it_at_once() -> None:
    gate = RebalanceGate(at_once)
    await gate.on_partitions_assigned(PLACES)
    mine = gate.generation
    async with gate.busy:
        revoking = asyncio.create_task(gate.on_partitions_revoked(PLACES))
        await asyncio.sleep(0)
        assert not revoking.done()
        assert not gate.is_current(mine)
    await revoking


async def test_what_was_taken_before_an_assignment_is_stale_after_it() -> None:
    gate = RebalanceGate(at_once)
    await gate.on_partitions_assigned(PLACES)
    before = gate.generation
    await gate.on_partitions_assigned(PLACES)
    assert not gate.is_current(before)
    assert gate.is_current(gate.generation)


async def test_a_seek_overtaken_by_the_next_rebalance_does_not_open() -> None:
    gate = RebalanceGate(at_once)

    async def overtaken(_: Collection[TopicPartition], __: Callable[[], bool]) -> None:
        gate.close()

    gate._seek = overtaken
    await gate.on_partitions_assigned(PLACES)
    assert not gate.ready
