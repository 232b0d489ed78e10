"""The judge of crash points reads topics as a reader of numbers does: repeats are harmless, gaps are not."""

from collections.abc import Sequence

from deploy.demo.city_day.closing_check.topics import Record
from tests.chaos.points.verdict import disordered


def wire(*said: tuple[int, str]) -> Sequence[Record]:
    """Records of one key: number and event id."""
    return [
        Record(
            "dossier.events", 0, place, b"root", b"", {"ce_sequence": b"%012d" % seq, "ce_id": id_.encode()}
        )
        for place, (seq, id_) in enumerate(said)
    ]


def test_repeats_behind_what_was_seen_are_in_order() -> None:
    assert disordered(wire((1, "a"), (2, "b"), (1, "a"), (2, "b"), (3, "c"))) == []


def test_a_number_that_comes_too_early_is_not() -> None:
    assert disordered(wire((1, "a"), (3, "c"), (2, "b"))) == ["dossier.events root: 3 came after 1"]


def test_two_events_of_one_number_are_not() -> None:
    assert disordered(wire((1, "a"), (1, "b"))) == ["dossier.events root: two events are number 1"]
