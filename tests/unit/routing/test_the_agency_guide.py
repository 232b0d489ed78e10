"""The guide a stranger connects by says what the code does."""

import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from services.routing.domain.case.task import OfficeRequest, TaskAct
from services.routing.outbound.case_events import dispatch_events
from services.routing.words import WORDS
from shared.events import agency
from shared.events.agency_replies import parse_reply
from shared.events.envelope import NewEvent
from shared.events.wire.attributes import wire_type
from shared.messaging.publish.sender import headers_to_send
from shared.messaging.record.records import pack_headers
from shared.outcomes import StepOutcome
from tests.builders.routing import acceptance, opened, rules, submitted_case

GUIDE = Path("docs/agency-guide.md").read_text("utf-8")
HTTP_ONLY = {
    "paid_too_little",
    "only_an_operator",
    "operator_never_decides",
    "not_declined",
    "only_the_head_reassigns",
    "another_agency",
    "already_there",
    "already_resent",
    "unknown_office",
    "office_cannot_do_it",
    "unknown_dossier",
    "bad_cursor",
    "key_of_another_case",
    "unknown_kind",
    "unknown_ward",
    "case.unknown",
    "invalid",
    "calendar_rewritten",
    "catalogue_has_mistakes",
    "office_left_out",
    "version_in_force",
}


def block(after: str) -> list[str]:
    """The lines of the first code block behind a heading."""
    return GUIDE.split(after, 1)[1].split("```", 2)[1].splitlines()


def headers_of(lines: list[str]) -> dict[str, str]:
    found = re.findall(r"^(?:headers| {7}) +([\w-]+) +(.+)$", "\n".join(lines), re.M)
    return dict(found)


def body_of(lines: list[str]) -> dict[str, object]:
    return json.loads("\n".join(lines).split("body", 1)[1])


def test_the_task_shown_has_the_headers_and_fields_we_write() -> None:
    lines = block("## A task")
    change = acceptance(opened(submitted_case("judicial-record-1")))
    [task] = dispatch_events([change], rules())
    packed = pack_headers(tuple(task.headers(source="/routing", sequence=1, traceparent="t")))
    shown = headers_of(lines)
    assert list(shown) == [name for name, _ in headers_to_send(packed, "https://x")]
    assert shown["ce_type"] == wire_type(agency.QUEUED)
    assert set(body_of(lines)) == set(json.loads(task.body()))


def test_the_reply_shown_can_be_read() -> None:
    lines = block("## A reply")
    head = headers_of(lines) | {"ce_id": "1"}
    assert head["ce_type"].split(" | ")[:2] == [wire_type(agency.STARTED), wire_type(agency.DONE)]
    head["ce_type"] = wire_type(agency.DONE)
    said = parse_reply(
        party="city-police",
        key=head["ce_subject"].encode(),
        value=json.dumps(body_of(lines)).encode(),
        head=head,
    )
    assert (said.office, said.outcome) == ("HPOL", "granted")


def test_every_code_a_party_may_read_is_explained() -> None:
    codes = {refusal.code for refusal in WORDS.refusals.values()} - HTTP_ONLY
    assert not [code for code in codes if f"`{code}`" not in GUIDE]


def test_every_way_of_being_unreadable_is_explained() -> None:
    sources = ("events/agency_replies.py", "events/reading.py", "messaging/record/routes.py")
    text = "".join(Path("shared", source).read_text() for source in sources)
    codes = set(re.findall(r'invalid_record\(\s*"(\w+)"', text))
    assert len(codes) > 10
    assert not [code for code in codes if f"`{code}`" not in GUIDE]


def test_every_reply_there_is_stands_in_the_guide() -> None:
    assert not [kind for kind in agency.REPLY_TYPES if f"`{kind}`" not in GUIDE]


def test_every_verb_by_http_stands_in_the_guide() -> None:
    assert not [verb for verb in [*TaskAct, *OfficeRequest] if f"/{verb}`" not in GUIDE]


@pytest.mark.parametrize(("outcomes", "outcome"), [((), None), (tuple(StepOutcome), "granted")])
def test_the_program_shown_answers_a_task_as_we_read_it(
    outcomes: tuple[StepOutcome, ...], outcome: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program of the guide runs on a stub of its client; its reply goes through our own parser."""
    change = acceptance(opened(submitted_case("judicial-record-1")))
    [queued] = dispatch_events([change], rules())
    assert isinstance(queued.data, agency.TaskQueued)
    task = replace(queued, data=replace(queued.data, outcomes=outcomes))
    sent: list[dict[str, Any]] = []
    program = GUIDE.split("```python", 1)[1].split("```", 1)[0]
    monkeypatch.setitem(sys.modules, "confluent_kafka", stub_client(task, sent))
    with pytest.raises(NoMoreRecords):
        exec(compile(program, "agency-guide.md", "exec"), {})  # noqa: S102
    [reply] = sent
    said = parse_reply(
        party="sandbox", key=reply["key"], value=reply["value"].encode(), head=reply["headers"]
    )
    assert (said.task_id, said.office, said.outcome) == (queued.data.task_id, queued.data.office, outcome)
    assert not said.is_old_form


class NoMoreRecords(Exception):
    """Ends a program that reads for ever."""


def stub_client(task: NewEvent, sent: list[dict[str, Any]]) -> Any:
    """A client of Kafka with one task on its topic; what is produced goes to `sent`."""
    record = Mock(**{
        "error.return_value": None,
        "headers.return_value": task.headers(source="/routing", sequence=1, traceparent=None),
        "key.return_value": task.key.encode(),
        "value.return_value": task.body(),
    })  # fmt: skip
    client = Mock()
    client.Consumer.return_value.poll.side_effect = [record, NoMoreRecords]
    client.Producer.return_value.produce.side_effect = lambda topic, **reply: sent.append(reply)
    return client
