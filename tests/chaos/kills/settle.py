"""Waiting until all that was begun is done; gives up when nothing has moved for a while."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass

from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._listoffsets import LatestSpec

from tests.chaos.kills.doors import Doors

STILL_SECONDS = 60.0
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


async def state_of(doors: Doors) -> State:
    """How things stand now."""
    [row] = await doors.rows(STATE)
    return State(row["done"], row["filed"], row["unsent"], row["untold"], tuple(row["consumed"]))


async def settle(doors: Doors, reads: Mapping[str, frozenset[str]]) -> bool:
    """Whether all became quiet; False when nothing moved for a minute and it still was not."""
    admin = AdminClient({"bootstrap.servers": doors.stack.kafka, "log_level": 0})
    before, moved_at = await state_of(doors), time.monotonic()
    while time.monotonic() - moved_at < STILL_SECONDS:
        await asyncio.sleep(0.3)
        now = await state_of(doors)
        if now.is_quiet(reads, await asyncio.to_thread(_ends, admin)):
            return True
        if now != before:
            before, moved_at = now, time.monotonic()
    return False


def _ends(admin: AdminClient) -> dict[tuple[str, int], int]:
    topics = admin.list_topics(timeout=15).topics
    places = [TopicPartition(n, p) for n, t in topics.items() if not n.startswith("__") for p in t.partitions]
    asked = admin.list_offsets(dict.fromkeys(places, LatestSpec()))
    return {(at.topic, at.partition): future.result().offset for at, future in asked.items()}
