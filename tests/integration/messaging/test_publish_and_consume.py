"""From one service's transaction into another's, once in effect and in order."""

import random
from uuid import uuid4

import pytest

from shared.messaging.consume.status import status
from shared.messaging.publish.outbox import MAX_EVENT_BYTES
from shared.observability import correlation
from tests.builders.wire import refused, until
from tests.integration.messaging.conftest import Wire

pytestmark = pytest.mark.integration


async def test_what_is_committed_at_one_service_takes_effect_at_the_other(wire: Wire) -> None:
    wire.relay()
    await wire.consumer()
    root = uuid4()
    await wire.publish([refused(root, "one")])
    await wire.quiet()
    assert await wire.effects(root) == ["one"]


async def test_each_root_keeps_its_order_among_many(wire: Wire) -> None:
    wire.relay()
    await wire.consumer()
    roots = [uuid4() for _ in range(40)]
    for turn in range(5):
        await wire.publish([refused(root, f"{turn}") for root in roots])
    await wire.quiet()
    assert [await wire.effects(root) for root in roots] == [["0", "1", "2", "3", "4"]] * 40


async def test_an_event_that_arrives_three_times_has_one_effect(wire: Wire) -> None:
    wire.relay()
    await wire.consumer()
    root = uuid4()
    await wire.publish([refused(root, "one"), refused(root, "two")])
    await wire.quiet()
    records = await wire.on_the_wire()
    await wire.send_again(records)
    await wire.send_again(records)
    await wire.quiet()
    assert len(await wire.on_the_wire()) == 6
    assert await wire.effects(root) == ["one", "two"]


async def test_a_trace_begun_at_the_first_request_reaches_the_wire(wire: Wire) -> None:
    trace = correlation.start_trace()
    wire.relay()
    await wire.publish([refused(uuid4())])
    correlation.set_batch_traces({})

    async def is_sent() -> bool:
        return (await status(wire.intake, None)).idle

    await until(is_sent)
    [record] = await wire.on_the_wire()
    assert dict(record.headers)["traceparent"].decode() == trace


async def test_the_largest_event_that_is_not_refused_arrives_and_blocks_nobody(wire: Wire) -> None:
    wire.relay()
    await wire.consumer()
    root, other = uuid4(), uuid4()
    large = random.Random(7).randbytes(MAX_EVENT_BYTES // 2 - 500).hex()
    await wire.publish([refused(root, large), refused(other, "small"), refused(root, "after")])
    await wire.quiet()
    assert await wire.effects(root) == [large, "after"]
    assert await wire.effects(other) == ["small"]
