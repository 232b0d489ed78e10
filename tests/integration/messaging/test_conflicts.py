"""Another record with a number or an id that was handled is no repetition: it is held and complained of."""

from dataclasses import replace
from uuid import uuid4

import orjson
import pytest

from shared.messaging.consume.status import status
from shared.messaging.deadletter.held_records import drop_held, list_held
from shared.messaging.recovery.replay import replay
from tests.builders.wire import OPERATOR, a_reply, refused, until
from tests.integration.messaging.conftest import Wire

pytestmark = pytest.mark.integration
COMPLAINT = "held: 1 with the number or id of another record"


async def is_held(wire: Wire, code: str) -> bool:
    return [record.code for record in await list_held(wire.routing)] == [code]


async def test_another_event_with_the_same_number_is_held_and_named(wire: Wire) -> None:
    wire.relay()
    broker, root = await wire.consumer(), uuid4()
    await wire.publish([refused(root, "one"), refused(root, "two")])
    await wire.quiet()
    [first, second] = await wire.on_the_wire()
    headers = [(name, b"another-id" if name == "ce_id" else value) for name, value in first.headers]
    await wire.send_again([second, replace(first, headers=tuple(headers)), first])
    await until(lambda: is_held(wire, "sequence_conflict"))
    await wire.publish([refused(root, "three")])
    await wire.quiet()
    assert await wire.effects(root) == ["one", "two", "three"]
    now = await status(wire.routing, broker)
    assert (now.held, now.parked, now.complaints) == (1, 0, (COMPLAINT,))

    [held] = await list_held(wire.routing)
    assert (held.reason, held.blocks, held.ce_id) == ("conflict", False, "another-id")
    assert [outcome.outcome for outcome in await replay(broker, [held.id], actor=OPERATOR)] == ["held"]
    [dropped] = await drop_held(wire.routing, [held.id], reason="a forgery", actor=OPERATOR)
    assert dropped.outcome == "dropped"
    assert (await status(wire.routing, broker)).complaints == ()


async def test_another_reply_with_the_same_id_is_held_and_named(wire: Wire) -> None:
    broker, root = await wire.consumer(), uuid4()
    reply = a_reply("city-police", root, id="one")
    other = reply | {"value": orjson.dumps(orjson.loads(reply["value"]) | {"more": 1})}
    await wire.reply("city-police", **reply)
    await wire.reply("city-police", **reply)
    await wire.reply("city-police", **other)
    await until(lambda: is_held(wire, "id_conflict"))
    await wire.quiet()
    assert len(await wire.effects(root)) == 1
    assert (await status(wire.routing, broker)).complaints == (COMPLAINT,)
