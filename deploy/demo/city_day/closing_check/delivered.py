"""Each task reaches its party exactly once, and each reply takes effect once or is rejected."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import asyncpg

from deploy.demo.city_day.closing_check import topics
from deploy.demo.city_day.closing_check.finding import Finding
from deploy.demo.city_day.closing_check.topics import Record

QUEUED, REJECTED = "task.queued.v1", "reply.rejected.v1"
CLOSING = {"task.completed.v1": "done", "task.declined.v1": "declined"}


async def tasks_delivered_once(sql: asyncpg.Connection, records: Sequence[Record]) -> Finding:
    """Compare the tasks that routing sent with the records of the parties' topics."""
    sent = {
        str(row["task_id"]): row["party"]
        for row in await sql.fetch(
            "SELECT task_id, party FROM routing.tasks WHERE to_topic AND queued_at IS NOT NULL"
        )
    }
    seen: dict[str, set[str]] = defaultdict(set)
    party_by_task: dict[str, str] = {}
    copies = 0
    for record in records:
        if record.type == QUEUED:
            task = record.data["task_id"]
            copies += record.id in seen[task]
            seen[task].add(record.id)
            party_by_task[task] = _party(record)
    errors = [f"task {task} never reached {party}" for task, party in sent.items() if task not in seen]
    errors += [f"task {task} on a topic, unknown to routing" for task in seen if task not in sent]
    errors += [f"task {task} was sent as {len(ids)} events" for task, ids in seen.items() if len(ids) > 1]
    errors += [
        f"task {task_id} went to {party_by_task[task_id]}, not {party}"
        for task_id, party in sent.items()
        if party_by_task.get(task_id, party) != party
    ]
    repeats = f" ({copies} records repeated on the wire)" if copies else ""
    return Finding(f"{len(sent)} tasks each delivered exactly once in effect{repeats}", errors)


async def replies_take_effect_once(sql: asyncpg.Connection, records: Sequence[Record]) -> Finding:
    """Check that each completion counts once, however often sent, and that invalid replies are rejected."""
    replies = [record for record in records if record.topic.endswith(".replies")]
    answered = Counter(
        (_party(record), data["partition"], data["offset"])
        for record in records
        if record.type == REJECTED
        for data in (record.data,)
    )
    twice = [place for place, count in answered.items() if count > 1]
    errors = [f"{place}: rejected {answered[place]} times" for place in twice]
    errors += await _unmatched_originals(sql, set(answered))
    errors += await _effects(sql, replies, set(answered))
    repeated = len(replies) - len({(_party(record), record.id) for record in replies})
    line = (
        f"{len(replies)} replies: {repeated} sent again without effect, {len(answered)} unusable and answered"
    )
    return Finding(line, errors)


async def _unmatched_originals(sql: asyncpg.Connection, rejected: set[tuple[str, int, int]]) -> list[str]:
    """Check that the held records of parties are exactly the originals of rejected replies."""
    rows = await sql.fetch(
        "SELECT topic, partition, record_offset FROM routing.held WHERE topic LIKE 'agency.%.replies'"
    )
    stored = {(topics.party(row["topic"]), row["partition"], row["record_offset"]) for row in rows}
    return [f"{place}: answered, or held, but not both" for place in stored ^ rejected]


async def _effects(
    sql: asyncpg.Connection, replies: Sequence[Record], rejected: set[tuple[str, int, int]]
) -> list[str]:
    rows = await sql.fetch(
        """SELECT task_id, because, count(*) AS times FROM routing.case_history
            WHERE because = ANY($1) AND task_id IS NOT NULL GROUP BY task_id, because""",
        list(CLOSING),
    )
    effects = {(str(row["task_id"]), row["because"]): row["times"] for row in rows}
    errors = [
        f"task {task}: {type_} took effect {times} times"
        for (task, type_), times in effects.items()
        if times > 1
    ]
    usable = [
        reply
        for reply in replies
        if (_party(reply), reply.partition, reply.offset) not in rejected and reply.type in CLOSING
    ]
    expected_effects = {(record.data["task_id"], record.type) for record in usable}
    return errors + [
        f"task {task}: {type_} had no effect"
        for task, type_ in expected_effects
        if (task, type_) not in effects
    ]


def _party(record: Record) -> str:
    return topics.party(record.topic)
