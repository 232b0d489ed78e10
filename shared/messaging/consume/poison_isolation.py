"""Isolation of poison records: a failing batch is halved until the record that breaks it is alone."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from shared.messaging.faults import is_transient, retry_delays
from shared.observability.logs import get_logger

log = get_logger(__name__)
T = TypeVar("T")


class BatchAbandoned(Exception):
    """The partition was revoked, or the service stops; the records will be delivered again."""


async def apply_isolating_poison(
    items: Sequence[T],
    apply: Callable[[Sequence[T]], Awaitable[None]],
    set_aside: Callable[[T, Exception], Awaitable[None]],
    still_ours: Callable[[], bool],
) -> None:
    """Apply all records in order. A record that fails alone is set aside; a transient failure is retried."""
    pieces = [items]
    while pieces:
        piece = pieces.pop()
        failure = await _try_until_lasting(piece, apply, still_ours)
        if failure is None:
            continue
        if len(piece) == 1:
            await _insist(piece[0], failure, set_aside, still_ours)
        else:
            middle = len(piece) // 2
            pieces += [piece[middle:], piece[:middle]]  # the last is popped first: order is kept


async def _try_until_lasting(
    piece: Sequence[T], apply: Callable[[Sequence[T]], Awaitable[None]], still_ours: Callable[[], bool]
) -> Exception | None:
    """Apply, and retry while the failure is transient. Returns a lasting failure, or None."""
    for pause in retry_delays():
        if not still_ours():
            raise BatchAbandoned
        try:
            await apply(piece)
            return None
        except Exception as failure:
            if not is_transient(failure):
                return failure
            log.warning("batch.delayed", error=type(failure).__name__, detail=str(failure)[:300])
            await _rest(max(pause, getattr(failure, "after_seconds", 0)), still_ours)
    raise AssertionError("pauses never end")


async def _rest(seconds: float, still_ours: Callable[[], bool]) -> None:
    """Wait, but at most until a stop or a rebalance. Raises BatchAbandoned then."""
    while seconds > 0 and still_ours():
        await asyncio.sleep(min(seconds, 0.2))
        seconds -= 0.2


async def _insist(
    item: T,
    failure: Exception,
    set_aside: Callable[[T, Exception], Awaitable[None]],
    still_ours: Callable[[], bool],
) -> None:
    """Set a record aside, and retry until it succeeds: it must neither get lost nor block others."""

    async def once(_: Sequence[T]) -> None:
        await set_aside(item, failure)

    lasting = await _try_until_lasting([item], once, still_ours)
    if lasting is not None:
        raise lasting
