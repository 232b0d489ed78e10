"""Many callers share one run; a lone one waits for nobody; each gets its own answer."""

import asyncio
from collections.abc import Sequence

import pytest

from shared.db.batching_queue import BatchingQueue


async def test_what_arrives_while_a_batch_runs_becomes_the_next_batch() -> None:
    batches: list[list[int]] = []
    go = asyncio.Event()

    async def run(items: Sequence[int]) -> Sequence[int | Exception]:
        batches.append(list(items))
        await go.wait()
        return [item * 10 for item in items]

    shared = BatchingQueue(run)
    first = asyncio.create_task(shared.submit(1))
    while not batches:  # noqa: ASYNC110  (the first run has begun)
        await asyncio.sleep(0)
    rest = [asyncio.create_task(shared.submit(n)) for n in (2, 3, 4)]
    await asyncio.sleep(0)
    go.set()
    assert [await one for one in (first, *rest)] == [10, 20, 30, 40]
    assert batches == [[1], [2, 3, 4]]


async def test_with_two_lanes_a_second_batch_does_not_wait_for_the_first_and_a_third_does() -> None:
    batches: list[list[int]] = []
    go = asyncio.Event()

    async def run(items: Sequence[int]) -> Sequence[int | Exception]:
        batches.append(list(items))
        await go.wait()
        return list(items)

    shared = BatchingQueue(run, lanes=2)
    waiting: list[asyncio.Task[int]] = []
    for arrived in ([1], [2, 3], [4], [5]):
        waiting += [asyncio.create_task(shared.submit(n)) for n in arrived]
        await _settled()
    under_way = list(batches)
    go.set()
    assert await asyncio.gather(*waiting) == [1, 2, 3, 4, 5]
    assert under_way == [[1], [2, 3]]
    assert batches == [[1], [2, 3], [4, 5]]


async def test_a_lane_that_emptied_is_there_for_the_next_caller_at_once() -> None:
    async def run(items: Sequence[int]) -> Sequence[int | Exception]:
        return list(items)

    shared = BatchingQueue(run, lanes=2)
    for n in range(5):
        assert await asyncio.wait_for(shared.submit(n), timeout=5) == n


async def _settled() -> None:
    """Everything that can go on without waiting has done so."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_one_refusal_is_its_own_callers_alone() -> None:
    async def run(items: Sequence[int]) -> Sequence[int | Exception]:
        return [LookupError(str(item)) if item == 2 else item for item in items]

    shared = BatchingQueue(run)
    answers = await asyncio.gather(*(shared.submit(n) for n in (1, 2, 3)), return_exceptions=True)
    assert [answers[0], answers[2]] == [1, 3]
    assert isinstance(answers[1], LookupError)


async def test_a_failed_run_fails_its_callers_and_not_the_next() -> None:
    runs: list[int] = []

    async def run(items: Sequence[int]) -> Sequence[int | Exception]:
        runs.append(len(items))
        if len(runs) == 1:
            raise ConnectionResetError
        return list(items)

    shared = BatchingQueue(run)
    with pytest.raises(ConnectionResetError):
        await shared.submit(1)
    assert await shared.submit(2) == 2


async def test_a_caller_that_gave_up_is_left_out() -> None:
    seen: list[int] = []

    async def run(items: Sequence[int]) -> Sequence[int | Exception]:
        seen.extend(items)
        await asyncio.sleep(0)
        return list(items)

    shared = BatchingQueue(run)
    first = asyncio.create_task(shared.submit(1))
    gone = asyncio.create_task(shared.submit(2))
    await asyncio.sleep(0)
    gone.cancel()
    assert await first == 1
    assert await shared.submit(3) == 3
    assert gone.cancelled()
