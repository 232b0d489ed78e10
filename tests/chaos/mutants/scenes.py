"""Small scenes of trouble, each on a real database and a real Kafka. Each answers what it has to complain of.

The healthy product gets none; a product with a guarantee broken on purpose (`table.py`) must get some.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace as changed
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

from deploy.local.sinks.phones import Answer
from deploy.local.topics import create_topics
from services.notification.store.leases import Lease
from services.notification.usecases.record_receipts import record_receipts
from services.notification.usecases.send_ready import send_ready
from shared.db.transaction import Tx, transaction
from shared.events import agency, topics
from shared.events.contacts import Contact
from shared.messaging import outbox
from shared.messaging.batch import Batch, Handler
from shared.messaging.consumer import Consumer
from shared.messaging.held import list_held
from shared.messaging.relay import Relay
from tests.builders.notification import Office, dossiers
from tests.builders.routing import submitted_case, submitted_event
from tests.builders.routing_batches import accepted, answer, follow, reply_of
from tests.builders.sinks import text_line
from tests.builders.wire import a_reply, refused, until
from tests.chaos.replacing import replace
from tests.databases import Database
from tests.integration.messaging.conftest import EFFECTS, TYPES, Wire

PARTY = "city-police"
READ, SEND = "shared.messaging.relay:Relay._read", "shared.messaging.sender:Sender.send"
SECONDS = 6.0
"""Longer than the slowest healthy scene needs; what has not come by then counts as lost."""


@asynccontextmanager
async def open_wire(database: Database, kafka: str) -> AsyncIterator[Wire]:
    """Two services and the topics between them, on a prefix of their own."""
    prefix = f"m{uuid4().hex[:10]}."
    wanted = [topics.DOSSIER_EVENTS, topics.replies(PARTY)]
    create_topics(kafka, [changed(topic, name=prefix + topic.name) for topic in wanted])
    wire = Wire(database, kafka, prefix, await database.pool("intake"), await database.pool("routing"))
    await wire.routing.execute(EFFECTS)
    try:
        yield wire
    finally:
        for task in wire.running:
            task.cancel()
        await asyncio.gather(*wire.running, return_exceptions=True)
        for consumer in wire.consumers:
            await consumer.stop()


async def killed_in_the_middle_of_a_batch(wire: Wire) -> list[str]:
    """The reader dies while its handler works; the next one must do that work."""
    reached = asyncio.Event()

    async def never_done(tx: Tx, batch: Batch) -> None:
        reached.set()
        await asyncio.Event().wait()

    wire.relay()
    first = _consumer(wire, never_done)
    await first.start()
    root = uuid4()
    await wire.publish([refused(root, "one")])
    async with asyncio.timeout(SECONDS):
        await reached.wait()
    for subscription in first.subscriptions:
        for task in subscription._subscriber.tasks:
            task.cancel()
    await first.stop()
    await wire.consumer()
    return await _differs(wire, {root: ["one"]})


async def records_come_again(wire: Wire) -> list[str]:
    """A relay that died before its delete sends everything once more."""
    wire.relay()
    await wire.consumer()
    roots = [uuid4() for _ in range(5)]
    await wire.publish([refused(root, said) for root in roots for said in ("one", "two")])
    await _quiet(wire)
    await wire.send_again(await wire.on_the_wire())
    return await _differs(wire, {root: ["one", "two"] for root in roots})


async def a_reply_comes_again(wire: Wire) -> list[str]:
    """A party sends the same reply twice, as parties do."""
    await wire.consumer()
    root = uuid4()
    for _ in range(2):
        await wire.reply(PARTY, **a_reply(PARTY, root, id="the same"))
    return await _differs(wire, {root: ["PC06"]})


async def kafka_fails_once(wire: Wire) -> list[str]:
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
        await wire.publish([refused(root, said) for said in ("one", "two")])
        wire.relay()
        await wire.consumer()
        return await _differs(wire, {root: ["one", "two"]})
    finally:
        undo()


async def more_than_one_batch_holds(wire: Wire) -> list[str]:
    """Six events of 100 kB for one partition: a batch of 256 KiB takes two."""
    wire.relay()
    await wire.consumer()
    root = uuid4()
    said = [f"{n}" * 100_000 for n in range(6)]
    await wire.publish([refused(root, one) for one in said])
    return await _differs(wire, {root: said})


async def kafka_refuses_a_batch(wire: Wire) -> list[str]:
    """Too large for the topic until somebody mends its limit: then it must go, and what follows behind it."""
    await wire.consumer()
    root = uuid4()
    large = "".join(uuid4().hex for _ in range(2000))
    relay = _relay(wire)
    await wire.publish([refused(root, "before")])
    await _quiet(wire)
    _limit(wire, 20_000)
    await wire.publish([refused(root, large)])

    async def failed() -> bool:
        return bool(relay._resting)

    await until(failed, seconds=SECONDS)
    _limit(wire, 1_048_588)
    await wire.publish([refused(root, "after")])
    return await _differs(wire, {root: ["before", large, "after"]})


async def two_relays_share_an_outbox(wire: Wire) -> list[str]:
    """Both look before either sends, and nothing fails: each row goes on the wire once.

    A repeat that comes behind a newer value would undo it where a topic is compacted.
    """
    roots = [uuid4() for _ in range(20)]
    await wire.publish([refused(root, said) for said in ("one", "two", "three") for root in roots])
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
            _relay(wire)
        await wire.consumer()
        against = await _differs(wire, {root: ["one", "two", "three"] for root in roots})
    finally:
        _undo(undo)
    seen = len(await wire.on_the_wire())
    return against + ([f"{seen} records on the wire of 60 rows"] if seen != 60 else [])


async def a_row_is_committed_while_later_ones_are_sent(wire: Wire) -> list[str]:
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

    undo = replace(SEND, held_back)
    try:
        async with transaction(wire.intake) as tx:
            await outbox.append(tx, [refused(early, "position taken first")])
            await wire.publish([refused(late, "committed first")])
            wire.relay()
            async with asyncio.timeout(SECONDS):
                await sent.wait()
        committed.set()
        await wire.consumer()
        return await _differs(wire, {early: ["position taken first"], late: ["committed first"]})
    finally:
        undo()


async def a_reply_is_poison(wire: Wire) -> list[str]:
    """What the handler cannot use waits for a person, and later replies about that dossier wait behind it."""

    async def cannot_use_bad(tx: Tx, batch: Batch) -> None:
        if any(reply.office == "BAD" for reply in batch.events):
            raise ValueError("a bug")
        await wire.note_replies(tx, batch)

    consumer = Consumer("routing", wire.routing, wire.kafka, topic_prefix=wire.prefix)
    consumer.on_replies(cannot_use_bad, wire.note_unreadable)
    wire.consumers.append(consumer)
    await consumer.start()
    root, other = uuid4(), uuid4()
    await wire.reply(PARTY, **a_reply(PARTY, root, office="BAD"))
    await _quiet(wire)
    await wire.reply(PARTY, **a_reply(PARTY, root))
    await wire.reply(PARTY, **a_reply(PARTY, other))
    against = await _differs(wire, {root: [], other: ["PC06"]})
    reasons = [held.reason for held in reversed(await list_held(wire.routing))]
    return against + ([f"held: {reasons}"] if reasons != ["poison", "behind"] else [])


async def a_transaction_fails_late(wire: Wire) -> list[str]:
    """After the audit line was written the events cannot be: tried again, there is one line for one act."""
    failures = iter([ConnectionResetError("the database went away")])

    def failing(original: Any) -> Any:
        async def append(*arguments: Any) -> None:
            for failure in failures:
                raise failure
            await original(*arguments)

        return append

    undo = replace("shared.messaging.outbox:append", failing)
    try:
        case = submitted_case()
        for _ in range(2):
            with suppress(ConnectionResetError):
                async with transaction(wire.routing) as tx:
                    await follow(tx, [submitted_event(case)])
    finally:
        undo()
    acts = await wire.routing.fetchval("SELECT count(*) FROM case_history")
    lines = await wire.routing.fetchval("SELECT count(*) FROM audit_lines")
    return [] if acts == lines else [f"{lines} audit lines of {acts} acts"]


async def two_acts_on_one_root(wire: Wire) -> list[str]:
    """Two replies end the same step at the same moment, in two transactions: one of them comes too late."""
    [case] = await accepted(wire.routing, [submitted_case()])

    async def act() -> None:
        async with transaction(wire.routing) as tx:
            await answer(tx, [reply_of(case, "check")])

    async def somebody_waits() -> bool:
        waiting = """SELECT count(*) FROM pg_stat_activity
                      WHERE datname = current_database() AND wait_event_type = 'Lock'"""
        return bool(await wire.routing.fetchval(waiting))

    async with transaction(wire.routing) as tx:
        await answer(tx, [reply_of(case, "check")])
        second = asyncio.create_task(act())
        await until(somebody_waits, seconds=SECONDS)
    await second
    ended = await wire.routing.fetchval("SELECT count(*) FROM case_history WHERE because = $1", agency.DONE)
    return [] if ended == 1 else [f"one step ended {ended} times"]


async def a_receipt_for_one_of_two_texts(wire: Wire) -> list[str]:
    """Two phones, one switched off: only the other's text is delivered."""
    office = Office(await wire.database.pool("notification"), await wire.database.pool("keyring"))
    await office.learn()
    off, on = dossiers(2)
    await office.meet([off], Contact("+84900000001", None))
    await office.meet([on], Contact("+84900000002", None))
    await office.hear(off.opened(), on.opened())
    await office.write()
    lease = Lease(wire.database.url("notification"))
    await lease.hold()
    async with text_line(lambda to: Answer(receipt=None if to.endswith("1") else "DELIVRD")) as line:
        await send_ready(office.pool, office.keyring, line.carrier, lease.number)

        async def came() -> bool:
            return bool(line.receipts)

        await until(came, seconds=SECONDS)
        await record_receipts(office.pool, line.receipts)
    await lease.release()
    states = dict(await office.pool.fetch("SELECT code, state FROM messages"))
    right = {off.code: "sent", on.code: "delivered"}
    return [] if states == right else [f"texts are {states}, not {right}"]


async def _differs(wire: Wire, right: dict[UUID, list[str]]) -> list[str]:
    """Once all is quiet (or time is over): whose effects are not what they should be."""
    against = [] if await _quiet(wire) else ["it never came to rest"]
    return against + [
        f"{_short(expected)} had the effects {_short(found)}"
        for root, expected in right.items()
        if (found := await wire.effects(root)) != expected
    ]


def _undo(all_of: Sequence[Callable[[], None]]) -> None:
    for undo in reversed(all_of):
        undo()


def _short(said: Sequence[str]) -> str:
    return ", ".join(f"{one} x{n}" for one, n in Counter(one[:20] for one in said).items()) or "nothing"


async def _quiet(wire: Wire) -> bool:
    try:
        async with asyncio.timeout(SECONDS):
            await wire.quiet()
    except TimeoutError:
        return False
    return True


def _consumer(wire: Wire, handler: Handler) -> Consumer:
    consumer = Consumer("routing", wire.routing, wire.kafka, topic_prefix=wire.prefix)
    consumer.on(topics.DOSSIER_EVENTS, TYPES, handler)
    return consumer


def _relay(wire: Wire) -> Relay:
    url = wire.database.url("intake")
    relay = Relay(wire.intake, wire.kafka, url=url, source="intake", topic_prefix=wire.prefix)
    wire.running.append(asyncio.create_task(relay.run()))
    return relay


def _limit(wire: Wire, size: int) -> None:
    admin = AdminClient({"bootstrap.servers": wire.kafka})
    entry = ConfigEntry("max.message.bytes", str(size), incremental_operation=AlterConfigOpType.SET)
    topic = ConfigResource(
        ResourceType.TOPIC, wire.prefix + topics.DOSSIER_EVENTS.name, incremental_configs=[entry]
    )
    for done in admin.incremental_alter_configs([topic]).values():
        done.result(10)
