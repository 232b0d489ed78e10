"""An event written by one service is read by another to the byte, or refused by name."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import orjson
import pytest

from shared.actor import Actor
from shared.events import dossier, registry, topics
from shared.events.envelope import NewEvent, ProcedureRef, data_document, headers
from shared.events.identifiers import uuid7
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
    return headers(
        id=event.id,
        type=event.type,
        source=source,
        subject=event.key,
        time=event.time,
        seq=seq,
        traceparent=None,
    )


def test_what_is_written_is_what_is_read() -> None:
    written = a_refusal()
    read = registry.decode(written.topic, written.key.encode(), written.body(), record(written, seq=7))
    assert (read.id, read.root, read.seq, read.time) == (written.id, ROOT, 7, AT)
    assert read.data == written.data
    assert read.actor == written.actor


def test_a_value_is_its_data_as_json_and_what_all_events_share() -> None:
    event = a_refusal()
    said = orjson.loads(event.body())
    assert said.pop("data") == data_document(event.data)
    assert said.pop("procedure") == {"code": "marriage", "version": 1}
    assert said.pop("recorded_at") == "2026-03-06T09:00:00+07:00"
    assert set(said) == {"actor", "causation_id", "channel", "dossier_id"}


def test_headers_are_a_cloudevent_in_city_time() -> None:
    head = dict(record(a_refusal()))
    assert head["ce_specversion"] == b"1.0"
    assert head["ce_time"] == b"2026-03-06T09:00:00+07:00"
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
