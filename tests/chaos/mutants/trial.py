"""A trial: two services and the topics between them, in a database and under a prefix of its own."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from dataclasses import replace as changed
from uuid import UUID, uuid4

from deploy.local.servers.topics import create_topics
from shared.events import topics
from shared.messaging.publish.relay import Relay
from tests.databases import Database
from tests.integration.messaging.conftest import EFFECTS, Wire
from tests.leftover_topics import delete_topics

PARTY = "city-police"


@dataclass
class Trial(Wire):
    """A wire, and how many seconds to wait for it to come to rest."""

    patience: float = 60.0


@asynccontextmanager
async def open_trial(database: Database, kafka: str, patience: float) -> AsyncIterator[Trial]:
    """Topics made, pools open, nothing started."""
    prefix = f"m{uuid4().hex[:10]}."
    wanted = [topics.DOSSIER_EVENTS, topics.replies_topic(PARTY)]
    create_topics(kafka, [changed(topic, name=prefix + topic.name) for topic in wanted])
    intake, routing = await database.pool("intake"), await database.pool("routing")
    trial = Trial(database, kafka, prefix, intake, routing, patience=patience)
    await routing.execute(EFFECTS)
    try:
        yield trial
    finally:
        for task in trial.running:
            task.cancel()
        await asyncio.gather(*trial.running, return_exceptions=True)
        for consumer in trial.consumers:
            await consumer.stop()
        delete_topics(kafka, prefix)


def start_relay(trial: Trial) -> Relay:
    """Intake's relay, whose inside the scene wants to see."""
    url = trial.database.url("intake")
    relay = Relay(trial.intake, trial.kafka, url=url, source="intake", topic_prefix=trial.prefix)
    trial.running.append(asyncio.create_task(relay.run()))
    return relay


async def differs(trial: Trial, right: dict[UUID, list[str]]) -> list[str]:
    """Once all is quiet (or patience is over): whose effects are not what they should be."""
    against = [] if await quiet(trial) else ["it never came to rest"]
    return against + [
        f"{_short(expected)} had the effects {_short(found)}"
        for root, expected in right.items()
        if (found := await trial.effects(root)) != expected
    ]


async def quiet(trial: Trial) -> bool:
    """Wait until everything was sent and read; False when that takes too long."""
    try:
        async with asyncio.timeout(trial.patience):
            await trial.quiet()
    except TimeoutError:
        return False
    return True


def _short(said: Sequence[str]) -> str:
    counted = Counter(one[:12] for one in said).items()
    return ", ".join(one if n == 1 else f"{one} ({n} times)" for one, n in counted) or "nothing"
