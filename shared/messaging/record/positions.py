"""Positions of reading, stored in the transaction of the effects: offsets, sequence numbers, replies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import asyncpg

from shared.db.transaction import Tx, defer_write
from shared.messaging.record.classify import NO_DIGESTS, Key
from shared.messaging.record.records import Record
from shared.messaging.record.routes import DecodedRecord

Place = tuple[str, int]


@dataclass(slots=True)
class IntakePositions:
    """The stored positions for a batch: next offset per partition (`fences`), reason per parked key, and last
    sequence number per key with the digests of the last ones.
    """

    fences: dict[Place, int] = field(default_factory=dict)
    parked: dict[Key, str] = field(default_factory=dict)
    seen: dict[Key, int] = field(default_factory=dict)
    digests: dict[Key, bytes] = field(default_factory=dict)


async def advance_fences(tx: Tx, upto: Mapping[Place, int], keys: Sequence[Key]) -> IntakePositions:
    """Lock and advance the fences of partitions, lock parked keys, and read sequence numbers.

    The lock of a parked key separates a replay from a batch; that of a fence two readers of a partition.
    """
    rows = await tx.fetch(
        "SELECT what, topic, key, place, number, reason, digests FROM take_in($1, $2, $3, $4, $5)",
        [topic for topic, _ in upto],
        [partition for _, partition in upto],
        list(upto.values()),
        [topic for topic, _ in keys],
        [key for _, key in keys],
    )
    taken = IntakePositions()
    for what, topic, key, place, number, reason, digests in rows:
        match what:
            case "fence":
                taken.fences[topic, place] = number
            case "parked":
                taken.parked[topic, key] = reason
            case _:
                taken.seen[topic, key] = number
                taken.digests[topic, key] = digests
    return taken


async def next_offsets(pool: asyncpg.Pool, places: Sequence[Place]) -> dict[Place, int]:
    """The next offset of those of these partitions that were read before."""
    rows = await pool.fetch(
        """SELECT topic, partition, next_offset FROM consumed
             JOIN unnest($1::text[], $2::int[]) AS asked (topic, partition) USING (topic, partition)""",
        [topic for topic, _ in places],
        [partition for _, partition in places],
    )
    return {(row["topic"], row["partition"]): row["next_offset"] for row in rows}


async def advance_offsets(db: Tx | asyncpg.Pool, table: str, offsets: Mapping[Place, int]) -> None:
    """Store the next offsets of partitions in `consumed` or `published`. Offsets never decrease."""
    await db.execute(
        f"""INSERT INTO {table} AS stored (topic, partition, next_offset)
           SELECT * FROM unnest($1::text[], $2::int[], $3::bigint[]) AS new (topic, partition, next_offset)
            ORDER BY topic, partition
               ON CONFLICT (topic, partition) DO UPDATE
              SET next_offset = greatest(stored.next_offset, EXCLUDED.next_offset)""",  # noqa: S608  (ours)
        [topic for topic, _ in offsets],
        [partition for _, partition in offsets],
        list(offsets.values()),
    )


async def pass_over(pool: asyncpg.Pool, offsets: Mapping[Place, int]) -> None:
    """Store that everything before these offsets is handled, where no record is left in between."""
    await advance_offsets(pool, "consumed", offsets)


async def forget_offset(pool: asyncpg.Pool, place: Place) -> None:
    """Forget the offset of a recreated topic. Sequence numbers still detect duplicates."""
    await pool.execute("DELETE FROM consumed WHERE topic = $1 AND partition = $2", *place)


async def forget_topics(pool: asyncpg.Pool, topics: Sequence[str]) -> None:
    """Forget the offsets of topics that are gone: one of the same name is read from its beginning."""
    await pool.execute("DELETE FROM consumed WHERE topic = ANY($1)", list(topics))


async def read_sequences(tx: Tx, keys: Sequence[Key]) -> tuple[dict[Key, int], dict[Key, bytes]]:
    """The last sequence number of each key, and its digests. Hold the partition's fence or the parked key."""
    rows = await tx.fetch(
        """SELECT topic, key, seq, digests FROM sequence_seen
             JOIN unnest($1::text[], $2::text[]) AS asked (topic, key) USING (topic, key)""",
        [topic for topic, _ in keys],
        [key for _, key in keys],
    )
    numbers = {(row["topic"], row["key"]): row["seq"] for row in rows}
    return numbers, {(row["topic"], row["key"]): row["digests"] for row in rows}


async def save_sequences(
    tx: Tx, numbers: Mapping[Key, int], digests: Mapping[Key, bytes] = NO_DIGESTS
) -> None:
    """Store the last sequence number of each key, and its digests, with the next write.

    Numbers never decrease.
    """
    if not numbers:
        return
    await defer_write(
        tx,
        """INSERT INTO sequence_seen AS s (topic, key, seq, digests)
           SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bytea[])
                      AS new (topic, key, seq, digests)
            ORDER BY topic, key
               ON CONFLICT (topic, key) DO UPDATE
              SET seq = EXCLUDED.seq, digests = EXCLUDED.digests WHERE s.seq < EXCLUDED.seq""",
        [topic for topic, _ in numbers],
        [key for _, key in numbers],
        list(numbers.values()),
        [digests.get(key, b"") for key in numbers],
    )


async def insert_inbox(
    tx: Tx, parties: Sequence[str], reads: Sequence[DecodedRecord]
) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """Insert replies into the inbox. Returns (partition, offset) of those that are new, each id once, and of
    those whose id another reply had, with other content. Only a repeated id costs a second statement.
    """
    first: dict[tuple[str, str], DecodedRecord] = {}
    repeated: list[tuple[tuple[str, str], DecodedRecord]] = []
    for party, read in zip(parties, reads, strict=True):
        if first.setdefault((party, read.ce_id), read) is not read:
            repeated.append(((party, read.ce_id), read))
    if not first:
        return set(), set()
    rows = await tx.fetch(
        """INSERT INTO inbox (party, ce_id, digest)
           SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[]) AS new (party, ce_id, digest)
            ORDER BY party, ce_id
               ON CONFLICT DO NOTHING RETURNING party, ce_id""",
        [party for party, _ in first],
        [ce_id for _, ce_id in first],
        [read.digest for read in first.values()],
    )
    inserted = {(row["party"], row["ce_id"]) for row in rows}
    repeated += [(id, read) for id, read in first.items() if id not in inserted]
    digests = await _stored_digests(tx, [id for id, _ in repeated]) if repeated else {}
    conflicts = [read.record for id, read in repeated if digests.get(id, read.digest) != read.digest]
    return _places([first[id].record for id in inserted]), _places(conflicts)


async def _stored_digests(tx: Tx, ids: Sequence[tuple[str, str]]) -> dict[tuple[str, str], bytes]:
    """The digest of each of these replies; none for one that was stored without."""
    rows = await tx.fetch(
        """SELECT party, ce_id, digest FROM inbox
             JOIN unnest($1::text[], $2::text[]) AS asked (party, ce_id) USING (party, ce_id)
            WHERE digest IS NOT NULL""",
        [party for party, _ in ids],
        [ce_id for _, ce_id in ids],
    )
    return {(row["party"], row["ce_id"]): row["digest"] for row in rows}


def _places(records: Sequence[Record]) -> set[tuple[int, int]]:
    return {(record.partition, record.offset) for record in records}


async def prune_inbox(tx: Tx, limit: int, keep_days: int = 37) -> int:
    """Delete ids that are older than the topic's retention and a week."""
    answer = await tx.execute(
        """DELETE FROM inbox WHERE (party, ce_id) IN (
               SELECT party, ce_id FROM inbox
                WHERE received_at < clock_timestamp() - make_interval(days => $1) LIMIT $2)""",
        keep_days,
        limit,
    )
    return int(answer.rsplit(" ", 1)[-1])
