"""An event written by one service is read by another to the byte, or refused by name."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import orjson
import pytest
from asyncpg.pgproto import pgproto

from shared.actor import Actor
from shared.events import dossier, registry, topics
from shared.events.body import ProcedureRef
from shared.events.envelope import NewEvent, data_document
from shared.events.identifiers import uuid7
from shared.events.notices import NotificationResult
from shared.events.reading import InvalidRecord

ROOT = uuid4()
AT = datetime(2026, 3, 6, 2, 0, tzinfo=UTC)


def a_refusal(**changes: object) -> NewEvent:
    data = dossier.DossierRefused(
        code="H26.103.26.1-260306-0001", refused_at=AT, reason_code="missing_papers"
    )
    return NewEvent(
        topic=topics.DOSSIER_EVENTS.name,
        key=str(ROOT),
        type=dossier.REFUSED,
        data=data,
        actor=Actor(kind="officer", id="canbo.hk", office="PASC-SP.00070", role="counter"),
        time=AT,
        dossier_id=ROOT,
        procedure=ProcedureRef(code="marriage", version=1),
        channel="counter",
        **changes,  # pyright: ignore[reportArgumentType]
    )


def record(event: NewEvent, *, seq: int = 1, source: str = "/intake") -> list[tuple[str, bytes]]:
    return event.headers(source=source, sequence=seq, traceparent=None)


def test_what_is_written_is_what_is_read() -> None:
    written = a_refusal()
    read = registry.decode(written.topic, written.key.encode(), written.body(), record(written, seq=7))
    assert (read.id, read.root, read.seq, read.time) == (written.id, ROOT, 7, AT)
    assert read.data == written.data
    assert read.actor == written.actor


def test_a_value_is_its_data_with_the_fields_that_all_events_share() -> None:
    event = a_refusal()
    assert orjson.loads(event.body()) == data_document(event.data) | {
        "actor": event.actor.to_json(),
        "dossier_id": str(ROOT),
        "procedure": {"code": "marriage", "version": 1},
        "channel": "counter",
    }


def test_an_id_as_the_database_gives_it_is_written_as_any() -> None:
    event = a_refusal()
    from_database = replace(event, dossier_id=pgproto.UUID(str(ROOT)))
    assert from_database.body() == event.body()


def test_a_shared_field_that_is_null_is_left_out() -> None:
    event = replace(a_refusal(), dossier_id=None, procedure=None, channel=None)
    assert set(orjson.loads(event.body())) == {*data_document(event.data), "actor"}


def test_a_field_of_the_type_itself_is_not_taken_for_a_shared_one() -> None:
    sent = NotificationResult(
        message_id=uuid4(), template="x", channel="sms", state="sent", because="x", because_id="x", at=AT
    )
    written = replace(
        a_refusal(), topic=topics.NOTIFICATION_RESULTS.name, type="notification.sent.v1", data=sent
    )
    assert written.body().count(b'"channel"') == 1
    head = record(written, source="/notification")
    read = registry.decode(written.topic, written.key.encode(), written.body(), head)
    assert (read.data.channel, read.channel) == ("sms", None)


def test_headers_are_a_cloudevent_in_city_time() -> None:
    head = dict(record(a_refusal(causation_id="r-1", traceparent="00-1-2-01"), seq=7))
    assert head["ce_specversion"] == b"1.0"
    assert head["ce_type"] == b"vn.motcua.dossier.refused.v1"
    assert head["ce_time"] == head["ce_recordedtime"] == b"2026-03-06T09:00:00+07:00"
    assert head["ce_sequence"] == b"000000000007"
    assert head["ce_causationid"] == b"r-1"
    assert head["traceparent"] == b"00-1-2-01"
    assert head["content-type"] == b"application/json"


@pytest.mark.parametrize(
    ("seq", "source", "code"), [(1, "/routing", "wrong_source"), (1, "/party/tax", "wrong_source")]
)
def test_a_topic_has_one_writer(seq: int, source: str, code: str) -> None:
    event = a_refusal()
    with pytest.raises(InvalidRecord) as why:
        registry.decode(event.topic, event.key.encode(), event.body(), record(event, seq=seq, source=source))
    assert why.value.code == code


def test_a_type_of_another_topic_is_unknown_here() -> None:
    event = a_refusal()
    with pytest.raises(InvalidRecord, match="unknown_type"):
        registry.decode(topics.CASE_UPDATES.name, event.key.encode(), event.body(), record(event))


def test_ids_sort_by_the_moment_they_were_made() -> None:
    made = [uuid7() for _ in range(50)]
    stamps = [one.int >> 80 for one in made]
    assert stamps == sorted(stamps)
    assert {one.version for one in made} == {7}
    assert len(set(made)) == 50
    assert all(isinstance(one, UUID) for one in made)


def test_every_type_belongs_to_one_topic_with_an_owner() -> None:
    seen = [kind for types in registry.TYPES.values() for kind in types]
    assert len(seen) == len(set(seen))
    assert set(registry.TYPES) <= set(registry.OWNERS)
