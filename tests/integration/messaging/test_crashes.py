"""What dies in the middle: nothing is lost, nothing happens twice."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest

from shared.messaging.consume.status import status
from shared.messaging.record.murmur2 import shard_of
from tests.builders.wire import refused, until
from tests.integration.messaging.conftest import Wire

pytestmark = pytest.mark.integration


async def test_a_crash_between_the_commit_and_kafkas_offset_repeats_nothing(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: object) -> None:
        await asyncio.Event().wait()

    wire.relay()
    first = await wire.consumer(start=False)
    monkeypatch.setattr("shared.messaging.fetch.fenced_consumer.FencedConsumer._commit_offsets", never)
    await first.start()
    roots = [uuid4() for _ in range(10)]
    await wire.publish([refused(root) for root in roots])
    await wire.quiet()
    await first.stop()
    monkeypatch.undo()
    await wire.consumer()
    await wire.publish([refused(root, "later") for root in roots])
    await wire.quiet()
    assert [await wire.effects(root) for root in roots] == [["missing_paper", "later"]] * 10


async def test_a_database_restored_to_an_earlier_moment_is_filled_again_from_the_topic(wire: Wire) -> None:
    wire.relay()
    first = await wire.consumer()
    root = uuid4()
    await wire.publish([refused(root, "one")])
    await wire.quiet()
    await first.stop()
    await wire.routing.execute("TRUNCATE effects, consumed, sequence_seen")
    await wire.consumer()
    await wire.quiet()
    assert await wire.effects(root) == ["one"]


async def test_a_handler_that_must_wait_is_tried_again_in_place(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts: list[int] = []
    write = wire._write

    async def sometimes(tx: object, rows: object) -> None:
        attempts.append(1)
        if len(attempts) < 3:
            raise ConnectionResetError("the database went away")
        await write(tx, rows)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(wire, "_write", sometimes)
    wire.relay()
    await wire.consumer()
    root = uuid4()
    await wire.publish([refused(root, "one"), refused(root, "two")])
    await wire.quiet()
    assert await wire.effects(root) == ["one", "two"]
    assert (await status(wire.routing, wire.consumers[-1])).held == 0


async def test_a_loop_ended_by_a_stray_cancellation_is_brought_back(wire: Wire) -> None:
    wire.relay()
    consumer = await wire.consumer()
    for reader in consumer.readers:
        for task in reader.subscriber.tasks:
            task.cancel()

    async def noticed() -> bool:
        return bool(consumer.readiness_problems())

    await until(noticed)
    root = uuid4()
    await wire.publish([refused(root, "one")])
    await wire.quiet()
    assert await wire.effects(root) == ["one"]


async def test_the_relay_goes_on_after_a_restart_and_after_losing_its_locks(wire: Wire) -> None:
    await wire.consumer()
    root = uuid4()
    relay = wire.relay()
    await wire.publish([refused(root, "one")])
    await wire.quiet()
    relay.cancel()
    await asyncio.wait([relay])
    await wire.publish([refused(root, "two")])
    wire.relay()
    await wire.quiet()
    ended = await wire.intake.fetchval(
        """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE application_name = 'motcua relay' AND datname = current_database()"""
    )
    assert ended == 1
    await wire.publish([refused(root, "three")])
    await wire.quiet()
    assert await wire.effects(root) == ["one", "two", "three"]


async def test_two_relays_share_one_outbox_without_disorder(wire: Wire) -> None:
    await wire.consumer()
    for _ in range(2):
        wire.relay()
    roots = [uuid4() for _ in range(30)]
    for turn in range(4):
        await wire.publish([refused(root, f"{turn}") for root in roots])
    await wire.quiet()
    assert [await wire.effects(root) for root in roots] == [["0", "1", "2", "3"]] * 30
    assert len(await wire.on_the_wire()) == 120


async def test_a_topic_that_does_not_exist_stops_only_its_own_shard(wire: Wire) -> None:
    lost = uuid4()
    roots = [uuid4() for _ in range(60)]
    others = [root for root in roots if shard_of(str(root).encode()) != shard_of(str(lost).encode())]
    await wire.publish([replace(refused(lost), topic="agency.nobody.tasks")])
    wire.relay()
    await wire.consumer()
    await wire.publish([refused(root) for root in others])

    async def only_the_lost_one_waits() -> bool:
        return len(await wire.effects()) == len(others) and (await status(wire.intake, None)).outbox_rows == 1

    await until(only_the_lost_one_waits)
