"""What was written before types had their prefix is read as what it says."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from shared.events import registry, topics
from shared.events.agency_replies import ReplyBody
from shared.events.body import Body, ProcedureRef
from shared.events.case import CaseState
from shared.events.envelope import adapter_of, data_document, decode_data
from shared.events.reading import InvalidRecord
from shared.events.wire.attributes import sequence_of, short_type, trace_of, wire_type
from shared.events.wire.old_form import data_of_value
from tests.builders.case_updates import with_a_child
from tests.builders.hostile import healthy_record, in_old_form

DIGITS = {
    "7": 7,
    "000000000007": 7,
    "12345678901234567": 12345678901234567,
    "123456789012345678": None,
    "-1": None,
    "7.0": None,
    "\u0661": None,
    " 7": None,
    "": None,
}


def test_the_two_forms_of_one_record_say_the_same() -> None:
    today = healthy_record(uuid4(), "missing_paper", 7)
    before = in_old_form(today)
    read = [
        registry.decode(topics.DOSSIER_EVENTS.name, sent.key, sent.value, sent.headers)
        for sent in (today, before)
    ]
    assert read[0].value != read[1].value
    for name in ("id", "type", "key", "time", "seq", "data", "actor", "dossier_id", "procedure", "channel"):
        assert getattr(read[0], name) == getattr(read[1], name), name


def test_a_type_of_today_around_an_envelope_is_refused_with_what_to_write() -> None:
    today = healthy_record(uuid4(), "missing_paper")
    mixed = in_old_form(today).head(ce_type=dict(today.headers)["ce_type"], ce_sequence=b"1")
    with pytest.raises(InvalidRecord) as why:
        registry.decode(topics.DOSSIER_EVENTS.name, mixed.key, mixed.value, mixed.headers)
    assert (why.value.code, why.value.field) == ("mixed_form", "data")
    assert "without `data`" in why.value.en


def test_a_childs_procedure_was_a_name_and_is_read_as_one() -> None:
    state: CaseState = with_a_child(uuid4()).data
    document = data_document(state)
    document["steps"][0]["child"]["procedure"] = "housing-condition-02"
    read = decode_data(CaseState, data_of_value({"data": document, "actor": {}}))
    child = read.steps[0].child
    assert child is not None
    assert child.procedure == ProcedureRef(code="housing-condition-02", version=0)
    assert data_of_value(data_document(state)) == data_document(state)


@pytest.mark.parametrize("steps", [None, "x", [None, 1, {"child": None}, {"child": "x"}, {"child": {}}]])
def test_whatever_else_stands_where_children_do_is_left_alone(steps: object) -> None:
    assert data_of_value({"data": {"steps": steps}}) == {"steps": steps}


@pytest.mark.parametrize("header", ["ce_sequence", "ce_seq"])
@pytest.mark.parametrize(("digits", "number"), DIGITS.items())
def test_a_sequence_number_is_read_in_one_to_seventeen_digits(
    header: str, digits: str, number: int | None
) -> None:
    assert sequence_of({header: digits}.get) == number


def test_a_name_of_today_counts_before_one_of_before() -> None:
    assert sequence_of({"ce_sequence": "2", "ce_seq": "1"}.get) == 2
    assert trace_of({"traceparent": "a", "ce_traceparent": "b"}.get) == "a"
    assert trace_of({"ce_traceparent": "b"}.get) == "b"


def test_a_type_has_its_prefix_outside_and_none_inside() -> None:
    assert wire_type("task.queued.v1") == "vn.motcua.task.queued.v1"
    assert short_type("vn.motcua.task.queued.v1") == short_type("task.queued.v1") == "task.queued.v1"


def test_no_model_has_a_field_by_which_the_form_before_is_known() -> None:
    assert {name for model in models() for name in model["properties"]} & {"data"} == set()


def models() -> Iterator[dict[str, Any]]:
    """The schema of every value on our topics and on parties'."""
    bodies: set[type[Body]] = set(registry.TO_PARTIES.values())
    for types in registry.TYPES.values():
        bodies |= set(types.values())
    for body in bodies:
        yield adapter_of(body).json_schema()
    yield ReplyBody.model_json_schema()
