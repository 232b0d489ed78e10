"""A party whose client writes its replies in transactions, as a real transactional producer does."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal
from uuid import uuid4

from confluent_kafka import Producer

End = Literal["commit", "abort", "leave open"]
LONG_MS = 60_000


@contextmanager
def transaction_of(
    kafka: str, topic: str, *records: dict[str, Any], end: End, limit_ms: int = LONG_MS
) -> Iterator[Producer]:
    """Write these records (keyword arguments of `send`) in one transaction, and end it so.

    An open one is committed at the end of the block. `limit_ms`: after it the broker aborts.
    """
    producer = Producer(
        {
            "bootstrap.servers": kafka,
            "transactional.id": uuid4().hex,
            "partitioner": "murmur2_random",
            "transaction.timeout.ms": limit_ms,
            "log_level": 0,
        }
    )
    producer.init_transactions(30)
    producer.begin_transaction()
    for record in records:
        producer.produce(topic, **record)
    producer.flush(30)
    if end == "commit":
        producer.commit_transaction(30)
    elif end == "abort":
        producer.abort_transaction(30)
    yield producer
    if end == "leave open":
        producer.commit_transaction(30)
