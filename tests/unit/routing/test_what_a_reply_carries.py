"""Every field that a party's reply may carry reaches the rule that judges it."""

from dataclasses import fields

from services.routing.domain.case.task import RequestDetails
from services.routing.usecases.record_replies import request_details
from shared.events.agency_replies import RequestFields

AT_THE_DESK_ALONE = {"new_day"}
NAMED_OTHERWISE = {"found": "findings"}
SAMPLE = {
    "items": ["TOKHAI"],
    "answer_by": "2026-03-20T17:00:00+07:00",
    "basis": "Điều 9",
    "approved_by": "Trưởng phòng",
    "amount": 75000,
    "rule": "Điều 3",
    "days": 2,
    "meet_at": "2026-03-06T10:30:00+07:00",
    "offices": ["LRO.001"],
    "found": ["needs_council"],
}


def test_every_field_of_a_reply_reaches_its_rule() -> None:
    assert set(SAMPLE) == set(RequestFields.model_fields)
    read = RequestFields.model_validate(SAMPLE)
    details = request_details(read)
    for name in SAMPLE:
        assert getattr(details, NAMED_OTHERWISE.get(name, name)) == getattr(read, name), name


def test_every_parameter_of_an_act_can_come_by_topic_but_the_heads_own() -> None:
    by_topic = {NAMED_OTHERWISE.get(name, name) for name in RequestFields.model_fields}
    assert {field.name for field in fields(RequestDetails)} - by_topic == AT_THE_DESK_ALONE
