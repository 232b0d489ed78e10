"""A queue that batches concurrent calls: calls that arrive while batches run become the next batch."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar, cast

T = TypeVar("T")
R = TypeVar("R")


class BatchingQueue(Generic[T, R]):
    """Calls `run` with all items that arrived since its last call. There is no timer to wait for.

    `lanes`: how many batches may run concurrently. With two, one computes while the other waits for the
    database; they may overtake each other.

    `run` returns one result per item, in order; an exception among them is raised to its own caller.
    If `run` itself raises, every caller of that batch gets the exception.
    """

    def __init__(
        self,
        run: Callable[[Sequence[T]], Awaitable[Sequence[R | Exception]]],
        max_batch: int = 256,
        lanes: int = 1,
    ) -> None:
        self._run = run
        self._max_batch = max_batch
        self._lanes = lanes
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._workers = set[asyncio.Task[None]]()

    async def submit(self, item: T) -> R:
        """Add an item to the next batch, and return its result."""
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if len(self._workers) < self._lanes:
            self._workers.add(asyncio.create_task(self._work()))
        return await future

    async def _work(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[: self._max_batch], self._waiting[self._max_batch :]
                await self._run_one([pair for pair in batch if not pair[1].done()])
        finally:
            self._workers.discard(cast("asyncio.Task[None]", asyncio.current_task()))

    async def _run_one(self, batch: list[tuple[T, asyncio.Future[R]]]) -> None:
        if not batch:
            return
        try:
            results = await self._run([item for item, _ in batch])
            if len(results) != len(batch):
                raise RuntimeError(f"{len(batch)} items gave {len(results)} results")
        except Exception as failure:
            results = [failure] * len(batch)
        except asyncio.CancelledError:
            for _, future in batch:
                future.cancel()
            raise
        for (_, future), result in zip(batch, results, strict=True):
            _settle(future, result)


def _settle(future: "asyncio.Future[R]", result: "R | Exception") -> None:
    if future.done():
        return
    if isinstance(result, Exception):
        future.set_exception(result)
    else:
        future.set_result(result)
