"""Trouble on the way in. Each scene answers its complaints; of the healthy product it has none."""

import asyncio
from uuid import uuid4

from shared.db.transaction import Tx
from shared.messaging.consume.broker import Broker
from shared.messaging.deadletter.held_records import list_held
from shared.messaging.record.batch import Batch, Handler
from tests.builders.readers import reading_broker
from tests.builders.wire import a_reply, refused
from tests.chaos.mutants.trial import PARTY, Trial, differs, quiet


async def killed_in_the_middle_of_a_batch(trial: Trial) -> list[str]:
    """The reader dies while its handler works; the next one must do that work."""
    reached = asyncio.Event()

    async def never_done(tx: Tx, batch: Batch) -> None:
        reached.set()
        await asyncio.Event().wait()

    trial.relay()
    first = a_consumer(trial, never_done)
    await first.start()
    root = uuid4()
    await trial.publish([refused(root, "one")])
    async with asyncio.timeout(trial.patience):
        await reached.wait()
    for reader in first.readers:
        for task in reader.subscriber.tasks:
            task.cancel()
    await first.stop()
    await trial.consumer()
    return await differs(trial, {root: ["one"]})


async def records_come_again(trial: Trial) -> list[str]:
    """A relay that died before its delete sends everything once more."""
    trial.relay()
    await trial.consumer()
    roots = [uuid4() for _ in range(5)]
    await trial.publish([refused(root, said) for root in roots for said in ("one", "two")])
    await quiet(trial)
    await trial.send_again(await trial.on_the_wire())
    return await differs(trial, {root: ["one", "two"] for root in roots})


async def a_reply_comes_again(trial: Trial) -> list[str]:
    """A party sends the same reply twice, as parties do."""
    await trial.consumer()
    root = uuid4()
    for _ in range(2):
        await trial.reply(PARTY, **a_reply(PARTY, root, id="the same"))
    return await differs(trial, {root: ["PC06"]})


async def a_reply_is_poison(trial: Trial) -> list[str]:
    """What the handler cannot use waits for a person, and later replies about that dossier wait behind it."""

    async def cannot_use_bad(tx: Tx, batch: Batch) -> None:
        if any(reply.office == "BAD" for reply in batch.events):
            raise ValueError("a bug")
        await trial.note_replies(tx, batch)

    consumer = reading_broker(trial.routing, trial.kafka, trial.prefix, replies=cannot_use_bad)
    trial.consumers.append(consumer)
    await consumer.start()
    root, other = uuid4(), uuid4()
    await trial.reply(PARTY, **a_reply(PARTY, root, office="BAD"))
    await quiet(trial)
    await trial.reply(PARTY, **a_reply(PARTY, root))
    await trial.reply(PARTY, **a_reply(PARTY, other))
    against = await differs(trial, {root: [], other: ["PC06"]})
    reasons = [held.reason for held in reversed(await list_held(trial.routing))]
    return against + ([f"held: {reasons}"] if reasons != ["poison", "behind"] else [])


def a_consumer(trial: Trial, handler: Handler) -> Broker:
    return reading_broker(trial.routing, trial.kafka, trial.prefix, facts=handler)
