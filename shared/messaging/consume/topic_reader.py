"""One subscriber of FastStream with what we know of it: its route, its consumer, how it gets on."""

from datetime import datetime
from typing import Any

import asyncpg
from faststream.kafka.subscriber.usecase import BatchSubscriber

from shared.clock import machine_now
from shared.messaging.fetch.fenced_consumer import FencedConsumer
from shared.messaging.fetch.party_topics import PartyTopics
from shared.messaging.record.routes import Route


class TopicReader:
    """Reads one of our topics, or the reply topics of all parties, for as long as it is started."""

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

    @property
    def label(self) -> str:
        """The topic's name, or one name for all parties' replies."""
        return self.route.label

    @property
    def consumer(self) -> FencedConsumer | None:
        """The consumer, None while stopped."""
        consumer: Any = self.subscriber.consumer
        return consumer

    @property
    def has_partitions(self) -> bool:
        """Whether a share of the partitions was assigned and every one of it sought."""
        return self.consumer is not None and self.consumer.gate.ready

    @property
    def unread_parties(self) -> tuple[str, ...]:
        """Parties of the catalogue that are not read, because they have no topic."""
        return self._party_topics.missing if self._party_topics is not None else ()

    @property
    def is_busy(self) -> bool:
        """Whether a batch is being worked on."""
        return self.consumer is not None and self.consumer.gate.busy.locked()

    @property
    def is_polling(self) -> bool:
        """Whether FastStream's loop runs: a stray cancellation ends it while everything else looks well."""
        if self.consumer is None or self.consumer.failed:
            return False
        return any(not task.done() for task in self.subscriber.tasks)

    def count_batch(self) -> None:
        """A batch was handled and committed."""
        self.last_progress_at = machine_now()
        self.batches += 1

    async def start(self) -> None:
        """Join the group and begin to read."""
        await self.subscriber.start()

    async def stop(self) -> None:
        """Take nothing new, let the running batch finish, leave the group.

        The gate is closed first: FastStream waits 15 s for a batch that waits for its database.
        """
        if self.consumer is not None:
            self.consumer.gate.close()
            async with self.consumer.gate.busy:
                pass
        await self.subscriber.stop()
