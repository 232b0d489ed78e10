"""Waiting until all that was begun is done; gives up when nothing has come further for a while."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass

from confluent_kafka import Consumer, KafkaException, TopicPartition

from tests.chaos.kills.doors import Doors

STILL_SECONDS, LONGEST_SECONDS = 45.0, 300.0
STATE = """
SELECT (SELECT count(*) FROM routing.cases WHERE state IN ('completed', 'returned', 'refused')) AS done,
       (SELECT count(*) FROM intake.dossiers) AS filed,
       (SELECT count(*) FROM intake.outbox) + (SELECT count(*) FROM routing.outbox)
     + (SELECT count(*) FROM notification.outbox) AS unsent,
       (SELECT count(*) FROM notification.notices WHERE state = 'waiting')
     + (SELECT count(*) FROM notification.messages WHERE state IN ('planned', 'sending')) AS untold,
       ARRAY(SELECT format('%s %s %s %s', service, topic, partition, next_offset)
               FROM (SELECT 'intake' AS service, * FROM intake.consumed
                     UNION ALL SELECT 'routing', * FROM routing.consumed
                     UNION ALL SELECT 'notification', * FROM notification.consumed) AS read_so_far
              ORDER BY 1) AS consumed"""


@dataclass(frozen=True)
class State:
    """One instant of all three schemas."""

    done: int
    filed: int
    unsent: int
    untold: int
    consumed: tuple[str, ...]

    def is_quiet(self, reads: Mapping[str, frozenset[str]], ends: Mapping[tuple[str, int], int]) -> bool:
        """Every dossier decided, every event sent and read, every text out."""
        read = {tuple(line.split(" ")) for line in self.consumed}
        return (self.done, self.unsent, self.untold) == (self.filed, 0, 0) and all(
            (service, topic, str(number), str(end)) in read
            for (topic, number), end in ends.items()
            for service, topics in reads.items()
            if end and topic in topics
        )

    @property
    def come_to(self) -> tuple[int, int]:
        """Grows with every step: dossiers decided, records read."""
        return self.done, sum(int(line.rpartition(" ")[2]) for line in self.consumed)


async def state_of(doors: Doors) -> State:
    """How things stand now."""
    [row] = await doors.rows(STATE)
    return State(row["done"], row["filed"], row["unsent"], row["untold"], tuple(row["consumed"]))


async def settle(doors: Doors, reads: Mapping[str, frozenset[str]]) -> bool:
    """Whether all became quiet; False when nothing came further any more, or for far too long."""
    reader = Consumer(
        {
            "bootstrap.servers": doors.stack.kafka,
            "group.id": "settle",
            "isolation.level": "read_committed",
            "log_level": 0,
        }
    )
    began = moved_at = time.monotonic()
    furthest = (0, 0)
    while time.monotonic() - moved_at < STILL_SECONDS and time.monotonic() - began < LONGEST_SECONDS:
        await asyncio.sleep(0.3)
        now = await state_of(doors)
        ends = await asyncio.to_thread(_ends, reader)
        if ends is not None and now.is_quiet(reads, ends):
            return True
        if now.come_to > furthest:
            furthest, moved_at = now.come_to, time.monotonic()
    return False


def _ends(reader: Consumer) -> dict[tuple[str, int], int] | None:
    """Where each partition ends, or None while Kafka does not say.

    An admin client would not do: it asks with epochs that a killed broker may have forgotten.
    """
    try:
        topics = reader.list_topics(timeout=15).topics
        places = [(name, n) for name in topics if not name.startswith("__") for n in topics[name].partitions]
        found = {at: reader.get_watermark_offsets(TopicPartition(*at), timeout=15) for at in places}
    except KafkaException:
        return None
    return {at: marks[1] for at, marks in found.items()} if all(found.values()) else None
