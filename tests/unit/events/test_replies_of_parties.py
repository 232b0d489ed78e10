"""What a party must send at least, and the answer each mistake gets."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import orjson
import pytest

from shared.events import agency
from shared.events.agency_replies import AgencyReply, parse_reply
from shared.events.reading import InvalidRecord, decode_headers

ROOT = str(uuid4())


NO_OUTCOMES = ("Denied", "DENIED", "denied ", "rejected", "từ chối", "", "granted\n", True, 1, ["granted"])
"""What other systems write where the contract has two words."""


def a_reply(**data: Any) -> dict[str, Any]:
    """A reply in order, as a party's own system would write it."""
    head = {
        "ce_specversion": "1.0",
        "ce_id": "their-own-id-1",
        "ce_type": "vn.motcua.task.completed.v1",
        "ce_source": "/party/city-police",
        "ce_subject": ROOT,
        "ce_time": "2026-03-06T09:00:00+07:00",
    }
    body = {"dossier_id": ROOT, "task_id": str(uuid4()), "office": "HPOL", "outcome": "granted", **data}
    return {"party": "city-police", "key": ROOT.encode(), "value": orjson.dumps(body), "head": head}


def an_old_reply(**data: Any) -> dict[str, Any]:
    """The same in the form before."""
    reply = a_reply(**data)
    body = orjson.loads(reply["value"])
    reply["value"] = orjson.dumps({"dossier_id": body.pop("dossier_id"), "data": body})
    reply["head"]["ce_type"] = "task.completed.v1"
    return reply


def read(reply: dict[str, Any]) -> AgencyReply:
    return parse_reply(**reply)


def without(header: str) -> dict[str, Any]:
    reply = a_reply()
    del reply["head"][header]
    return reply


def with_head(**head: str) -> dict[str, Any]:
    reply = a_reply()
    reply["head"].update(head)
    return reply


def with_value(value: bytes | None) -> dict[str, Any]:
    return {**a_reply(), "value": value}


@pytest.mark.parametrize("write", [a_reply, an_old_reply])
def test_six_headers_and_a_small_body_are_enough(write: Callable[[], dict[str, Any]]) -> None:
    said = read(write())
    assert said.is_old_form == (write is an_old_reply)
    assert said.type == "task.completed.v1"
    assert (said.party, said.office, said.outcome) == ("city-police", "HPOL", "granted")
    assert str(said.root) == ROOT


def test_a_field_we_do_not_know_is_ignored() -> None:
    assert read(a_reply(mood="good")).office == "HPOL"


@pytest.mark.parametrize(
    ("broken", "code", "field"),
    [
        (lambda: without("ce_id"), "missing_header", "ce_id"),
        (lambda: without("ce_time"), "missing_header", "ce_time"),
        (lambda: with_head(ce_type="task.eaten.v1"), "unknown_type", "ce_type"),
        (lambda: with_head(ce_source="/party/tax"), "wrong_source", "ce_source"),
        (lambda: with_head(ce_subject=str(uuid4())), "wrong_key", "key"),
        (lambda: with_head(ce_time="yesterday"), "bad_header", "ce_time"),
        (lambda: {**a_reply(), "key": None}, "no_key", "key"),
        (lambda: {**a_reply(), "key": b"\xff"}, "key_not_utf8", "key"),
        (lambda: with_value(None), "null_value", "value"),
        (lambda: with_value(b"{"), "not_json", "value"),
        (lambda: with_value(b"[]"), "not_an_object", "value"),
        (lambda: with_value(b"[" * 10_000), "not_json", "value"),
        (lambda: with_value(b'"\\ud800"'), "not_json", "value"),
        (lambda: with_value(b"9" * 5_000), "not_json", "value"),
        (lambda: a_reply(task_id="12"), "bad_field", "task_id"),
        (lambda: a_reply(office=""), "bad_field", "office"),
        (lambda: a_reply(reason="x" * 3_000), "bad_field", "reason"),
        (lambda: a_reply(reason="a\x00b"), "bad_field", "reason"),
        *((lambda word=word: a_reply(outcome=word), "bad_field", "outcome") for word in NO_OUTCOMES),
        *(
            (lambda word=word: an_old_reply(outcome=word), "bad_field", "data.outcome")
            for word in NO_OUTCOMES
        ),
        (lambda: an_old_reply(task_id="12"), "bad_field", "data.task_id"),
        (lambda: an_old_reply(office=""), "bad_field", "data.office"),
        (lambda: an_old_reply() | {"value": b'{"dossier_id": "x"}'}, "bad_field", "dossier_id"),
        (lambda: an_old_reply() | {"value": a_reply()["value"]}, "mixed_form", "ce_type"),
        (lambda: a_reply() | {"value": an_old_reply()["value"]}, "mixed_form", "data"),
        (lambda: with_head(ce_type="vn.motcua.subquery.asked.v1"), "unknown_type", "ce_type"),
        (lambda: with_head(ce_type="vn.motcua.vn.motcua.task.started.v1"), "unknown_type", "ce_type"),
        (lambda: with_head(ce_id="x" * 201), "bad_field", "ce_id"),
        (lambda: with_head(ce_id="a\x00b"), "bad_field", "ce_id"),
    ],
)
def test_each_mistake_is_named_with_its_field(
    broken: Callable[[], dict[str, Any]], code: str, field: str
) -> None:
    with pytest.raises(InvalidRecord) as why:
        read(broken())
    assert (why.value.code, why.value.field) == (code, field)


@pytest.mark.parametrize("word", NO_OUTCOMES)
def test_the_remedy_for_an_outcome_names_the_two_words_in_both_languages(word: object) -> None:
    with pytest.raises(InvalidRecord) as why:
        read(a_reply(outcome=word))
    assert why.value.vi == "ghi đúng một trong các từ: granted, denied"
    assert why.value.en == "write exactly one of: granted, denied"


def test_a_header_that_is_not_utf8_is_named_and_loses_no_record() -> None:
    with pytest.raises(InvalidRecord) as why:
        decode_headers([("ce_id", b"a"), ("x-mood", b"\xff\xfe")])
    assert (why.value.code, why.value.field) == ("header_not_utf8", "x-mood")


def test_other_offices_are_asked_by_a_type_of_its_own_and_until_then_by_the_one_before() -> None:
    today = a_reply(question="?")
    today["head"]["ce_type"] = "vn.motcua.task.subquery_asked.v1"
    before = an_old_reply(question="?")
    before["head"]["ce_type"] = "subquery.asked.v1"
    assert read(today).type == read(before).type == agency.SUBQUERY_ASKED


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (lambda: an_old_reply() | {"value": a_reply()["value"]}, "vn.motcua.task.completed.v1"),
        (lambda: a_reply() | {"value": an_old_reply()["value"]}, "`data`"),
    ],
)
def test_a_mixture_of_forms_is_answered_with_what_to_send(
    broken: Callable[[], dict[str, Any]], words: str
) -> None:
    with pytest.raises(InvalidRecord) as why:
        read(broken())
    assert words in why.value.en
    assert words in why.value.vi
