"""A FastStream subscriber with its route, its consumer and its progress."""

from datetime import datetime
from typing import Any

import asyncpg
from faststream.kafka.subscriber.usecase import BatchSubscriber

from shared.clock import machine_now
from shared.messaging.consume.open_transactions import OpenTransactions
from shared.messaging.fetch.fenced_consumer import FencedConsumer
from shared.messaging.fetch.party_topics import PartyTopics
from shared.messaging.record.routes import Route


class TopicReader:
    """Reads one of our topics, or the reply topics of all parties, while it is started."""

    def __init__(
        self,
        subscriber: BatchSubscriber,
        route: Route,
        *,
        pool: asyncpg.Pool,
        topic_prefix: str,
        party_topics: PartyTopics | None = None,
    ) -> None:
        self.subscriber, self.route = subscriber, route
        self.pool, self.topic_prefix = pool, topic_prefix
        self._party_topics = party_topics
        self.last_progress_at: datetime | None = None
        self.batches = 0
        self.open_transactions = OpenTransactions()

    @property
    def label(self) -> str:
        """The topic's name; one name for the replies of all parties."""
        return self.route.label

    @property
    def consumer(self) -> FencedConsumer | None:
        """The consumer; None while stopped."""
        consumer: Any = self.subscriber.consumer
        return consumer

    @property
    def has_partitions(self) -> bool:
        """Whether partitions were assigned and all of them positioned."""
        return self.consumer is not None and self.consumer.gate.ready

    def reads(self, topic: str) -> bool:
        """Whether this logical topic is one of its own."""
        return topic.startswith("agency.") if self.route.is_replies else topic == self.label

    def observe_transactions(self) -> None:
        """Note partitions with an open transaction."""
        if self.consumer is not None:
            self.open_transactions.observe(self.consumer)

    def hanging_transactions(self, patience: float) -> dict[str, float]:
        """For how many seconds a transaction has been open, if more than `patience`, by logical topic."""
        hanging = self.open_transactions.hanging(patience)
        return {topic.removeprefix(self.topic_prefix): seconds for topic, seconds in hanging.items()}

    @property
    def unread_parties(self) -> tuple[str, ...]:
        """Parties of the catalogue that have no reply topic."""
        return self._party_topics.missing if self._party_topics is not None else ()

    @property
    def is_busy(self) -> bool:
        """Whether a batch is being handled."""
        return self.consumer is not None and self.consumer.gate.busy.locked()

    @property
    def is_polling(self) -> bool:
        """Whether FastStream's loop runs: a stray cancellation may end it unnoticed."""
        if self.consumer is None or self.consumer.failed:
            return False
        return any(not task.done() for task in self.subscriber.tasks)

    def count_batch(self) -> None:
        """Count a batch that was handled and committed."""
        self.last_progress_at = machine_now()
        self.batches += 1

    async def start(self) -> None:
        """Join the group and start reading."""
        await self.subscriber.start()

    async def stop(self) -> None:
        """Stop fetching, let the running batch finish, and leave the group.

        The gate is closed first, because FastStream waits 15 s for a batch that waits for its database.
        """
        if self.consumer is not None:
            self.consumer.gate.close()
            async with self.consumer.gate.busy:
                pass
        await self.subscriber.stop()
