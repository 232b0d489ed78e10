"""A record nobody can use: it is kept, its key waits behind it, its neighbours flow, a person decides."""

from uuid import uuid4

import pytest

from shared.messaging.consume.status import status
from shared.messaging.deadletter.held_records import drop_held, list_held, read_held
from shared.messaging.recovery.replay import replay
from tests.builders.wire import OPERATOR, a_reply, refused
from tests.integration.messaging.conftest import Wire

pytestmark = pytest.mark.integration


async def test_poison_is_held_and_its_neighbours_flow(wire: Wire) -> None:
    wire.poison.add("bad")
    bad, roots = uuid4(), [uuid4() for _ in range(20)]
    await wire.publish(
        [*(refused(r) for r in roots[:10]), refused(bad, "bad"), *(refused(r) for r in roots[10:])]
    )
    wire.relay()
    await wire.consumer()
    await wire.quiet()
    assert [await wire.effects(root) for root in roots] == [["missing_paper"]] * 20
    assert await wire.effects(bad) == []
    [held] = await list_held(wire.routing)
    assert (held.reason, held.code, held.key) == ("poison", "ValueError", str(bad))


async def test_a_parked_key_queues_its_followers_and_a_replay_lets_them_all_through_in_order(
    wire: Wire,
) -> None:
    wire.poison.add("two")
    wire.relay()
    consumer = await wire.consumer()
    root, other = uuid4(), uuid4()
    await wire.publish([refused(root, said) for said in ("one", "two", "three")])
    await wire.quiet()
    await wire.publish([refused(root, "four"), refused(other, "elsewhere")])
    await wire.quiet()
    assert await wire.effects(root) == ["one"]
    assert await wire.effects(other) == ["elsewhere"]
    held = await list_held(wire.routing)
    assert [one.reason for one in reversed(held)] == ["poison", "behind", "behind"]

    [again] = await replay(consumer, [held[-1].id], actor=OPERATOR)
    assert again.outcome == "held", "it is still poison"
    wire.poison.clear()
    await replay(consumer, [held[-1].id], actor=OPERATOR)
    assert await wire.effects(root) == ["one", "two", "three", "four"]
    after = await status(wire.routing, consumer)
    assert (after.held, after.parked) == (0, 0)

    await wire.publish([refused(root, "five")])
    await wire.quiet()
    assert await wire.effects(root) == ["one", "two", "three", "four", "five"]


async def test_a_replay_stops_at_the_first_that_fails_again(wire: Wire) -> None:
    wire.poison |= {"one", "three"}
    wire.relay()
    consumer = await wire.consumer()
    root = uuid4()
    await wire.publish([refused(root, said) for said in ("one", "two", "three", "four")])
    await wire.quiet()
    wire.poison.remove("one")
    first = (await list_held(wire.routing))[-1]
    outcomes = await replay(consumer, [first.id], actor=OPERATOR)
    assert [one.outcome for one in outcomes] == ["replayed", "replayed", "held"]
    assert await wire.effects(root) == ["one", "two"]
    assert (await status(wire.routing, consumer)).parked == 1


async def test_a_gap_is_held_until_a_person_says_that_nothing_will_come(wire: Wire) -> None:
    wire.relay()
    consumer = await wire.consumer()
    root = uuid4()
    await wire.publish([refused(root, "one")])
    await wire.quiet()
    await wire.intake.execute("UPDATE sequence_given SET seq = seq + 1")
    await wire.publish([refused(root, "three"), refused(root, "four")])
    await wire.quiet()
    assert await wire.effects(root) == ["one"]
    held = await list_held(wire.routing)
    assert [one.reason for one in reversed(held)] == ["gap", "behind"]
    [still, *_] = await replay(consumer, [held[-1].id], actor=OPERATOR)
    assert still.outcome == "held"
    await replay(consumer, [held[-1].id], actor=OPERATOR, over_gap=True)
    assert await wire.effects(root) == ["one", "three", "four"]


async def test_a_dropped_record_leaves_its_name_and_reason_and_the_next_is_no_gap(wire: Wire) -> None:
    wire.poison.add("two")
    wire.relay()
    consumer = await wire.consumer()
    root = uuid4()
    await wire.publish([refused(root, said) for said in ("one", "two", "three")])
    await wire.quiet()
    follower, head = await list_held(wire.routing)
    [no] = await drop_held(wire.routing, [follower.id], reason="wrong", actor=OPERATOR)
    assert no.outcome == "held", "what stands before it would be hidden"
    [yes] = await drop_held(wire.routing, [head.id], reason="filed twice by mistake", actor=OPERATOR)
    assert yes.outcome == "dropped"
    await replay(consumer, [follower.id], actor=OPERATOR)
    assert await wire.effects(root) == ["one", "three"]
    trail = {one.id: one for one in await list_held(wire.routing, closed=True)}
    assert trail[head.id].closed_why == "filed twice by mistake"
    assert trail[head.id].closed_by == {"kind": "officer", "id": "dieuphoi", "role": "operator"}


async def test_an_unreadable_reply_is_told_of_and_kept_and_blocks_nobody(wire: Wire) -> None:
    await wire.consumer()
    root = uuid4()
    rubbish = a_reply("city-police", root, id="r-1") | {"value": b"\xff not json"}
    await wire.reply("city-police", **rubbish)
    await wire.reply("city-police", **a_reply("city-police", root, id="r-2"))
    await wire.quiet()
    [told] = wire.told
    assert (told.party, told.reply_id, told.problem.code) == ("city-police", "r-1", "not_json")
    assert await wire.effects(root) == ["PC06"]
    [held] = await list_held(wire.routing)
    shown = await read_held(wire.routing, held.id)
    assert shown is not None
    assert (shown.value, held.reason, held.blocks) == ("\ufffd not json", "unreadable", False)


async def test_a_reply_sent_twice_counts_once(wire: Wire) -> None:
    await wire.consumer()
    root = uuid4()
    once, other = a_reply("city-police", root, id="same"), a_reply("city-police", root, id="other")
    for record in (once, once, other, once):
        await wire.reply("city-police", **record)
    await wire.quiet()
    assert await wire.effects(root) == ["PC06", "PC06"]


async def test_a_header_that_is_not_text_and_a_reply_to_do_no_harm(wire: Wire) -> None:
    await wire.consumer()
    root = uuid4()
    odd = a_reply("city-police", root)
    odd["headers"] = [*odd["headers"], ("x-odd", b"\xff\xfe"), ("reply_to", b"somewhere")]
    await wire.reply("city-police", **odd)
    await wire.reply("city-police", **a_reply("city-police", root))
    await wire.quiet()
    assert [told.problem.code for told in wire.told] == ["header_not_utf8"]
    assert await wire.effects(root) == ["PC06"]


async def test_text_the_database_cannot_keep_is_told_of_and_parks_nothing(wire: Wire) -> None:
    await wire.consumer()
    root = uuid4()
    await wire.reply("city-police", **a_reply("city-police", root, office="PC\x0006"))
    await wire.reply("city-police", **a_reply("city-police", root))
    await wire.quiet()
    assert [told.problem.code for told in wire.told] == ["bad_field"]
    assert await wire.effects(root) == ["PC06"]
