"""The rules of sequence, without I/O: apply, drop or hold each record, in the order of its key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from shared.messaging.record.routes import DecodedRecord

Key = tuple[str, str]
Reason = Literal["poison", "gap", "behind", "unreadable", "kept"]


@dataclass(frozen=True, slots=True)
class HoldDecision:
    """A record to hold, and why. `blocks`: later records of its key wait for it."""

    read: DecodedRecord
    reason: Reason
    code: str
    detail: str
    blocks: bool = True


@dataclass(slots=True)
class BatchDecision:
    """What to do with each record of a batch."""

    apply: list[DecodedRecord] = field(default_factory=list)
    hold: list[HoldDecision] = field(default_factory=list)
    duplicates: list[DecodedRecord] = field(default_factory=list)
    seen: dict[Key, int] = field(default_factory=dict)
    parked: dict[Key, str] = field(default_factory=dict)


def classify_events(
    reads: Sequence[DecodedRecord],
    seen: Mapping[Key, int],
    parked: Mapping[Key, str],
    *,
    compacted: bool = False,
    over_gap: bool = False,
) -> BatchDecision:
    """Classify our own events by sequence number: duplicates are dropped, the next applies, a gap is held.

    The first event of a key that a reader sees is its base. Gaps in a compacted topic are normal, and each of
    its records replaces the one before: none waits behind one that is held.
    """
    out = BatchDecision()
    for read in reads:
        key = (read.record.topic, read.key)
        last = out.seen.get(key, seen.get(key))
        if read.seq is not None and last is not None and read.seq <= last:
            out.duplicates.append(read)
        elif not compacted and (key in parked or key in out.parked):
            out.hold.append(
                HoldDecision(read, "behind", "behind_held", "an earlier record of this key is held")
            )
        elif (fault := _fault(read)) is not None:
            if compacted:
                out.hold.append(replace(fault, blocks=False))
            else:
                _park(out, key, fault)
        elif read.seq is None:
            out.duplicates.append(read)  # not for this handler, and without a sequence number
        elif last is None or read.seq == last + 1 or compacted or over_gap:
            out.seen[key] = read.seq
            out.apply.append(read)
        else:
            _park(
                out,
                key,
                HoldDecision(
                    read, "gap", "sequence_gap", f"after {last} came {read.seq}, expected {last + 1}"
                ),
            )
    return out


def classify_replies(
    reads: Sequence[DecodedRecord], fresh: set[tuple[int, int]], parked: Mapping[Key, str]
) -> BatchDecision:
    """Classify parties' replies: new ones apply; unreadable ones are held without blocking their key."""
    out = BatchDecision()
    for read in reads:
        key = (read.record.topic, read.key)
        if read.problem is not None:
            out.hold.append(
                HoldDecision(read, "unreadable", read.problem.code, str(read.problem), blocks=False)
            )
        elif key in parked or key in out.parked:
            out.hold.append(
                HoldDecision(read, "behind", "behind_held", "an earlier record of this key is held")
            )
        elif read.failure is not None:
            _park(out, key, _poison(read))
        elif (read.record.partition, read.record.offset) in fresh:
            out.apply.append(read)
        else:
            out.duplicates.append(read)
    return out


def _park(out: BatchDecision, key: Key, hold: HoldDecision) -> None:
    out.hold.append(hold)
    out.parked[key] = hold.reason


def _fault(read: DecodedRecord) -> HoldDecision | None:
    if read.failure is not None:
        return _poison(read)
    if read.problem is not None:
        return HoldDecision(read, "unreadable", read.problem.code, str(read.problem))
    return None


def _poison(read: DecodedRecord) -> HoldDecision:
    failure = read.failure
    code = str(getattr(failure, "code", None) or type(failure).__name__)
    return HoldDecision(read, "poison", code, str(failure)[:2000])
