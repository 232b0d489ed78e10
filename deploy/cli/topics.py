"""motcua topics."""

from __future__ import annotations

from datetime import timedelta

from deploy.cli import exits, screen
from deploy.local.servers.topics import Seen, count_records, look_at, wanted_topics
from deploy.local.stack import read_stack


def topics(*, json: bool = False) -> int:
    """Every topic: its owner, partitions, how long it keeps records and how many it holds.

    Parameters
    ----------
    json
        One object instead of a table.
    """
    bootstrap = read_stack().kafka
    seen = look_at(bootstrap, wanted_topics())
    held = count_records(bootstrap, [one.topic for one in seen if one.exists])
    if json:
        screen.as_json({"topics": [_facts(one, held.get(one.topic.name, 0)) for one in seen]})
    else:
        rows = [_row(one, held.get(one.topic.name, 0)) for one in seen]
        screen.table("Topics", ("topic", "owner", "partitions", "keeps", "records", ""), rows)
    return exits.DONE if all(one.exists for one in seen) else exits.FAILED


def _facts(seen: Seen, records: int) -> dict[str, object]:
    topic = seen.topic
    kept = topic.retention.total_seconds() if topic.retention else None
    return {
        "name": topic.name,
        "owner": topic.owner,
        "exists": seen.exists,
        "partitions": seen.partitions,
        "retention_seconds": kept,
        "compacted": topic.compacted,
        "records": records,
    }


def _row(seen: Seen, records: int) -> tuple[object, ...]:
    topic = seen.topic
    return (topic.name, topic.owner, topic.partitions, _kept(topic.retention, topic.compacted), records,
            "" if seen.exists else "missing")  # fmt: skip


def _kept(retention: timedelta | None, compacted: bool) -> str:
    if compacted:
        return "the last of each key"
    return f"{retention.days} days" if retention else "for ever"
