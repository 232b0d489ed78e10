"""The AsyncAPI documents: complete, as committed, true to the samples, and valid to the official parser."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema_rs
import pytest

from deploy.cli.asyncapi import describe, document_path
from deploy.local.downloads import NPM, remedy_of
from deploy.local.home import CHECKOUT
from deploy.local.services import SERVICES
from shared.events import registry, topics
from shared.events.wire.attributes import wire_type
from tests.contract.sample_files import all_samples

PARSER = Path(__file__).parent / "asyncapi_parser"
INSTALL_SECONDS = 150
ERROR, WARNING = 0, 1
TO_PARTIES = {"agency.{party}.tasks", "agency.{party}.problems"}


@cache
def document(service: str) -> dict[str, Any]:
    return describe(service)


@pytest.mark.parametrize("service", SERVICES)
def test_the_committed_document_is_the_one_the_code_declares(service: str) -> None:
    committed = json.loads(document_path(service).read_text(encoding="utf-8"))
    assert committed == document(service), "run ./motcua asyncapi --write"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_declares_every_topic_it_owns(service: str) -> None:
    owned = {
        topic.name
        for topic in topics.SERVICE_TOPICS
        if topic.owner == service and topic.name in registry.TYPES
    }
    written = {address for action, address in operations(service) if action == "send"}
    assert written == owned | (TO_PARTIES if service == "routing" else set())


def test_every_type_of_every_topic_has_a_writer_and_a_reader() -> None:
    promised = {(topic, wire_type(kind)) for topic, kinds in registry.TYPES.items() for kind in kinds}
    for action in ("send", "receive"):
        declared = {pair for service in SERVICES for pair in messages(service, action)}
        assert promised - declared == set(), action


def test_every_sample_is_an_example() -> None:
    shown = {
        example["name"]
        for service in SERVICES
        for message in document(service)["components"]["messages"].values()
        for example in message.get("examples", ())
    }
    assert {sample.name for sample in all_samples() if not sample.is_old} - shown == set()


@pytest.mark.parametrize("service", SERVICES)
def test_every_example_keeps_its_schema(service: str) -> None:
    assert invalid_examples(document(service)) == []


def test_an_example_that_breaks_its_schema_is_found() -> None:
    damaged = deepcopy(document("routing"))
    name = "vn.motcua.task.queued.v1"
    message = damaged["components"]["messages"][name]
    del message["examples"][0]["payload"]["due_at"]
    message["examples"][0]["headers"]["ce_sequence"] = "first"
    assert invalid_examples(damaged) == [f"{name}: headers", f"{name}: payload"]


def test_a_type_has_one_payload_wherever_it_is_read_or_written() -> None:
    channels: dict[str, set[str]] = {}
    payloads: dict[str, list[Any]] = {}
    for service in SERVICES:
        for action in ("send", "receive"):
            for address, kind in messages(service, action):
                channels.setdefault(kind, set()).add(address)
        for name, message in document(service)["components"]["messages"].items():
            payloads.setdefault(name, []).append(resolve(document(service), message["payload"]))
    assert {kind: on for kind, on in channels.items() if len(on) > 1} == {}
    assert [name for name, same in payloads.items() if any(one != same[0] for one in same)] == []
    asked = {kind: on for kind, on in channels.items() if kind.endswith("asked.v1") and "subquery" in kind}
    assert asked == {
        "vn.motcua.subquery.asked.v1": {"agency.{party}.tasks"},
        "vn.motcua.task.subquery_asked.v1": {"agency.{party}.replies"},
    }


def test_the_router_declares_in_whatever_order_but_the_document_stays() -> None:
    assert list(document("routing")["channels"]) == sorted(document("routing")["channels"])


def test_the_official_parser_finds_nothing_wrong_and_would_find_a_fault(tmp_path: Path) -> None:
    folder = installed_parser()
    damaged = tmp_path / "damaged.json"
    pointer = "#/components/messages/vn.motcua.notification."
    text = document_path("notification").read_text(encoding="utf-8")
    damaged.write_text(text.replace(pointer, "#/components/messages/nothing."), encoding="utf-8")
    paths = [*map(document_path, SERVICES), damaged]
    faulty = {one["document"] for one in findings(folder, paths) if one["severity"] in (ERROR, WARNING)}
    assert faulty == {str(damaged)}


def operations(service: str) -> list[tuple[str, str]]:
    """Each operation's action and the address of its channel."""
    made = document(service)
    return [(one["action"], resolve(made, one["channel"])["address"]) for one in made["operations"].values()]


def messages(service: str, action: str) -> set[tuple[str, str]]:
    """The address and event type of each message a service sends or receives."""
    made = document(service)
    return {
        (resolve(made, one["channel"])["address"], unquote(message["$ref"]).rsplit("/", 1)[1])
        for one in made["operations"].values()
        if one["action"] == action
        for message in one["messages"]
    }


def resolve(made: dict[str, Any], reference: dict[str, str]) -> Any:
    found: Any = made
    for part in unquote(reference["$ref"]).removeprefix("#/").split("/"):
        found = found[part]
    return found


def invalid_examples(made: dict[str, Any]) -> list[str]:
    """Which part of which example breaks its schema."""
    wrong: list[str] = []
    for message in made["components"]["messages"].values():
        schemas = {"headers": message["headers"], "payload": message["payload"]}
        for example in message.get("examples", ()):
            for part, schema in schemas.items():
                whole = {"allOf": [schema], "components": made["components"]}
                if not jsonschema_rs.validator_for(whole).is_valid(example[part]):
                    wrong.append(f"{example['name']}: {part}")
    return wrong


@cache
def installed_parser() -> Path:
    """The folder with the pinned parser, installed once by npm; skips where npm is missing or fails."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("no npm here: the documents are not read by the official AsyncAPI parser")
    digest = hashlib.sha256((PARSER / "package-lock.json").read_bytes()).hexdigest()[:12]
    folder = CHECKOUT / ".motcua" / "asyncapi-parser" / digest
    if not (folder / "installed").exists():
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(PARSER, folder)
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
        )
        if done.returncode:
            remedy = remedy_of(done.stderr, NPM)
            pytest.skip(f"npm cannot install the official AsyncAPI parser: {remedy}; {done.stderr[-300:]}")
        (folder / "installed").touch()
    return folder


def findings(folder: Path, paths: list[Path]) -> list[dict[str, Any]]:
    """What the parser says of these documents, one finding a line."""
    command = ["node", "check.mjs", *map(str, paths)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=150, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]
