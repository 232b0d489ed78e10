"""Trouble on the way out. Each scene answers its complaints; of the healthy product it has none."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID, uuid4

from aiokafka.errors import KafkaError
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,  # pyright: ignore[reportPrivateImportUsage]  # exported, but not listed
    ConfigEntry,  # pyright: ignore[reportPrivateImportUsage]
    ConfigResource,  # pyright: ignore[reportPrivateImportUsage]
    ResourceType,  # pyright: ignore[reportPrivateImportUsage]
)

from shared.db.transaction import transaction
from shared.events import topics
from shared.messaging.publish import outbox
from tests.builders.wire import refused, until
from tests.chaos.mutants.trial import Trial, differs, quiet, start_relay
from tests.chaos.replacing import replace

MOST_LARGE = 20
READ, SEND = "shared.messaging.publish.relay:Relay._read", "shared.messaging.publish.sender:OutboxSender.send"


async def kafka_fails_once(trial: Trial) -> list[str]:
    """The first produce fails; nothing of it may be forgotten."""
    failures = iter([KafkaError("not now")])

    def failing(original: Any) -> Any:
        async def send_batch(*arguments: Any, **named: Any) -> Any:
            for failure in failures:
                raise failure
            return await original(*arguments, **named)

        return send_batch

    undo = replace("aiokafka:AIOKafkaProducer.send_batch", failing)
    try:
        root = uuid4()
        await trial.publish([refused(root, said) for said in ("one", "two")])
        trial.relay()
        await trial.consumer()
        return await differs(trial, {root: ["one", "two"]})
    finally:
        undo()


async def more_than_one_batch_holds(trial: Trial) -> list[str]:
    """Six events of 100 kB for one partition: a batch of 256 KiB takes two."""
    trial.relay()
    await trial.consumer()
    root = uuid4()
    said = [f"{n} " * 50_000 for n in range(6)]
    await trial.publish([refused(root, one) for one in said])
    return await differs(trial, {root: said})


async def kafka_refuses_a_batch(trial: Trial) -> list[str]:
    """Too large for the topic until somebody mends its limit: then it must go, and what follows behind it.

    The broker applies a limit when it comes to it: what is still taken before is one more that was said.
    """
    await trial.consumer()
    root, large = uuid4(), list[str]()
    relay = start_relay(trial)
    await trial.publish([refused(root, "before")])
    await quiet(trial)
    _limit(trial, 20_000)

    async def failed() -> bool:
        if not relay._delayed_shards and len(large) < MOST_LARGE:
            large.append("".join(uuid4().hex for _ in range(2000)))
            await trial.publish([refused(root, large[-1])])
            await asyncio.sleep(0.3)
        return bool(relay._delayed_shards)

    await until(failed)
    _limit(trial, 1_048_588)
    await trial.publish([refused(root, "after")])
    return await differs(trial, {root: ["before", *large, "after"]})


async def two_relays_share_an_outbox(trial: Trial) -> list[str]:
    """Both look before either sends, and nothing fails: each row goes on the wire once.

    A repeat that comes behind a newer value would undo it where a topic is compacted.
    """
    roots = [uuid4() for _ in range(20)]
    await trial.publish([refused(root, said) for said in ("one", "two", "three") for root in roots])
    looked, both_looked = set[int](), asyncio.Event()

    def looking(original: Any) -> Any:
        async def read(relay: Any, *arguments: Any) -> Any:
            found = await original(relay, *arguments)
            looked.add(id(relay))
            if len(looked) > 1:
                both_looked.set()
            return found

        return read

    def waiting(original: Any) -> Any:
        async def send(*arguments: Any) -> Any:
            await both_looked.wait()
            return await original(*arguments)

        return send

    undo = [replace(READ, looking), replace(SEND, waiting)]
    try:
        for _ in range(2):
            start_relay(trial)
        await trial.consumer()
        against = await differs(trial, {root: ["one", "two", "three"] for root in roots})
    finally:
        _undo(undo)
    seen = len(await trial.on_the_wire())
    return against + ([f"{seen} records on the wire of 60 rows"] if seen != 60 else [])


async def a_row_is_committed_while_later_ones_are_sent(trial: Trial) -> list[str]:
    """It took its position first and is committed last: the sender may neither skip nor delete it."""
    early, late = uuid4(), uuid4()
    sent, committed = asyncio.Event(), asyncio.Event()

    def held_back(original: Any) -> Any:
        async def send(*arguments: Any) -> Any:
            done = await original(*arguments)
            sent.set()
            await committed.wait()
            return done

        return send

    def after_the_delete(original: Any) -> Any:
        """The next look comes when what was sent is deleted: beside it, either might be first."""

        async def read(*arguments: Any) -> Any:
            if committed.is_set():
                await until(lambda: _is_gone(trial, late))
            return await original(*arguments)

        return read

    undo = [replace(SEND, held_back), replace(READ, after_the_delete)]
    try:
        async with transaction(trial.intake) as tx:
            await outbox.append_events(tx, [refused(early, "position taken first")])
            await trial.publish([refused(late, "committed first")])
            trial.relay()
            async with asyncio.timeout(trial.patience):
                await sent.wait()
        committed.set()
        await trial.consumer()
        return await differs(trial, {early: ["position taken first"], late: ["committed first"]})
    finally:
        _undo(undo)


async def _is_gone(trial: Trial, root: UUID) -> bool:
    return not await trial.intake.fetchval("SELECT EXISTS (SELECT FROM outbox WHERE key = $1)", str(root))


def _undo(all_of: Sequence[Callable[[], None]]) -> None:
    for undo in reversed(all_of):
        undo()


def _limit(trial: Trial, size: int) -> None:
    admin = AdminClient({"bootstrap.servers": trial.kafka, "log_level": 3})
    entry = ConfigEntry("max.message.bytes", str(size), incremental_operation=AlterConfigOpType.SET)
    topic = ConfigResource(
        ResourceType.TOPIC, trial.prefix + topics.DOSSIER_EVENTS.name, incremental_configs=[entry]
    )
    for done in admin.incremental_alter_configs([topic]).values():
        done.result(10)
