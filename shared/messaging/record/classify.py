"""The rules of sequence, without I/O: apply, drop or hold each record, in the order of its key."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from shared.messaging.record.routes import DIGEST_SIZE, DecodedRecord

Key = tuple[str, str]
Reason = Literal["poison", "gap", "behind", "unreadable", "kept", "conflict"]
NO_DIGESTS: Mapping[Key, bytes] = {}
MOST_DIGESTS = 64
"""Digests stored of a key: of its last so many numbers. An older number is taken for a repetition."""


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
    digests: dict[Key, bytes] = field(default_factory=dict)
    parked: dict[Key, str] = field(default_factory=dict)


def classify_events(
    reads: Sequence[DecodedRecord],
    seen: Mapping[Key, int],
    parked: Mapping[Key, str],
    *,
    digests: Mapping[Key, bytes] = NO_DIGESTS,
    compacted: bool = False,
    over_gap: bool = False,
) -> BatchDecision:
    """Classify our own events by sequence number: duplicates are dropped, the next applies, a gap is held.

    The first event of a key that a reader sees is its base. Gaps in a compacted topic are normal, and each of
    its records replaces the one before: none waits behind one that is held. `digests` are those of the last
    numbers of each key: another record with one of these numbers is held.
    """
    out = BatchDecision()
    for read in reads:
        key = (read.record.topic, read.key)
        last = out.seen.get(key, seen.get(key))
        earlier = out.digests.get(key, digests.get(key, b""))
        if read.seq is not None and last is not None and read.seq <= last:
            if _is_repetition(read, last - read.seq, earlier):
                out.duplicates.append(read)
            else:
                detail = f"another record was handled under the number {read.seq} of this key"
                out.hold.append(conflict(read, "sequence_conflict", detail))
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
            follows = last is not None and read.seq == last + 1
            out.seen[key] = read.seq
            out.digests[key] = _with_newest(earlier if follows else b"", read.digest)
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


def conflict(read: DecodedRecord, code: str, detail: str) -> HoldDecision:
    """Hold a record whose number or id another one had. Nothing waits for it: the first stands."""
    return HoldDecision(read, "conflict", code, detail, blocks=False)


def _is_repetition(read: DecodedRecord, age: int, digests: bytes) -> bool:
    """Whether this record may be the one handled `age` numbers ago. True where its digest is not known."""
    end = len(digests) - age * DIGEST_SIZE
    return end < DIGEST_SIZE or digests[end - DIGEST_SIZE : end] == read.digest


def _with_newest(digests: bytes, newest: bytes) -> bytes:
    return (digests + newest)[-MOST_DIGESTS * DIGEST_SIZE :]


def classify_replies(
    reads: Sequence[DecodedRecord],
    fresh: set[tuple[int, int]],
    parked: Mapping[Key, str],
    conflicts: Collection[tuple[int, int]] = (),
) -> BatchDecision:
    """Classify parties' replies: new ones apply; unreadable ones are held without blocking their key.

    `conflicts`: partition and offset of those whose id an earlier reply had, with other content.
    """
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
        elif (read.record.partition, read.record.offset) in conflicts:
            detail = f"another reply was handled under the id {read.ce_id}"
            out.hold.append(conflict(read, "id_conflict", detail))
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
