"""A batch that breaks is cut in two, again and again, until the record that broke it stands alone."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from shared.messaging.faults import is_transient, retry_delays
from shared.observability.logs import get_logger

log = get_logger(__name__)
T = TypeVar("T")


class BatchAbandoned(Exception):
    """The work is not ours any more (partition taken, service stopping); it will come again."""


async def apply_isolating_poison(
    items: Sequence[T],
    apply: Callable[[Sequence[T]], Awaitable[None]],
    set_aside: Callable[[T, Exception], Awaitable[None]],
    still_ours: Callable[[], bool],
) -> None:
    """Apply all, in order; what breaks by itself is set aside, what only needs time is tried again."""
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
    """None when applied, or the failure that waiting will not mend."""
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
    """Wait, but no longer than the work is ours: a stop or a rebalance is waiting for us."""
    while seconds > 0 and still_ours():
        await asyncio.sleep(min(seconds, 0.2))
        seconds -= 0.2


async def _insist(
    item: T,
    failure: Exception,
    set_aside: Callable[[T, Exception], Awaitable[None]],
    still_ours: Callable[[], bool],
) -> None:
    """Setting aside must succeed: the record must neither vanish nor stop its neighbours."""

    async def once(_: Sequence[T]) -> None:
        await set_aside(item, failure)

    lasting = await _try_until_lasting([item], once, still_ours)
    if lasting is not None:
        raise lasting
