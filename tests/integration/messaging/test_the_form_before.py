"""What was written before types had their prefix goes out as it was written, and is read as what it says."""

from uuid import UUID, uuid4

import pytest

from shared.messaging.deadletter.held_records import list_held
from shared.messaging.record.murmur2 import shard_of
from shared.messaging.record.records import pack_headers
from shared.messaging.recovery.replay import replay
from shared.messaging.recovery.topic_audit import ObservedSequences, TopicAudit
from tests.builders.hostile import SentRecord, healthy_record, in_old_form
from tests.builders.wire import OPERATOR, refused
from tests.integration.messaging.conftest import Wire

pytestmark = pytest.mark.integration
TOPIC = "dossier.events"


async def left_in_the_outbox(wire: Wire, root: UUID, said: str) -> SentRecord:
    """A row that a service of before committed and never sent: number 1 of its key."""
    sent = in_old_form(healthy_record(root, said, 1))
    await wire.intake.execute("INSERT INTO sequence_given VALUES ($1, $2, 1)", TOPIC, str(root))
    await wire.intake.execute(
        "INSERT INTO outbox (id, shard, topic, key, headers, value) VALUES ($1, $2, $3, $4, $5, $6)",
        uuid4(),
        shard_of(str(root).encode()),
        TOPIC,
        str(root),
        pack_headers(sent.headers),
        sent.value,
    )
    return sent


async def test_a_row_of_before_goes_out_as_written_and_the_numbers_of_its_key_go_on(wire: Wire) -> None:
    root = uuid4()
    left = await left_in_the_outbox(wire, root, "before")
    await wire.publish([refused(root, "today")])
    wire.relay()
    await wire.consumer()
    await wire.quiet()
    assert await wire.effects(root) == ["before", "today"]
    before, today = sorted(await wire.on_the_wire(), key=lambda record: record.offset)
    assert (before.value, tuple(before.headers)) == (left.value, left.headers)
    head = dict(today.headers)
    assert head["ce_sequence"] == b"000000000002"
    assert head["ce_dataschema"] == b"http://schemas.test/vn.motcua.dossier.refused.v1"


async def test_a_database_set_back_sees_the_numbers_of_both_forms(wire: Wire) -> None:
    root = uuid4()
    await left_in_the_outbox(wire, root, "before")
    await wire.publish([refused(root, "today"), refused(root, "today")])
    wire.relay()
    await wire.consumer()
    await wire.quiet()
    observed = ObservedSequences()
    await wire.intake.execute("DELETE FROM published")
    async for _ in TopicAudit(wire.intake, wire.kafka, "intake", wire.prefix).scan(observed):
        pass
    assert observed.highest == {(TOPIC, str(root)): 3}


async def test_a_held_record_of_before_is_replayed(wire: Wire) -> None:
    root = uuid4()
    wire.poison.add("before")
    await left_in_the_outbox(wire, root, "before")
    await wire.publish([refused(root, "today")])
    wire.relay()
    broker = await wire.consumer()
    await wire.quiet()
    held = await list_held(wire.routing)
    assert {record.ce_type for record in held} == {"dossier.refused.v1"}, "the name inside, of either form"
    assert sorted(record.seq or 0 for record in held) == [1, 2]
    wire.poison.clear()
    outcomes = await replay(broker, [record.id for record in held], actor=OPERATOR)
    assert {outcome.outcome for outcome in outcomes} <= {"replayed", "unknown"}
    assert await wire.effects(root) == ["before", "today"]
