"""The guide a stranger connects by says what the code does."""

import json
import re
from dataclasses import fields
from pathlib import Path
from uuid import uuid4

from services.routing.domain.case.task import OfficeRequest, TaskAct
from services.routing.words import WORDS
from shared.events import agency, envelope
from shared.events.agency_replies import parse_reply
from tests.builders.routing import FRIDAY

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
    written = envelope.headers(
        id=uuid4(), type=agency.QUEUED, source="/routing", subject="x", time=FRIDAY, seq=1, traceparent="t"
    )
    assert list(headers_of(lines)) == [name for name, _ in written]
    data = body_of(lines)["data"]
    assert isinstance(data, dict)
    assert set(data) == {field.name for field in fields(agency.TaskQueued)}


def test_the_reply_shown_can_be_read() -> None:
    lines = block("## A reply")
    head = headers_of(lines) | {"ce_type": agency.DONE, "ce_id": "1"}
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
    source = Path("shared/events/agency.py").read_text() + Path("shared/events/reading.py").read_text()
    codes = set(re.findall(r'unreadable\(\s*"(\w+)"', source))
    assert not [code for code in codes if f"`{code}`" not in GUIDE]


def test_every_reply_there_is_stands_in_the_guide() -> None:
    assert not [kind for kind in agency.REPLY_TYPES if f"`{kind}`" not in GUIDE]


def test_every_verb_by_http_stands_in_the_guide() -> None:
    assert not [verb for verb in [*TaskAct, *OfficeRequest] if f"/{verb}`" not in GUIDE]
