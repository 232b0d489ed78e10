"""Transient failures, and how long to wait before a retry."""

import random
from collections.abc import Iterator

import asyncpg
from aiokafka.errors import KafkaError

from shared.errors import RetryLater

_TRANSIENT_ERRORS = (
    asyncpg.PostgresConnectionError,
    asyncpg.TransactionRollbackError,  # serialization failures and deadlocks
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,  # shutdown, crash, cancelled by a time limit
    asyncpg.LockNotAvailableError,
    asyncpg.ReadOnlySQLTransactionError,  # a standby, until somebody promotes it
    asyncpg.InternalClientError,
    KafkaError,
    OSError,
    TimeoutError,
    RetryLater,
)


def is_transient(failure: BaseException) -> bool:
    """Whether a retry of the same work may succeed."""
    if isinstance(failure, asyncpg.InterfaceError):
        return not isinstance(failure, ValueError)  # DataError says the value is wrong, not the link
    return isinstance(failure, _TRANSIENT_ERRORS)


def retry_delays(first: float = 0.05, maximum: float = 5.0) -> Iterator[float]:
    """Seconds to wait before each retry: doubling up to a limit, with jitter."""
    pause = first
    while True:
        yield pause * (0.5 + random.random())  # noqa: S311  (spreads load, guards nothing)
        pause = min(maximum, pause * 2)
