"""The AsyncAPI document of a service: its channels with messages, headers and examples.

FastStream's own document has one message per endpoint, without headers or examples. This factory gives one
channel per topic and one message per event type, under the key `<channel>:<type>`, since an event type may
have another payload on another channel.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import unquote
from uuid import UUID

from faststream.exceptions import SetupError
from faststream.kafka import KafkaBroker, KafkaRouter
from faststream.specification import AsyncAPI
from faststream.specification.asyncapi.utils import ref
from faststream.specification.asyncapi.v3_0_0.schema import Channel, Message, Operation, Reference
from faststream.specification.base import Specification
from pydantic import BaseModel

from shared.actor import Actor
from shared.events import agency, registry, topics
from shared.events.agency_replies import ReplyBody
from shared.events.body import Body
from shared.events.envelope import ProcedureRef
from shared.messaging.consume.declarations import route_of

D = TypeVar("D")
SERVER = "kafka"
ADDRESS = "kafka.motcua.example:9092"
CONTRACT_VERSION = "1.0.0"
TEXT = {"type": "string"}
KEYED_BY = {
    "citizen.contacts": "the person the contact is of",
    "catalogue.versions": "the item of the catalogue",
}
"""What the record's key identifies; on all other topics it is the root dossier."""


class EventValue(BaseModel, Generic[D]):
    """A record's value: the fields that all events share, and the data."""

    actor: Actor
    recorded_at: datetime
    data: D
    dossier_id: UUID | None = None
    procedure: ProcedureRef | None = None
    channel: str | None = None
    causation_id: str | None = None


class CloudEventsAPI(AsyncAPI):
    """FastStream's AsyncAPI 3 with one named message per event type and its CloudEvents headers.

    `samples`: a folder of recorded records, one file per event type.
    """

    def __init__(self, broker: KafkaBroker, *, service: str, samples: Path) -> None:
        super().__init__(
            broker,
            title=f"motcua {service}",
            version=CONTRACT_VERSION,
            description=f"What the service {service} reads from Kafka, and what it writes.",
            schema_version="3.0.0",
        )
        self._examples = read_examples(samples)
        routes = [route_of(subscriber, "") for subscriber in broker.subscribers]
        self._types_read = {route.topic or topics.REPLIES_TEMPLATE: route.types for route in routes}

    def to_specification(self) -> Specification:
        """The document, ordered by the names of channels."""
        document: Any = super().to_specification()
        channels: dict[str, Channel] = {}
        operations: dict[str, Operation] = {}
        messages: dict[str, Message] = {}
        schemas: dict[str, Any] = {}
        for operation in sorted(document.operations.values(), key=_position):
            declared = document.channels[_key_of(operation)]
            address = declared.address
            is_read = operation.action.value == "receive"
            models = value_models(address)
            if is_read:
                models = {kind: models[kind] for kind in models if kind in self._types_read[address]}
            for kind, model in models.items():
                messages[f"{address}:{kind}"] = self._message(address, kind, model, schemas)
            channels[address] = _channel(declared, address, list(models))
            name = f"{'read' if is_read else 'write'}_{address}".replace("{", "").replace("}", "")
            operations[name] = _operation(operation, declared.description, address, list(models))
        document.servers = {SERVER: next(iter(document.servers.values()))}
        document.channels, document.operations = channels, operations
        document.components.messages, document.components.schemas = messages, schemas
        return document

    def _message(self, address: str, kind: str, model: type[BaseModel], schemas: dict[str, Any]) -> Message:
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= schema.pop("$defs", {})
        key = f"{address}:{kind}"
        schemas[key] = schema | {"title": kind}
        message: Any = Message(
            title=kind, name=kind, contentType="application/json", payload=ref("components", "schemas", key)
        )
        message.headers = headers_schema(address, kind)
        message.bindings = {"kafka": {"key": TEXT | {"description": _key_description(address)}}}
        if key in self._examples:
            message.examples = [self._examples[key]]
        return message


def describe(service: str, router: KafkaRouter, samples: Path) -> dict[str, Any]:
    """The AsyncAPI document of a service, from the declarations of its router."""
    broker = KafkaBroker(ADDRESS, consumer_only=True)
    broker.include_router(router)
    return json.loads(CloudEventsAPI(broker, service=service, samples=samples).to_specification().to_json())


def value_models(address: str) -> dict[str, type[BaseModel]]:
    """The event types of a channel, each with the model of its value."""
    if address == topics.REPLIES_TEMPLATE:
        return dict.fromkeys(agency.REPLY_TYPES, ReplyBody)
    if address == "agency.{party}.problems":
        return {agency.REJECTED: EventValue[agency.ReplyRejected]}
    data: Mapping[str, type[Body]] = registry.TYPES.get(address, {})
    if address == "agency.{party}.tasks":
        data = {kind: model for kind, model in registry.TO_PARTIES.items() if kind != agency.REJECTED}
    return {kind: EventValue[model] for kind, model in data.items()}


def headers_schema(address: str, kind: str) -> dict[str, Any]:
    """The CloudEvents headers of a message; parties leave out those that only services set."""
    is_reply = address == topics.REPLIES_TEMPLATE
    source = TEXT | {"const": registry.OWNERS.get(address, "/routing")}
    if is_reply:
        source = TEXT | {"pattern": "^/party/[a-z0-9-]+$", "description": "the party that owns the topic"}
    required: dict[str, Any] = {
        "ce_specversion": TEXT | {"const": "1.0"},
        "ce_id": TEXT | {"description": "id of the event; readers drop repeats by it"},
        "ce_type": TEXT | {"const": kind},
        "ce_source": source,
        "ce_subject": TEXT | {"description": _key_description(address)},
        "ce_time": TEXT | {"format": "date-time"},
    }
    optional: dict[str, Any] = {
        "ce_traceparent": TEXT | {"description": "W3C trace context"},
        "content-type": TEXT | {"const": "application/json"},
    }
    if not is_reply:
        required["ce_seq"] = TEXT | {
            "pattern": "^[0-9]{1,17}$",
            "description": "counts 1, 2, 3… for each topic and key",
        }
    return {"type": "object", "required": list(required), "properties": required | optional}


def read_examples(samples: Path) -> dict[str, dict[str, Any]]:
    """One example for each message that has a sample, by `<channel>:<type>`."""
    examples: dict[str, dict[str, Any]] = {}
    for path in sorted(samples.glob("*.json")):
        sample = json.loads(path.read_text(encoding="utf-8"))
        address, kind = sample["topic"], sample["headers"]["ce_type"]
        if address.startswith("agency."):
            address = address.replace(f".{topics.party_of(address)}.", ".{party}.")
        examples[f"{address}:{kind}"] = {
            "name": path.stem,
            "headers": sample["headers"],
            "payload": sample["value"],
        }
    return examples


def _channel(declared: Channel, address: str, kinds: list[str]) -> Channel:
    messages = {kind: _reference("components", "messages", f"{address}:{kind}") for kind in kinds}
    channel: Any = declared.model_copy(
        update={"messages": messages, "servers": [ref("servers", SERVER)]}, deep=True
    )
    channel.bindings.kafka.partitions = _partitions(address)
    if "{party}" in address:
        channel.parameters = {"party": {"description": "the short name of the party the topic belongs to"}}
    return channel


def _operation(declared: Operation, summary: str | None, address: str, kinds: list[str]) -> Operation:
    return declared.model_copy(
        update={
            "channel": _reference("channels", address),
            "summary": summary,
            "messages": [_reference("channels", address, "messages", kind) for kind in kinds],
        }
    )


def _partitions(address: str) -> int:
    for topic in (*topics.SERVICE_TOPICS, *topics.party_topics("{party}")):
        if topic.name == address:
            return topic.partitions
    raise SetupError(f"{address}: no topic of this name")


def _key_description(address: str) -> str:
    return f"{KEYED_BY.get(address, 'the root dossier')}; key and ce_subject are equal"


def _position(operation: Any) -> tuple[str, str]:
    """The order of operations: by channel, receiving before sending."""
    return _key_of(operation), operation.action.value


def _key_of(operation: Any) -> str:
    """The key of the operation's channel, from its JSON pointer."""
    pointer = operation.channel.model_dump(by_alias=True)["$ref"]
    return unquote(pointer.removeprefix("#/channels/"))


def _reference(*parts: str) -> Reference:
    return Reference(**ref(*parts))
