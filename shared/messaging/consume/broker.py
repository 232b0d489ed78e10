"""FastStream's Kafka broker with our delivery guarantees for all subscribers of a service."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, TypeAlias

import asyncpg
from faststream import AckPolicy
from faststream.exceptions import SetupError
from faststream.kafka import KafkaBroker, KafkaRouter

from shared.events import topics
from shared.messaging.consume.backlog import wait_until_caught_up
from shared.messaging.consume.declarations import route_of
from shared.messaging.consume.inbox import Inbox, keep_raw_records
from shared.messaging.consume.lag import total_lag
from shared.messaging.consume.stall_detector import StallThresholds
from shared.messaging.consume.supervisor import Supervisor, start_reader
from shared.messaging.consume.topic_reader import TopicReader
from shared.messaging.fetch.fenced_consumer import FencedConsumer
from shared.messaging.fetch.party_topics import ListParties, PartyTopics
from shared.messaging.record.routes import REPLIES_LABEL

Declarations: TypeAlias = KafkaRouter
"""The declarations of a service, in its `inbound/kafka.py`."""
POLL_SECONDS = 0.05
CONSUMER_OPTIONS = {
    "enable_auto_commit": False,
    "auto_offset_reset": "earliest",
    "fetch_max_wait_ms": 500,
    "session_timeout_ms": 30_000,
    "rebalance_timeout_ms": 60_000,
    "max_poll_interval_ms": 86_400_000,
}


class Broker(KafkaBroker):
    """The consumers of one service. Its routers declare the subscribers; `start` joins their groups.

    `topic_prefix`: a prefix of topics and groups, for tests; give it to `include_router` as well.
    `list_parties`: the parties whose replies to read, for a service that reads replies.
    """

    def __init__(
        self,
        bootstrap: str,
        *,
        pool: asyncpg.Pool,
        service: str,
        instance: str = "0",
        topic_prefix: str = "",
        thresholds: StallThresholds | None = None,
        list_parties: ListParties | None = None,
    ) -> None:
        super().__init__(
            bootstrap,
            client_id=f"motcua-{service}-{instance}",
            ack_policy=AckPolicy.MANUAL,
            allow_auto_create_topics=False,
            consumer_only=True,
            metadata_max_age_ms=3000,
            parser=keep_raw_records,
            middlewares=[Inbox],
            logger=None,
        )
        self.pool, self.topic_prefix = pool, topic_prefix
        self._bootstrap, self._instance = bootstrap, instance
        self._party_topics = PartyTopics(list_parties, topic_prefix) if list_parties is not None else None
        self._readers: dict[Any, TopicReader] = {}
        self._supervisor = Supervisor(thresholds or StallThresholds())
        self._is_wanted = False
        self._all_started = asyncio.Event()

    def include_router(self, *routers: Any, **options: Any) -> None:
        """Add a router's subscribers. Raises SetupError for a declaration that would break a guarantee."""
        super().include_router(*routers, **options)
        self._declare_readers()

    @property
    def readers(self) -> list[TopicReader]:
        """The reader of each declared subscriber, by label."""
        return sorted(self._readers.values(), key=lambda reader: reader.label)

    def reader_of(self, subscriber: Any) -> TopicReader:
        """The reader of this subscriber."""
        return self._readers[subscriber]

    def reader_of_topic(self, topic: str) -> TopicReader | None:
        """The reader of a topic; None if no subscriber reads it."""
        return next((reader for reader in self.readers if reader.reads(topic)), None)

    async def start(self) -> None:
        """Join all groups concurrently, and return when every reader has started. Waits for Kafka.

        Parties' replies come last: a reply needs the event that its task came from.
        """
        self._declare_readers()
        self._is_wanted = True
        await self.connect()
        self._supervisor.start()
        facts = [reader for reader in self.readers if not reader.route.is_replies]
        replies = [reader for reader in self.readers if reader.route.is_replies]
        await self._start_all(facts)
        if replies:
            await wait_until_caught_up(facts, self.pool, lambda: self._is_wanted)
            await self._start_all(replies)
        if self._is_wanted:
            self.running = True
            self._all_started.set()

    async def stop(
        self,
        exc_type: type[BaseException] | None = None,
        exc_val: BaseException | None = None,
        exc_tb: TracebackType | None = None,
    ) -> None:
        """Stop fetching, finish the running batches, and leave the groups."""
        self._is_wanted = False
        await self._supervisor.stop()
        await asyncio.gather(*(reader.stop() for reader in self._readers.values()), return_exceptions=True)
        self._all_started.clear()
        await super().stop(exc_type, exc_val, exc_tb)

    async def drain_backlog(self, within: float) -> bool:
        """Wait at most so many seconds until all that the topics hold now is handled. True if it is."""
        try:
            async with asyncio.timeout(within):
                await self._all_started.wait()
                while not all(reader.has_partitions for reader in self.readers):  # noqa: ASYNC110
                    await asyncio.sleep(POLL_SECONDS)
                await wait_until_caught_up(self.readers, self.pool, lambda: self._is_wanted)
        except TimeoutError:
            return False
        return self._is_wanted

    async def lag(self) -> dict[str, int] | None:
        """The number of unhandled records by topic; None if Kafka does not answer."""
        return await total_lag(self.readers if self._is_wanted else [])

    @property
    def last_progress_at(self) -> datetime | None:
        """When the last batch was handled."""
        moments = [reader.last_progress_at for reader in self.readers if reader.last_progress_at]
        return max(moments, default=None)

    def is_busy(self) -> bool:
        """Whether a batch is being handled."""
        return any(reader.is_busy for reader in self.readers)

    def readiness_problems(self) -> list[str]:
        """Why consumers make no progress; empty if they do."""
        if not self._is_wanted:
            return ["consumer: not started"]
        return self._supervisor.problems(self.readers)

    def unread_parties(self) -> list[str]:
        """Parties of the catalogue whose replies are not read, each with the reason.

        They do not make the service unready: officers and all other parties can work.
        """
        without_topic = [
            f"{reader.label}: {party} is not read, it has no topic"
            for reader in self.readers
            for party in reader.unread_parties
        ]
        hanging = self._supervisor.hanging_transactions(self.readers)
        return [*without_topic, *(_held_up(topic, seconds) for topic, seconds in sorted(hanging.items()))]

    def _declare_readers(self) -> None:
        for subscriber in self.subscribers:
            if subscriber not in self._readers:
                self._readers[subscriber] = self._declare(subscriber)

    def _declare(self, subscriber: Any) -> TopicReader:
        route = route_of(subscriber, self.topic_prefix)
        if any(reader.label == route.label for reader in self._readers.values()):
            raise SetupError(f"{route.label}: two subscribers would share its fence in `consumed`")
        if route.is_replies and self._party_topics is None:
            raise SetupError(f"{route.label}: give the broker `list_parties`")
        return TopicReader(
            subscriber,
            route,
            pool=self.pool,
            topic_prefix=self.topic_prefix,
            party_topics=self._party_topics if route.is_replies else None,
        )

    async def _start_all(self, readers: Sequence[TopicReader]) -> None:
        async with asyncio.TaskGroup() as together:
            for reader in readers:
                together.create_task(start_reader(reader, lambda: self._is_wanted))
        if self._is_wanted:
            self._supervisor.watch(readers)

    async def _connect(self) -> Callable[..., FencedConsumer]:
        """Replace the class of FastStream's consumers, for which it has no parameter."""
        await super()._connect()
        config = self.config.broker_config
        built_by: Any = config.builder
        options = dict(built_by.keywords)
        del options["bootstrap_servers"]

        def create_consumer(*, group_id: str, **declared: Any) -> FencedConsumer:
            group = f"{self.topic_prefix}{group_id}"
            named = {"group_id": group, "group_instance_id": f"{group}-{self._instance}"}
            return FencedConsumer(
                pool=self.pool,
                topic_prefix=self.topic_prefix,
                bootstrap=self._bootstrap,
                party_topics=self._party_topics,
                **(options | declared | CONSUMER_OPTIONS | named),
            )

        config.builder = create_consumer
        return create_consumer


def _held_up(topic: str, seconds: float) -> str:
    """The sentence about a transaction that is left open."""
    if not topic.startswith("agency."):
        return f"{topic}: is not read further, a transaction has been open for {seconds:.0f} s"
    party = topics.party_of(topic)
    return f"{REPLIES_LABEL}: {party} is not read further, it left a transaction open for {seconds:.0f} s"
