"""Whatever bytes come, reading a record answers at once and never raises; the same for files of dossiers.

`MOTCUA_FUZZ=100` makes a run a hundred times as long; so does `motcua prove fuzz --full`.
"""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, composite

from deploy.cli.exits import UsageError
from deploy.cli.file import key_for, read_dossiers
from deploy.local.stack import Stack
from shared.events import dossier, topics
from shared.messaging.record.classify import classify_events, classify_replies
from shared.messaging.record.records import Record, pack_headers, unpack_headers
from shared.messaging.record.routes import DecodedRecord, Route, event_route, replies_route
from tests.builders.wire import a_record, a_reply, refused
from tests.effort import size

LONGER = int(os.environ.get("MOTCUA_FUZZ", "0")) or size(1, 100)
"""Times the short form."""
ROOT = UUID(int=7)
MOST_SECONDS = 1.0
BYTES = st.binary(max_size=200)
NASTY = st.sampled_from(
    [
        b"", b"null", b"[]", b"{}", b"\xff", b"\x00", b"1e999", b"-", b'"\\ud800"', b"[" * 10_000,
        b'{"a":' * 5_000,
        b'{"task_id": 1}',
        b"9" * 5_000, b'{"data": {}}', b'{"actor": {"kind": "citizen"}, "data": null}', "١".encode(), b"NaN",
        b"\xef\xbb\xbf{}", b"0001-01-01T00:00:00+14:00", b"9999-12-31T23:59:59-14:00", b"1e400",
    ]
)  # fmt: skip


def routes() -> list[Route]:
    own = event_route(topics.DOSSIER_EVENTS, frozenset({dossier.REFUSED, dossier.SUBMITTED}))
    return [own, replies_route()]


def healthy(route: Route) -> Record:
    if not route.is_replies:
        return a_record(refused(ROOT), 1)
    sent = a_reply("city-police", ROOT, id="r-1")
    return Record(
        topics.replies_topic("city-police").name, 0, 0, sent["key"], sent["value"], tuple(sent["headers"])
    )


@composite
def records(draw: DrawFn, route: Route) -> Record:
    """A healthy record with anything changed, or nothing healthy at all."""
    good = healthy(route)
    value = draw(st.one_of(st.none(), NASTY, BYTES, mutated(good.value or b""), st.just(good.value)))
    key = draw(st.one_of(st.none(), BYTES, st.just(good.key)))
    names = [name for name, _ in good.headers]
    name = st.one_of(st.sampled_from([*names, "CE_ID", "reply_to", "\ufffd"]), st.text(max_size=10))
    changed = draw(st.lists(st.tuples(name, st.one_of(st.none(), NASTY, BYTES)), max_size=4))
    kept = [pair for pair in good.headers if pair[0] not in dict(changed) or draw(st.booleans())]
    return Record(good.topic, 0, 0, key, value, (*kept, *changed))


@composite
def mutated(draw: DrawFn, good: bytes) -> bytes:
    """These bytes with a piece cut out and another put in."""
    start = draw(st.integers(0, len(good)))
    end = draw(st.integers(start, min(len(good), start + 20)))
    return good[:start] + draw(st.one_of(NASTY, BYTES)) + good[end:]


def quickly(work: Callable[[], object]) -> None:
    began = time.process_time()
    work()
    assert time.process_time() - began < MOST_SECONDS


def never_breaks(route: Route, record: Record) -> DecodedRecord:
    read = route.read(record)
    assert (read.event is None) or (read.problem is None)
    assert "\x00" not in read.key + read.ce_id, "no table keeps it"
    assert unpack_headers(pack_headers(record.headers)) == record.headers
    classify_replies([read], set(), {}) if route.is_replies else classify_events([read], {}, {})
    return read


OWN, REPLIES = routes()


@settings(max_examples=150 * LONGER, deadline=None, database=None, derandomize=LONGER == 1)
@given(records(OWN))
def test_a_record_of_our_own_topics(record: Record) -> None:
    quickly(lambda: never_breaks(OWN, record))


@settings(max_examples=150 * LONGER, deadline=None, database=None, derandomize=LONGER == 1)
@given(records(REPLIES))
def test_a_reply_of_a_party(record: Record) -> None:
    quickly(lambda: never_breaks(REPLIES, record))


def test_the_mutations_reach_both_good_and_bad() -> None:
    assert never_breaks(OWN, healthy(OWN)).event is not None
    assert never_breaks(REPLIES, healthy(REPLIES)).event is not None


ID = b"019cc0f2-7c00-7a11-8d1e-2f6a90b1c2d3"
URLS = {"intake": "http://i", "routing": "http://r", "notification": "http://n"}
STACK = Stack(URLS, "http://s", "k:9", "postgres://x", "ck", "ok", {}, "http://o")
FILE = Path(tempfile.mkdtemp()) / "dossiers.jsonl"
LINE = st.one_of(
    st.just(b'{"submission_id": "' + ID + b'", "channel": ["online"]}'),
    mutated(b'{"submission_id": "' + ID + b'", "channel": "investor", "place": {"project": "sao-mai"}}'),
    NASTY,
    BYTES,
)


@settings(max_examples=300 * LONGER, deadline=None, database=None, derandomize=LONGER == 1)
@given(st.lists(LINE, max_size=4))
def test_a_file_of_dossiers(lines: list[bytes]) -> None:
    FILE.write_bytes(b"\n".join(lines))
    quickly(lambda: reads_or_says_what_is_wrong(FILE))


def reads_or_says_what_is_wrong(path: Path) -> None:
    try:
        for dossier in read_dossiers(path):
            key_for(STACK, dossier)
    except UsageError as wrong:
        assert str(wrong)
