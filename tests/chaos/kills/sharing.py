"""How routing's processes share their work: partitions in each group, shards in each relay."""

from __future__ import annotations

import asyncio
import time

from confluent_kafka.admin import AdminClient

from tests.chaos.kills.doors import Doors

PATIENCE_SECONDS = 60.0
GROUPS = ("routing.dossier.events", "routing.agency.replies")
SHARDS = """
SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
 WHERE l.locktype = 'advisory' AND l.granted AND a.application_name = 'motcua relay' AND a.usename = 'routing'
 GROUP BY pid ORDER BY 1"""


async def sharing(doors: Doors) -> dict[str, list[int]]:
    """Counts by process, smallest first: of partitions by group, and of shards."""
    shards = [row["count"] for row in await doors.rows(SHARDS)]
    return await asyncio.to_thread(_partitions, doors.stack.kafka) | {"shards": shards}


async def evenly_shared(doors: Doors, processes: int) -> dict[str, list[int]]:
    """The same, once every process has its part of everything."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        now = await sharing(doors)
        if all(len(parts) == processes and parts[0] > 0 for parts in now.values()):
            return now
        if time.monotonic() > until:
            raise TimeoutError(f"{processes} routing processes do not share the work: {now}")
        await asyncio.sleep(0.3)


def _partitions(bootstrap: str) -> dict[str, list[int]]:
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
    asked = admin.describe_consumer_groups(list(GROUPS), request_timeout=15)
    described = {name: future.result() for name, future in asked.items()}
    return {
        name: sorted(len(member.assignment.topic_partitions) for member in group.members)
        for name, group in described.items()
    }
