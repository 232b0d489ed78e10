"""One piece of a batch in one transaction: fence, parked keys, duplicates, handlers, what is held."""

from collections.abc import Mapping, Sequence

from shared.db.transaction import Tx
from shared.events import topics
from shared.messaging import holding, ledger
from shared.messaging.batch import UnreadableRecord, batch_of
from shared.messaging.ledger import Place
from shared.messaging.routes import Read, Route, waves
from shared.messaging.sorting import Key, Sorted, sort_own, sort_replies
from shared.observability import correlation, metrics
from shared.observability.logs import get_logger

log = get_logger(__name__)


async def receive(tx: Tx, route: Route, reads: Sequence[Read]) -> Sorted:
    """Everything these records mean to this service. Raises what a handler raises."""
    taken = await ledger.take_in(tx, _upto(reads), _keys(reads))
    new = [r for r in reads if r.record.offset >= taken.fences[r.record.topic, r.record.partition]]
    if not new:
        return Sorted()
    what = await sort(tx, route, new, taken.seen, taken.parked)
    await carry_out(tx, route, what)
    return what


async def sort(
    tx: Tx,
    route: Route,
    reads: Sequence[Read],
    seen: Mapping[Key, int],
    parked: Mapping[Key, str],
    *,
    over_gap: bool = False,
) -> Sorted:
    """Which apply, which are repeats, which must be held."""
    if not route.replies:
        return sort_own(reads, seen, parked, compacted=route.compacted, over_gap=over_gap)
    usable = [r for r in reads if r.event and not r.broken and (r.record.topic, r.key) not in parked]
    parties = [topics.party_of(read.record.topic) for read in usable]
    fresh = await ledger.receive_new(tx, parties, usable)
    return sort_replies(reads, fresh, parked)


async def carry_out(tx: Tx, route: Route, what: Sorted) -> None:
    """Write what is held and seen, then let the handlers do their work."""
    await holding.keep(tx, what.hold)
    await holding.park(tx, what.parked)
    await ledger.save_seen(tx, what.seen)
    correlation.set_causes(_causes(what.apply))
    for handler, reads in waves(what.apply, route.handlers.get):
        await handler(tx, batch_of((read.event, read.record) for read in reads if read.event))
    await _tell_unreadable(tx, route, what)


def account(what: Sorted, label: str) -> None:
    """Count and say what happened, once it is committed."""
    metrics.HANDLED.labels(label).inc(len(what.apply))
    metrics.DUPLICATES.labels(label).inc(len(what.duplicates))
    for hold in what.hold:
        record = hold.read.record
        log.error(
            "record.held",
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            reason=hold.reason,
            code=hold.code,
        )


def _upto(reads: Sequence[Read]) -> dict[Place, int]:
    """Behind the last of these records in each partition."""
    upto: dict[Place, int] = {}
    for read in reads:
        place = (read.record.topic, read.record.partition)
        upto[place] = max(upto.get(place, 0), read.record.offset + 1)
    return upto


async def _tell_unreadable(tx: Tx, route: Route, what: Sorted) -> None:
    reads = [hold.read for hold in what.hold if hold.reason == "unreadable" and route.replies]
    lines = [_unreadable(read) for read in reads if read.broken is None]  # telling of it failed already
    if lines and route.on_unreadable is not None:
        await route.on_unreadable(tx, lines)


def _unreadable(read: Read) -> UnreadableRecord:
    if read.wrong is None:
        raise AssertionError("only what could not be read is told of")
    return UnreadableRecord(
        party=topics.party_of(read.record.topic),
        topic=read.record.topic,
        partition=read.record.partition,
        offset=read.record.offset,
        key=read.key or None,
        reply_id=read.ce_id or None,
        why=read.wrong,
    )


def _keys(reads: Sequence[Read]) -> list[Key]:
    return sorted({(read.record.topic, read.key) for read in reads})


def _causes(reads: Sequence[Read]) -> dict[str, str]:
    """The trace of each event that brought one."""
    found = ((read.ce_id, read.record.header("ce_traceparent")) for read in reads)
    return {ce_id: trace for ce_id, trace in found if trace}
