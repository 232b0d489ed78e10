"""Replies in the form before are counted, and their parties named once a batch."""

from uuid import uuid4

import pytest
import structlog

from shared.events.wire.attributes import wire_type
from shared.messaging.consume.process_batch import count_batch
from shared.messaging.record.classify import BatchDecision
from shared.messaging.record.records import Record
from shared.messaging.record.routes import DecodedRecord, replies_route
from shared.observability.metrics import REGISTRY
from tests.builders.wire import a_reply

ROUTE = replies_route()


def a_record(party: str, *, old: bool) -> DecodedRecord:
    sent = a_reply(party, uuid4())
    headers = dict(sent["headers"])
    value = sent["value"]
    if old:
        headers["ce_type"] = headers["ce_type"].removeprefix(wire_type("").encode())
        dossier, data = value[1:-1].split(b",", 1)
        value = b'{%b,"data":{%b}}' % (dossier, data)
    topic = f"agency.{party}.replies"
    read = ROUTE.read(Record(topic, 0, 0, sent["key"], value, tuple(headers.items())))
    assert read.event is not None, read.problem
    return read


def counted(party: str) -> float:
    return REGISTRY.get_sample_value("motcua_old_form_replies_total", {"party": party}) or 0.0


def test_the_old_ones_of_a_batch_are_counted_by_party_and_named_once() -> None:
    reads = [a_record("tax", old=True), a_record("tax", old=True), a_record("tax", old=False)]
    reads.append(a_record("ward-police", old=False))
    before = counted("tax")
    with structlog.testing.capture_logs() as lines:
        count_batch(BatchDecision(apply=reads), "agency.replies")
    assert counted("tax") == before + 2
    assert counted("ward-police") == 0
    assert [line for line in lines if line["event"] == "replies.old_form"] == [
        {"event": "replies.old_form", "log_level": "info", "party": "tax", "replies": 2}
    ]


@pytest.mark.parametrize("old", [True, False])
def test_either_form_is_the_same_reply(old: bool) -> None:
    event = a_record("tax", old=old).event
    assert event is not None
    assert (event.type, getattr(event, "office", "")) == ("task.completed.v1", "PC06")
