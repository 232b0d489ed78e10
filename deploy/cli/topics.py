"""motcua topics."""

from __future__ import annotations

from datetime import timedelta

from deploy.cli import exits, screen
from deploy.cli.services import asking_servers
from deploy.local.servers.topics import BrokerTopic, count_records, describe_topics, wanted_topics
from deploy.local.stack import read_stack


def topics(*, json: bool = False) -> int:
    """List all topics with owner, partitions, retention and number of records.

    Parameters
    ----------
    json
        One object instead of a table.
    """
    bootstrap = read_stack().kafka
    with asking_servers():
        described = describe_topics(bootstrap, wanted_topics())
        counts = count_records(bootstrap, [topic.topic for topic in described if topic.exists])
    if json:
        screen.as_json({"topics": [_facts(topic, counts.get(topic.topic.name, 0)) for topic in described]})
    else:
        rows = [_row(topic, counts.get(topic.topic.name, 0)) for topic in described]
        screen.table("Topics", ("topic", "owner", "partitions", "keeps", "records", ""), rows)
    return exits.DONE if all(topic.exists for topic in described) else exits.FAILED


def _facts(seen: BrokerTopic, records: int) -> dict[str, object]:
    topic = seen.topic
    retention = topic.retention.total_seconds() if topic.retention else None
    return {
        "name": topic.name,
        "owner": topic.owner,
        "exists": seen.exists,
        "partitions": seen.partitions,
        "retention_seconds": retention,
        "compacted": topic.compacted,
        "records": records,
    }


def _row(seen: BrokerTopic, records: int) -> tuple[object, ...]:
    topic = seen.topic
    retention = _retention_text(topic.retention, topic.compacted)
    note = "" if seen.exists else "missing"
    return (topic.name, topic.owner, topic.partitions, retention, records, note)


def _retention_text(retention: timedelta | None, compacted: bool) -> str:
    if compacted:
        return "the last of each key"
    return f"{retention.days} days" if retention else "for ever"
