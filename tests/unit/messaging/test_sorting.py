"""The rule of sequence: at most the last is dropped, the next applies, a gap is held, a held key queues."""

from dataclasses import replace
from uuid import UUID, uuid4, uuid5

from hypothesis import given
from hypothesis import strategies as st

from shared.events import dossier, topics
from shared.messaging.record.classify import MOST_DIGESTS, classify_events
from shared.messaging.record.routes import DIGEST_SIZE, DecodedRecord, Route, event_route
from tests.builders.wire import a_record, refused

A, B = uuid4(), uuid4()
TOPIC = topics.DOSSIER_EVENTS.name


def route() -> Route:
    return event_route(topics.DOSSIER_EVENTS, frozenset({dossier.REFUSED}))


def read(root: UUID, seq: int | None, *, version: str = "", **fault: Exception) -> DecodedRecord:
    """The same record for the same number; `version`: another one that has its number."""
    event = replace(refused(root), id=uuid5(root, f"{seq}{version}"))
    return replace(route().read(a_record(event, seq)), **fault)


def key(root: UUID) -> tuple[str, str]:
    return TOPIC, str(root)


def test_the_next_applies_and_the_last_is_dropped() -> None:
    done = classify_events([read(A, 4), read(A, 5), read(A, 5), read(A, 6)], {key(A): 4}, {})
    assert [r.seq for r in done.apply] == [5, 6]
    assert [r.seq for r in done.duplicates] == [4, 5]
    assert done.seen == {key(A): 6}


def test_a_reader_that_starts_late_takes_the_first_as_its_base() -> None:
    assert [r.seq for r in classify_events([read(A, 7), read(A, 8)], {}, {}).apply] == [7, 8]


def test_a_gap_is_held_and_what_follows_queues_while_others_flow() -> None:
    done = classify_events([read(A, 7), read(A, 8), read(B, 1)], {key(A): 5}, {})
    assert [(h.reason, h.read.seq) for h in done.hold] == [("gap", 7), ("behind", 8)]
    assert [r.key for r in done.apply] == [str(B)]
    assert done.parked == {key(A): "gap"}


def test_compaction_leaves_gaps_that_mean_nothing() -> None:
    done = classify_events([read(A, 3), read(A, 9)], {key(A): 1}, {}, compacted=True)
    assert [r.seq for r in done.apply] == [3, 9]


def test_on_a_compacted_topic_nothing_waits_behind_a_held_record() -> None:
    broken = read(A, 2, failure=ValueError("no"))
    done = classify_events([broken, read(A, 3)], {key(A): 1}, {}, compacted=True)
    assert [(h.reason, h.blocks) for h in done.hold] == [("poison", False)]
    assert ([r.seq for r in done.apply], done.parked) == ([3], {})
    later = classify_events([read(A, 4)], {key(A): 3}, {key(A): "poison"}, compacted=True)
    assert [r.seq for r in later.apply] == [4]
    replayed = classify_events([read(A, 2)], {key(A): 4}, {}, compacted=True)
    assert [r.seq for r in replayed.duplicates] == [2]


def test_a_repeat_of_what_is_done_is_dropped_even_at_a_parked_key() -> None:
    done = classify_events([read(A, 5), read(A, 6)], {key(A): 5}, {key(A): "poison"})
    assert [r.seq for r in done.duplicates] == [5]
    assert [h.reason for h in done.hold] == ["behind"]


def test_a_record_that_broke_its_batch_is_poison_and_its_number_is_not_seen() -> None:
    done = classify_events([read(A, 5, failure=ValueError("no"))], {key(A): 4}, {})
    assert [(h.reason, h.code, h.blocks) for h in done.hold] == [("poison", "ValueError", True)]
    assert done.seen == {}


def test_an_event_type_nobody_asked_for_takes_its_number_and_no_more() -> None:
    other = replace(refused(A), type=dossier.ACCEPTED)
    done = classify_events([route().read(a_record(other, 5)), read(A, 6)], {key(A): 4}, {})
    assert done.seen == {key(A): 6}
    assert not done.hold


def test_an_event_type_nobody_promised_is_held_and_its_number_waits() -> None:
    alien = replace(refused(A), type="dossier.painted_blue.v1")
    done = classify_events([route().read(a_record(alien, 5)), read(A, 6)], {key(A): 4}, {})
    assert [(h.code, h.read.seq) for h in done.hold] == [("unknown_type", 5), ("behind_held", 6)]
    assert not done.seen


def test_an_unreadable_event_of_ours_blocks_its_key() -> None:
    done = classify_events([route().read(a_record(refused(A), 1, value=b"{"))], {}, {})
    assert [(h.reason, h.code) for h in done.hold] == [("unreadable", "not_json")]
    assert done.parked == {key(A): "unreadable"}


@given(st.lists(st.tuples(st.sampled_from([A, B]), st.integers(1, 6)), max_size=30))
def test_whatever_arrives_each_number_applies_once_and_in_order(arrivals: list[tuple[UUID, int]]) -> None:
    done = classify_events([read(root, seq) for root, seq in arrivals], {key(A): 0, key(B): 0}, {})
    for root in (A, B):
        applied = [r.seq for r in done.apply if r.key == str(root)]
        assert applied == list(range(1, len(applied) + 1))
    assert len(done.apply) + len(done.hold) + len(done.duplicates) == len(arrivals)


def test_another_record_with_a_number_that_was_handled_is_held_and_blocks_nothing() -> None:
    first = classify_events([read(A, 1), read(A, 2), read(A, 3)], {}, {})
    others = [read(A, 1, version="other"), read(A, 3, version="other"), read(A, 2), read(A, 4)]
    later = classify_events(others, first.seen, {}, digests=first.digests)
    assert [(hold.read.seq, hold.reason, hold.code, hold.blocks) for hold in later.hold] == [
        (1, "conflict", "sequence_conflict", False),
        (3, "conflict", "sequence_conflict", False),
    ]
    assert [r.seq for r in later.duplicates] == [2]
    assert [r.seq for r in later.apply] == [4]
    assert later.parked == {}


def test_the_same_id_with_other_content_is_another_record() -> None:
    event = refused(A)
    first, other = (route().read(a_record(event, 1, value=value)) for value in (None, b'{"actor": {}}'))
    done = classify_events([first, other], {key(A): 0}, {})
    assert [hold.code for hold in done.hold] == ["sequence_conflict"]


def test_what_is_too_old_to_be_compared_is_a_repetition() -> None:
    many = classify_events([read(A, n) for n in range(1, MOST_DIGESTS + 3)], {key(A): 0}, {})
    later = classify_events(
        [read(A, 1, version="other"), read(A, 3, version="other")], many.seen, {}, digests=many.digests
    )
    assert [r.seq for r in later.duplicates] == [1]
    assert [hold.read.seq for hold in later.hold] == [3]
    assert len(many.digests[key(A)]) == MOST_DIGESTS * DIGEST_SIZE


def test_digests_begin_anew_behind_a_gap() -> None:
    done = classify_events([read(A, 3), read(A, 9)], {key(A): 2}, {}, compacted=True)
    later = classify_events([read(A, 3, version="other"), read(A, 9)], done.seen, {}, digests=done.digests)
    assert len(later.duplicates) == 2
