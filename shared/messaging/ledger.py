"""What this service has read, in tables written with the effects: offsets, sequences, replies."""

from collections.abc import Mapping, Sequence

import asyncpg

from shared.db.transaction import Tx
from shared.messaging.routes import Read
from shared.messaging.sorting import Key

Place = tuple[str, int]

_ADVANCE = """
INSERT INTO consumed AS c (topic, partition, next_offset)
SELECT * FROM unnest($1::text[], $2::int[], $3::bigint[]) AS new (topic, partition, next_offset)
 ORDER BY topic, partition
    ON CONFLICT (topic, partition) DO UPDATE
   SET next_offset = greatest(c.next_offset, EXCLUDED.next_offset), handled_at = clock_timestamp()
RETURNING topic, partition, coalesce(old.next_offset, 0) AS fence"""


async def advance(tx: Tx, upto: Mapping[Place, int]) -> dict[Place, int]:
    """Lock these partitions' fences, move them on, and say where they stood: below is done already."""
    rows = await tx.fetch(
        _ADVANCE, [topic for topic, _ in upto], [partition for _, partition in upto], list(upto.values())
    )
    return {(row["topic"], row["partition"]): row["fence"] for row in rows}


async def next_offsets(pool: asyncpg.Pool, places: Sequence[Place]) -> dict[Place, int]:
    """Where to go on reading, for those of these partitions we ever read."""
    rows = await pool.fetch(
        """SELECT topic, partition, next_offset FROM consumed
             JOIN unnest($1::text[], $2::int[]) AS asked (topic, partition) USING (topic, partition)""",
        [topic for topic, _ in places],
        [partition for _, partition in places],
    )
    return {(row["topic"], row["partition"]): row["next_offset"] for row in rows}


async def forget_offset(pool: asyncpg.Pool, place: Place) -> None:
    """The topic was made anew and is shorter than what we read: start over (numbers still tell repeats)."""
    await pool.execute("DELETE FROM consumed WHERE topic = $1 AND partition = $2", *place)


async def seen(tx: Tx, keys: Sequence[Key]) -> dict[Key, int]:
    """The last number seen of each key; the partition's fence or the parked key is the lock."""
    rows = await tx.fetch(
        """SELECT topic, key, seq FROM sequence_seen
             JOIN unnest($1::text[], $2::text[]) AS asked (topic, key) USING (topic, key)""",
        [topic for topic, _ in keys],
        [key for _, key in keys],
    )
    return {(row["topic"], row["key"]): row["seq"] for row in rows}


async def save_seen(tx: Tx, numbers: Mapping[Key, int]) -> None:
    """Remember the last number of each key; never backwards."""
    if not numbers:
        return
    await tx.execute(
        """INSERT INTO sequence_seen AS s (topic, key, seq)
           SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[]) AS new (topic, key, seq)
            ORDER BY topic, key
               ON CONFLICT (topic, key) DO UPDATE SET seq = greatest(s.seq, EXCLUDED.seq)""",
        [topic for topic, _ in numbers],
        [key for _, key in numbers],
        list(numbers.values()),
    )


async def receive_new(tx: Tx, parties: Sequence[str], reads: Sequence[Read]) -> set[tuple[int, int]]:
    """Enter replies in the inbox; the (partition, offset) of those never seen before, each id once."""
    first: dict[tuple[str, str], Read] = {}
    for party, read in zip(parties, reads, strict=True):
        first.setdefault((party, read.ce_id), read)
    if not first:
        return set()
    rows = await tx.fetch(
        """INSERT INTO inbox (party, ce_id)
           SELECT party, ce_id FROM unnest($1::text[], $2::text[]) AS new (party, ce_id)
            ORDER BY party, ce_id
               ON CONFLICT DO NOTHING RETURNING party, ce_id""",
        [party for party, _ in first],
        [ce_id for _, ce_id in first],
    )
    fresh = [first[row["party"], row["ce_id"]].record for row in rows]
    return {(record.partition, record.offset) for record in fresh}


async def forget_inbox(tx: Tx, limit: int, keep_days: int = 37) -> int:
    """Drop ids older than the topic can bring again (its retention and a week)."""
    answer = await tx.execute(
        """DELETE FROM inbox WHERE (party, ce_id) IN (
               SELECT party, ce_id FROM inbox
                WHERE received_at < clock_timestamp() - make_interval(days => $1) LIMIT $2)""",
        keep_days,
        limit,
    )
    return int(answer.rsplit(" ", 1)[-1])
