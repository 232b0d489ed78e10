"""A batch is cut so that handlers get much at once, and each key its order."""

from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.events import dossier, topics
from shared.events.dossier import DossierAccepted
from shared.messaging.record.batch import Handler
from shared.messaging.record.routes import DecodedRecord, Route, add_handler, event_route, split_by_handler
from tests.builders.wire import AT, a_record, an_event, refused

ROOTS = [uuid4() for _ in range(3)]


async def on_refused(*_: object) -> None:
    return


async def on_accepted(*_: object) -> None:
    return


def route() -> Route:
    made = event_route(topics.DOSSIER_EVENTS)
    add_handler(made, {dossier.REFUSED}, on_refused)
    add_handler(made, {dossier.ACCEPTED}, on_accepted)
    return made


def read(root: UUID, accepted: bool, seq: int) -> DecodedRecord:
    said = DossierAccepted(
        code="H26", accepted_at=AT, promised_due_at=None, explanation=[],
        receiving_office="a", competent_office="b",
    )  # fmt: skip
    event = an_event(root, said, type=dossier.ACCEPTED) if accepted else refused(root)
    return route().read(a_record(event, seq, offset=seq))


def name(handler: Handler) -> str:
    return getattr(handler, "__name__", "")


def test_a_handler_gets_all_roots_at_once_when_none_needs_another_first() -> None:
    reads = [read(root, False, n) for n, root in enumerate(ROOTS)]
    [(handler, taken)] = split_by_handler(reads, route().handlers.get)
    assert (name(handler), len(taken)) == ("on_refused", 3)


def test_what_follows_another_handlers_event_waits_for_it() -> None:
    reads = [read(ROOTS[0], True, 1), read(ROOTS[0], False, 2), read(ROOTS[1], False, 1)]
    cut = split_by_handler(reads, route().handlers.get)
    assert [(name(handler), len(taken)) for handler, taken in cut] == [("on_accepted", 1), ("on_refused", 2)]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(ROOTS), st.booleans()), max_size=25))
def test_nothing_is_lost_and_no_root_is_reordered(said: list[tuple[UUID, bool]]) -> None:
    reads = [read(root, accepted, n) for n, (root, accepted) in enumerate(said)]
    flat = [one for _, taken in split_by_handler(reads, route().handlers.get) for one in taken]
    assert len(flat) == len(reads)
    for root in ROOTS:
        offsets = [one.record.offset for one in flat if one.key == str(root)]
        assert offsets == sorted(offsets)
