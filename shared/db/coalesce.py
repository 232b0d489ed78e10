"""Many concurrent callers, one statement: what arrives while a batch runs becomes the next batch."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Coalescer(Generic[T, R]):
    """Runs `run` on whatever gathered since the last run. No timer: a lone caller waits for nobody.

    `run` answers one result an item, in order; an exception among them is raised to its own caller.
    If `run` itself raises, every caller of that batch gets the exception.
    """

    def __init__(
        self, run: Callable[[Sequence[T]], Awaitable[Sequence[R | Exception]]], max_batch: int = 256
    ) -> None:
        self._run = run
        self._max_batch = max_batch
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._worker: asyncio.Task[None] | None = None

    async def submit(self, item: T) -> R:
        """This item's own result, worked out together with its neighbours'."""
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return await answer

    async def _work(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[: self._max_batch], self._waiting[self._max_batch :]
            await self._run_one([pair for pair in batch if not pair[1].done()])

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
            for _, answer in batch:
                answer.cancel()
            raise
        for (_, answer), result in zip(batch, results, strict=True):
            _settle(answer, result)


def _settle(answer: "asyncio.Future[R]", result: "R | Exception") -> None:
    if answer.done():
        return
    if isinstance(result, Exception):
        answer.set_exception(result)
    else:
        answer.set_result(result)
