"""Processing of records in one transaction: fence, parked keys, duplicates, handler, held records."""

from collections import Counter
from collections.abc import Mapping, Sequence

from shared.db.transaction import Tx
from shared.events import topics
from shared.events.agency_replies import AgencyReply
from shared.events.wire.attributes import trace_of
from shared.messaging.deadletter import held_store
from shared.messaging.record import positions
from shared.messaging.record.batch import Handler, UnreadableRecord, batch_of
from shared.messaging.record.classify import (
    BatchDecision,
    HoldDecision,
    Key,
    classify_events,
    classify_replies,
)
from shared.messaging.record.positions import Place
from shared.messaging.record.routes import DecodedRecord, Route
from shared.observability import correlation, metrics
from shared.observability.logs import get_logger

log = get_logger(__name__)


async def process_batch(
    tx: Tx, route: Route, reads: Sequence[DecodedRecord], handler: Handler
) -> BatchDecision:
    """Process these records, and return what was decided about each. Raises what the handler raises."""
    taken = await positions.advance_fences(tx, _upto(reads), _keys(reads))
    new = [r for r in reads if r.record.offset >= taken.fences[r.record.topic, r.record.partition]]
    if not new:
        return BatchDecision()
    what = await classify_records(tx, route, new, taken.seen, taken.parked, digests=taken.digests)
    await apply_batch(tx, route, what, handler)
    return what


async def classify_records(
    tx: Tx,
    route: Route,
    reads: Sequence[DecodedRecord],
    seen: Mapping[Key, int],
    parked: Mapping[Key, str],
    *,
    digests: Mapping[Key, bytes],
    over_gap: bool = False,
) -> BatchDecision:
    """Decide which records to apply, which are duplicates, and which to hold."""
    if not route.is_replies:
        return classify_events(
            reads, seen, parked, digests=digests, compacted=route.compacted, over_gap=over_gap
        )
    usable = [r for r in reads if r.event and not r.failure and (r.record.topic, r.key) not in parked]
    parties = [topics.party_of(read.record.topic) for read in usable]
    fresh, conflicts = await positions.insert_inbox(tx, parties, usable)
    return classify_replies(reads, fresh, parked, conflicts)


async def apply_batch(tx: Tx, route: Route, what: BatchDecision, handler: Handler) -> None:
    """Store held records and sequences, then call the handler once with all records to apply."""
    await held_store.insert_held(tx, what.hold)
    await held_store.park_keys(tx, what.parked)
    await positions.save_sequences(tx, what.seen, what.digests)
    correlation.set_batch_traces(_causes(what.apply))
    pairs = [(read.event, read.record) for read in what.apply if read.event is not None]
    unreadable = _unreadable_records(route, what)
    if pairs or unreadable:
        await handler(tx, batch_of(pairs, unreadable))


def count_batch(what: BatchDecision, label: str) -> None:
    """Update the metrics and log held records, after the commit."""
    metrics.HANDLED.labels(label).inc(len(what.apply))
    metrics.DUPLICATES.labels(label).inc(len(what.duplicates))
    _count_old_forms(what.apply)
    for group, holds in _alike(what.hold).items():
        topic, partition, reason, code = group
        log.error(
            "record.held",
            topic=topic,
            partition=partition,
            offset=holds[0].read.record.offset,
            records=len(holds),
            reason=reason,
            code=code,
        )


def _alike(holds: Sequence[HoldDecision]) -> dict[tuple[str, int, str, str], list[HoldDecision]]:
    """The held records by topic, partition, reason and code: those of one kind are one line of the log."""
    groups: dict[tuple[str, int, str, str], list[HoldDecision]] = {}
    for hold in holds:
        record = hold.read.record
        groups.setdefault((record.topic, record.partition, hold.reason, hold.code), []).append(hold)
    return groups


def _count_old_forms(reads: Sequence[DecodedRecord]) -> None:
    """Count replies in the form before, and name their parties once."""
    counts = Counter(
        read.event.party for read in reads if isinstance(read.event, AgencyReply) and read.event.is_old_form
    )
    for party, count in sorted(counts.items()):
        metrics.OLD_FORM_REPLIES.labels(party).inc(count)
        log.info("replies.old_form", party=party, replies=count)


def _upto(reads: Sequence[DecodedRecord]) -> dict[Place, int]:
    """The offset after the last of these records in each partition."""
    upto: dict[Place, int] = {}
    for read in reads:
        place = (read.record.topic, read.record.partition)
        upto[place] = max(upto.get(place, 0), read.record.offset + 1)
    return upto


def _unreadable_records(route: Route, what: BatchDecision) -> list[UnreadableRecord]:
    """Unreadable records of parties to report, without those whose report has failed before."""
    if not route.is_replies:
        return []
    reads = [hold.read for hold in what.hold if hold.reason == "unreadable"]
    return [_unreadable(read) for read in reads if read.failure is None]


def _unreadable(read: DecodedRecord) -> UnreadableRecord:
    if read.problem is None:
        raise AssertionError("only an unreadable record is reported")
    return UnreadableRecord(
        party=topics.party_of(read.record.topic),
        topic=read.record.topic,
        partition=read.record.partition,
        offset=read.record.offset,
        key=read.key or None,
        reply_id=read.ce_id or None,
        problem=read.problem,
    )


def _keys(reads: Sequence[DecodedRecord]) -> list[Key]:
    return sorted({(read.record.topic, read.key) for read in reads})


def _causes(reads: Sequence[DecodedRecord]) -> dict[str, str]:
    """The trace of each event that has one, by event id."""
    traces = ((read.ce_id, trace_of(read.record.header)) for read in reads)
    return {ce_id: trace for ce_id, trace in traces if trace}
