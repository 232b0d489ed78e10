"""A stranger with the CloudEvents SDK reads our events; what it finds at `dataschema` describes them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import jsonschema_rs
import pytest
from cloudevents.core.bindings.kafka import KafkaMessage as Message
from cloudevents.core.bindings.kafka import from_binary_event
from cloudevents.v1.http import CloudEvent
from cloudevents.v1.kafka import KafkaMessage, from_binary
from fastapi import FastAPI

from deploy.local.services import SERVICES
from shared.events import registry, topics
from shared.events.wire.schemas import served_schemas
from shared.web.answers.event_schemas import event_schemas
from shared.web.answers.problem import install_problems
from tests.contract.sample_files import Sample, all_samples

TODAY = [sample for sample in all_samples() if not sample.is_old]
OURS = [sample for sample in TODAY if not sample.headers["ce_source"].startswith("/party/")]


def by_name(sample: Sample) -> str:
    return sample.name


def as_read(sample: Sample) -> CloudEvent:
    message = KafkaMessage(dict(sample.raw_headers()), sample.key.encode(), sample.raw_value())
    return from_binary(message)


@pytest.fixture
async def http() -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    """Each service's schemas, by the name of its source."""
    clients: dict[str, httpx.AsyncClient] = {}
    for service in SERVICES:
        app = FastAPI()
        install_problems(app)
        app.include_router(event_schemas(service))
        transport = httpx.ASGITransport(app)
        clients[f"/{service}"] = httpx.AsyncClient(transport=transport, base_url="http://x")
    yield clients
    for client in clients.values():
        await client.aclose()


def test_the_task_of_a_party_is_the_data_of_its_event() -> None:
    [sample] = [sample for sample in TODAY if sample.type == "task.queued.v1"]
    event = as_read(sample)
    assert event.data["task_id"] == sample.value["task_id"]
    assert event.data["procedure"] == {"code": "judicial-record-1", "version": 1}
    assert (event["type"], event["sequence"]) == ("vn.motcua.task.queued.v1", "000000000001")
    assert event["dataschema"].endswith("/schemas/vn.motcua.task.queued.v1")
    assert event["causationid"] == "019bb9f2-4000-7000-8000-000000000001"


@pytest.mark.parametrize("sample", TODAY, ids=by_name)
def test_the_sdk_yields_the_data_without_an_envelope(sample: Sample) -> None:
    event = as_read(sample)
    assert event.data == sample.value
    assert event["id"] == sample.headers["ce_id"]
    message = Message(dict(sample.raw_headers()), sample.key.encode(), sample.raw_value())
    assert from_binary_event(message).get_data() == sample.value


@pytest.mark.parametrize("sample", OURS, ids=by_name)
async def test_what_is_served_at_dataschema_describes_the_data(
    sample: Sample, http: dict[str, httpx.AsyncClient]
) -> None:
    address = httpx.URL(sample.headers["ce_dataschema"])
    answer = await http[sample.headers["ce_source"]].get(address.path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/schema+json"
    assert answer.headers["cache-control"].startswith("public")
    schema = answer.json()
    assert schema["title"] == sample.ce_type
    validator = jsonschema_rs.validator_for(schema)
    assert validator.is_valid(sample.value)
    for name in schema["required"]:
        assert not validator.is_valid({key: sample.value[key] for key in sample.value if key != name}), name


@pytest.mark.parametrize("sample", [one for one in TODAY if one not in OURS], ids=by_name)
def test_the_schema_of_a_reply_describes_it(sample: Sample) -> None:
    schema = served_schemas("routing")[sample.ce_type]
    assert jsonschema_rs.validator_for(schema).is_valid(sample.value)


def test_each_service_serves_the_types_that_it_writes() -> None:
    for topic, kinds in registry.TYPES.items():
        service = registry.OWNERS[topic].removeprefix("/")
        assert {f"vn.motcua.{kind}" for kind in kinds} <= served_schemas(service).keys()
    assert {f"vn.motcua.{kind}" for kind in registry.TO_PARTIES} <= served_schemas("routing").keys()
    assert topics.SOURCES.keys() == set(SERVICES)


@pytest.mark.parametrize("path", ["task.queued.v1", "vn.motcua.nothing.v1", "x" * 200, "..%2f..%2fetc"])
async def test_another_type_has_no_schema_here(path: str, http: dict[str, httpx.AsyncClient]) -> None:
    answer = await http["/routing"].get(f"/schemas/{path}")
    assert answer.status_code in (404, 422)
    assert answer.headers["content-type"] == "application/problem+json"
