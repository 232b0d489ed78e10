"""The ends of partitions as the log has them, with the records of open transactions.

`end_offsets` of a consumer that reads committed records is the last stable offset: it stops before the first
open transaction.
"""

import asyncio
from collections.abc import Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition

ANSWER_SECONDS = 30


async def log_ends(bootstrap: str, places: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
    """The offset after the last record of each partition. Raises KafkaError, OSError or TimeoutError."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        enable_auto_commit=False,
        group_id=None,
        isolation_level="read_uncommitted",
    )
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await consumer.start()
            return await consumer.end_offsets(list(places))
    finally:
        await consumer.stop()
