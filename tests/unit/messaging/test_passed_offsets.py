"""Which offsets without a record count as handled: those a consumer has moved past with nothing in hand."""

from aiokafka import TopicPartition

from shared.messaging.fetch.passed_offsets import PassedOffsets

PLACE = TopicPartition("agency.tax.replies", 0)


def test_a_marker_behind_handled_records_is_passed() -> None:
    passed = PassedOffsets()
    passed.start_at({PLACE: 3})
    passed.give_out({PLACE: 5})
    assert passed.beyond_handled({PLACE: 6}) == {}
    passed.mark_handled({PLACE: 5})
    assert passed.beyond_handled({PLACE: 6}) == {PLACE: 6}
    passed.mark_handled({PLACE: 6})
    assert passed.beyond_handled({PLACE: 6}) == {}


def test_a_batch_in_hand_is_never_passed_even_if_the_position_moved_on() -> None:
    passed = PassedOffsets()
    passed.start_at({PLACE: 0})
    passed.give_out({PLACE: 9})
    passed.mark_handled({PLACE: 4})
    assert passed.beyond_handled({PLACE: 10}) == {}


def test_a_seek_begins_anew() -> None:
    passed = PassedOffsets()
    passed.start_at({PLACE: 0})
    passed.give_out({PLACE: 9})
    passed.start_at({PLACE: 0})
    assert passed.beyond_handled({PLACE: 0}) == {}
    assert passed.beyond_handled({PLACE: 2}) == {PLACE: 2}


def test_a_partition_that_was_never_positioned_is_left_alone() -> None:
    assert PassedOffsets().beyond_handled({PLACE: 7}) == {}
