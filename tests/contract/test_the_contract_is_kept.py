"""Today's contract against the one that was published last: a breaking change is named, or on the list."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, make_dataclass, replace
from datetime import date
from functools import cache
from typing import Any

import pytest

from deploy.cli import asyncapi as command
from deploy.cli.asyncapi import describe
from deploy.cli.exits import UsageError
from deploy.contract.breaks import Break, breaking_changes
from deploy.contract.fields import OPEN_ENUM, Contract, FieldRule, Fields, contract_of
from deploy.contract.published import (
    ACCEPTED,
    AcceptedBreak,
    contract_text,
    read_accepted,
    read_published,
    unaccepted,
)
from deploy.local.services import SERVICES
from shared.events import dossier, registry, topics
from shared.events.body import Body

TEXT = FieldRule(("string",), required=True)
MAYBE_TEXT = replace(TEXT, required=False)


@cache
def current() -> Contract:
    return contract_of(map(describe, SERVICES))


def test_todays_contract_breaks_the_published_one_only_where_the_list_says_so() -> None:
    published = read_published()
    changes = breaking_changes(published, current())
    assert [str(change) for change in unaccepted(changes, read_accepted(), published.version)] == []


def test_the_list_of_accepted_breaks_says_what_is() -> None:
    published = read_published()
    changes = breaking_changes(published, current())
    for entry in read_accepted():
        assert entry.reason.strip()
        assert isinstance(entry.accepted_on, date)
        if entry.breaks == published.version:
            for covered in entry.covers:
                alone = replace(entry, covers=(covered,))
                assert any(alone.applies_to(change) for change in changes), f"{covered} is not broken"


def test_a_published_contract_is_read_as_it_was_written() -> None:
    assert contract_text(read_published()) == contract_text(Contract.from_json(read_published().to_json()))
    assert len(current().written) > 40
    assert len(current().from_parties) > 10


@pytest.mark.parametrize("removed", ["promised_due_at", "explanation", "competent_office"])
def test_a_field_removed_from_an_event_is_named(removed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contract_of([describe("intake")])
    fields: list[Any] = [
        (name, hint) for name, hint in dossier.DossierAccepted.__annotations__.items() if name != removed
    ]
    poorer = make_dataclass("DossierAccepted", fields, bases=(Body,), frozen=True, kw_only=True)
    poorer.__module__ = dossier.__name__
    monkeypatch.setitem(registry.TYPES[topics.DOSSIER_EVENTS.name], dossier.ACCEPTED, poorer)

    found = breaking_changes(before, contract_of([describe("intake")]))

    named = {(change.type.removeprefix("vn.motcua."), change.field.split(".")[-1]) for change in found}
    assert (dossier.ACCEPTED, removed) in named
    assert {change.type for change in found} == {found[0].type}, "and nothing else is"


def test_what_a_service_writes_is_compared_as_its_readers_see_it() -> None:
    message = {"type": "object", "required": ["state", "at"], "properties": {
        "state": {"enum": ["sent", "failed"], "type": "string"},
        "at": {"type": "string", "format": "date-time"},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    }}  # fmt: skip

    def changed(change: Callable[[dict[str, Any]], Any]) -> list[str]:
        newer = deepcopy(message)
        change(newer)
        before, after = (contract_of([asyncapi("send", schema)]) for schema in (message, newer))
        return [str(one) for one in breaking_changes(before, after)]

    assert changed(lambda schema: schema["properties"].pop("note")) == ["some.type: note: was removed"]
    assert changed(lambda schema: schema["required"].remove("at")) == [
        "some.type: at: was required, and is optional now"
    ]
    assert changed(lambda schema: schema["properties"]["at"].pop("format")) == [
        "some.type: at: was string date-time, and is string now"
    ]
    assert changed(lambda schema: schema["properties"]["at"].update(type=["string", "null"])) == [
        "some.type: at: was string date-time, and is null or string date-time now"
    ]
    assert changed(lambda schema: schema["properties"]["state"]["enum"].append("lost")) == [
        "some.type: state: may have values beyond sent or failed"
    ]
    assert changed(lambda schema: schema["properties"]["state"].pop("enum")) == [
        "some.type: state: may have values beyond sent or failed"
    ]
    assert changed(lambda schema: schema["properties"]["state"]["enum"].remove("failed")) == []
    assert changed(lambda schema: schema["properties"]["note"].update(anyOf=[{"type": "string"}])) == []
    assert changed(lambda schema: schema["properties"].update(more={"type": "string"})) == []
    message["properties"]["state"][OPEN_ENUM] = True
    assert changed(lambda schema: schema["properties"]["state"]["enum"].append("lost")) == []


@dataclass(frozen=True)
class OfParties:
    """A change of what parties write, and what is said of it."""

    before: Fields
    after: Fields
    said: list[str]


PARTIES = {
    "a new required field": OfParties({}, {"a": TEXT}, ["a: is new and required"]),
    "a new required header": OfParties({}, {"header ce_x": TEXT}, ["header ce_x: is new and required"]),
    "a new optional field": OfParties({}, {"a": MAYBE_TEXT}, []),
    "a required part of a new optional field": OfParties(
        {}, {"a": replace(MAYBE_TEXT, types=("object",)), "a.b": TEXT}, []
    ),
    "required now": OfParties({"a": MAYBE_TEXT}, {"a": TEXT}, ["a: was optional, and is required now"]),
    "optional now": OfParties({"a": TEXT}, {"a": MAYBE_TEXT}, []),
    "no longer read": OfParties({"a": TEXT}, {}, ["a: is no longer read"]),
    "a narrower type": OfParties(
        {"a": replace(TEXT, types=("null", "string"))},
        {"a": TEXT},
        ["a: was null or string, and only string is accepted now"],
    ),
    "a wider type": OfParties({"a": TEXT}, {"a": replace(TEXT, types=("null", "string"))}, []),
    "a list of values": OfParties(
        {"a": TEXT}, {"a": replace(TEXT, values=("x", "y"))}, ["a: accepts only x or y now"]
    ),
    "a shorter list of values": OfParties(
        {"a": replace(TEXT, values=("x", "y"))},
        {"a": replace(TEXT, values=("x",))},
        ["a: accepts only x now"],
    ),
    "a longer list of values": OfParties(
        {"a": replace(TEXT, values=("x",))}, {"a": replace(TEXT, values=("x", "y"))}, []
    ),
    "a pattern": OfParties(
        {"a": TEXT}, {"a": replace(TEXT, limits={"pattern": "^x"})}, ["a: pattern was None, and is ^x now"]
    ),
    "shorter": OfParties(
        {"a": replace(TEXT, limits={"maxLength": 9})},
        {"a": replace(TEXT, limits={"maxLength": 8})},
        ["a: maxLength was 9, and is 8 now"],
    ),
    "longer": OfParties(
        {"a": replace(TEXT, limits={"maxLength": 9})}, {"a": replace(TEXT, limits={"maxLength": 10})}, []
    ),
    "not empty": OfParties(
        {"a": replace(TEXT, limits={"minLength": 1})},
        {"a": replace(TEXT, limits={"minLength": 2})},
        ["a: minLength was 1, and is 2 now"],
    ),
    "no limit any more": OfParties({"a": replace(TEXT, limits={"pattern": "^x"})}, {"a": TEXT}, []),
}


@pytest.mark.parametrize("case", PARTIES.values(), ids=PARTIES)
def test_what_parties_write_is_compared_as_they_see_it(case: OfParties) -> None:
    before, after = (Contract("1.0.0", {}, {"some.type": fields}) for fields in (case.before, case.after))
    assert [str(change) for change in breaking_changes(before, after)] == [
        f"some.type: {said}" for said in case.said
    ]


def test_a_type_that_is_gone_is_named() -> None:
    before = Contract("1.0.0", {"a.written": {"x": TEXT}}, {"a.reply": {"x": TEXT}})
    assert breaking_changes(before, Contract("1.0.0", {}, {})) == [
        Break("a.reply", "", "is no longer accepted"),
        Break("a.written", "", "is no longer written"),
    ]


def test_an_accepted_break_covers_its_type_or_field_and_its_published_version_alone() -> None:
    changes = [Break("a", "x", "was removed"), Break("a", "y", "was removed"), Break("b", "", "is gone")]
    today = date(2026, 11, 30)
    for covers, left in ((("a: x",), changes[1:]), (("a",), changes[2:]), (("b", "a: y"), changes[:1])):
        entry = AcceptedBreak("1.0.0", today, "because", covers)
        assert unaccepted(changes, [entry], "1.0.0") == left
        assert unaccepted(changes, [entry], "2.0.0") == changes


def test_a_broken_contract_is_published_once_the_break_is_listed_and_under_another_version(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: list[Contract] = []
    before = replace(current(), version="0.9.0", written=current().written | {"a.gone": {"x": TEXT}})
    listed = AcceptedBreak("0.9.0", date(2026, 11, 30), "because", ("a.gone",))
    monkeypatch.setattr(command, "read_published", lambda: before)
    monkeypatch.setattr(command, "read_accepted", lambda: ())
    monkeypatch.setattr(command, "publish_contract", lambda contract: kept.append(contract) or ACCEPTED)
    with pytest.raises(UsageError, match=r"break contract 0\.9\.0"):
        command.asyncapi(publish=True)
    monkeypatch.setattr(command, "read_accepted", lambda: (listed,))
    assert command.asyncapi(publish=True) == 0
    same = replace(before, version=current().version)
    monkeypatch.setattr(command, "read_published", lambda: same)
    monkeypatch.setattr(command, "read_accepted", lambda: (replace(listed, breaks=same.version),))
    with pytest.raises(UsageError, match="another version"):
        command.asyncapi(publish=True)
    assert kept == [current()]


def asyncapi(action: str, payload: dict[str, Any]) -> dict[str, Any]:
    """The smallest document with one message of this payload."""
    headers = {"properties": {"ce_type": {"type": "string"}}, "required": ["ce_type"]}
    message = {"name": "some.type", "headers": headers, "payload": payload}
    return {
        "info": {"version": "1.0.0"},
        "channels": {"c": {"address": "c", "messages": {"m": message}}},
        "operations": {
            "o": {
                "action": action,
                "channel": {"$ref": "#/channels/c"},
                "messages": [{"$ref": "#/channels/c/messages/m"}],
            }
        },
    }
