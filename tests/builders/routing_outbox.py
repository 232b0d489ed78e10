"""What routing has told the city so far, as it would go over the wire."""

import asyncpg
import orjson

from deploy.demo.city_day.closing_check.topics import Record


async def updates_sent(pool: asyncpg.Pool) -> list[Record]:
    """The records of `case.updates`, in their order; no relay may have sent them yet."""
    rows = await pool.fetch(
        "SELECT topic, key, headers, value FROM outbox WHERE topic = 'case.updates' ORDER BY position"
    )
    return [
        Record(row["topic"], 0, n, row["key"].encode(), bytes(row["value"]), _bytes(row["headers"]))
        for n, row in enumerate(rows)
    ]


def _bytes(headers: str) -> dict[str, bytes]:
    return {name: str(value).encode() for name, value in dict(orjson.loads(headers)).items()}
