"""The one way in. `on` says which fact goes to which verb; `start` begins, `stop` lets the batch finish."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import asyncpg
from faststream.kafka import KafkaBroker

from shared.events.topics import Topic
from shared.messaging.consume import lag
from shared.messaging.consume.backlog import wait_until_caught_up
from shared.messaging.consume.stall_detector import StallDetectors, StallThresholds
from shared.messaging.consume.subscription import GroupMembership, Subscription
from shared.messaging.faults import retry_delays
from shared.messaging.record.batch import Handler, OnUnreadable
from shared.messaging.record.routes import Route, add_handler, event_route, replies_route
from shared.observability import metrics
from shared.observability.logs import get_logger

log = get_logger(__name__)
RESTART_SECONDS = 30
LOOK_SECONDS = 0.05


class Consumer:
    """Everything one service reads. One broker object, one subscription a topic."""

    def __init__(
        self,
        name: str,
        pool: asyncpg.Pool,
        bootstrap: str,
        *,
        instance: str = "0",
        topic_prefix: str = "",
        patience: StallThresholds | None = None,
    ) -> None:
        self.name, self.pool, self.bootstrap = name, pool, bootstrap
        self._who = GroupMembership(name, instance, bootstrap, topic_prefix)
        self._routes: dict[str, Route] = {}
        self._subscriptions: list[Subscription] = []
        self._started: list[Subscription] = []
        self._broker: KafkaBroker | None = None
        self._watch: asyncio.Task[None] | None = None
        self._all_started = asyncio.Event()
        self._suspicions = StallDetectors(patience or StallThresholds())

    def subscribe(self, topic: Topic, types: Collection[str], handler: Handler) -> None:
        """Events of these types (`dossier.submitted.v1`, …) of one of our topics go to this handler."""
        route = self._routes.setdefault(topic.name, event_route(topic))
        add_handler(route, types, handler)

    def subscribe_replies(self, handler: Handler, on_unreadable: OnUnreadable) -> None:
        """Replies of all parties go to this handler; what cannot be read, to the other, same transaction."""
        route = replies_route(handler, on_unreadable)
        self._routes[route.label] = route

    @property
    def routes(self) -> Mapping[str, Route]:
        """What was registered, by label."""
        return self._routes

    @property
    def subscriptions(self) -> list[Subscription]:
        """What is being read, empty while stopped."""
        return self._subscriptions

    def route_of(self, topic: str) -> Route | None:
        """The route that reads a topic."""
        return self._routes.get(topic) or (
            self._routes.get("agency.replies") if topic.startswith("agency.") else None
        )

    async def start(self) -> None:
        """Join the groups, all at once; returns when every subscription has started. Waits for Kafka."""
        self._broker = KafkaBroker(
            self.bootstrap,
            client_id=f"motcua-{self.name}-{self._who.instance}",
            allow_auto_create_topics=False,
            consumer_only=True,
            metadata_max_age_ms=3000,
            apply_types=False,
            logger=None,
        )
        routes = self._routes.values()
        self._subscriptions = [Subscription(self._broker, self.pool, route, self._who) for route in routes]
        await self._broker.connect()
        self._watch = asyncio.create_task(self._watch_over())
        facts = [subscription for subscription in self._subscriptions if not subscription.route.is_replies]
        replies = [subscription for subscription in self._subscriptions if subscription.route.is_replies]
        await self._start_all(facts)
        if replies:
            await wait_until_caught_up(facts, self.pool, lambda: bool(self._subscriptions))
            await self._start_all(replies)
        self._all_started.set()

    async def drain_backlog(self, within: float) -> bool:
        """Wait until all that the topics hold now is handled, at most so many seconds; whether it is."""
        try:
            async with asyncio.timeout(within):
                await self._all_started.wait()
                await self._all_assigned()
                await wait_until_caught_up(self._subscriptions, self.pool, lambda: bool(self._subscriptions))
        except TimeoutError:
            return False
        return bool(self._subscriptions)

    async def _all_assigned(self) -> None:
        """Only then are the parties' topics known."""
        while not all(one.gate.ready for one in self._subscriptions):  # noqa: ASYNC110  (aiokafka calls the gate)
            await asyncio.sleep(LOOK_SECONDS)

    async def _start_all(self, subscriptions: Sequence[Subscription]) -> None:
        async with asyncio.TaskGroup() as together:
            for subscription in subscriptions:
                if subscription in self._subscriptions:
                    together.create_task(_start(subscription))
        self._started += subscriptions

    async def stop(self) -> None:
        """Take nothing new, finish the running batch, leave."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.wait([self._watch])
        await asyncio.gather(*(s.stop() for s in self._subscriptions), return_exceptions=True)
        self._subscriptions, self._started = [], []
        self._all_started.clear()
        if self._broker is not None:
            await self._broker.stop()

    async def lag(self) -> dict[str, int] | None:
        """Records not yet handled, by topic; exact, or None when Kafka does not answer now."""
        found = await asyncio.gather(
            *(lag.consumer_lag(subscription) for subscription in self._subscriptions)
        )
        known = [one for one in found if one is not None]
        return {topic: n for one in known for topic, n in one.items()} if len(known) == len(found) else None

    @property
    def last_progress_at(self) -> datetime | None:
        """When a batch was last handled."""
        return max((s.last_progress_at for s in self._subscriptions if s.last_progress_at), default=None)

    def busy(self) -> bool:
        """Whether a batch is being worked on."""
        return any(s.gate.busy.locked() for s in self._subscriptions)

    def readiness_problems(self) -> list[str]:
        """Why this consumer is not ready, judged by progress; empty when all is well."""
        if not self._subscriptions:
            return ["consumer: not started"]
        found = [f"{s.route.label}: no partitions yet" for s in self._subscriptions if not s.gate.ready]
        found += [f"{s.route.label}: its loop ended" for s in self._subscriptions if not s.is_polling]
        return found + self._suspicions.problems()

    async def _watch_over(self) -> None:
        """Look after each by itself: one that cannot be stopped must not hide the others."""
        together: dict[str, asyncio.Task[None]] = {}
        while True:
            await asyncio.sleep(self._suspicions.patience.look)
            for subscription in self._started:
                label = subscription.route.label
                if label not in together or together[label].done():
                    together[label] = asyncio.create_task(self._look_after(subscription))

    async def _look_after(self, subscription: Subscription) -> None:
        """Bring back a loop that ended, and one that has work and does nothing."""
        label = subscription.route.label
        try:
            if not subscription.is_polling:
                log.error("consumer.loop_ended", topic=label)
                await self._restart(subscription)
                return
            waiting = await lag.consumer_lag(subscription)
            for topic, count in (waiting or {}).items():
                metrics.LAG.labels(topic).set(count)
            total = None if waiting is None else sum(waiting.values())
            hopeless = self._suspicions.observe(label, total, subscription.handled)
            if hopeless and not subscription.gate.busy.locked():
                log.error("consumer.stalled", topic=label)
                await self._restart(subscription)
        except Exception as failure:
            log.warning("watch.failed", topic=label, error=type(failure).__name__)

    async def _restart(self, subscription: Subscription) -> None:
        """Bounded: a batch that hangs keeps the complaint, and the next look tries again."""
        async with asyncio.timeout(RESTART_SECONDS):
            await subscription.stop()
            await subscription.start()
        self._suspicions.reset(subscription.route.label)


async def _start(subscription: Subscription) -> None:
    """Kafka may come up after us."""
    for pause in retry_delays(first=0.2):
        try:
            await subscription.start()
            return
        except Exception as failure:
            log.warning("consumer.waits", topic=subscription.route.label, error=type(failure).__name__)
            await subscription.stop()
            await asyncio.sleep(pause)
