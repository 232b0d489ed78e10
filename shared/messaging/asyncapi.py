"""The AsyncAPI document of a service: its channels with messages, headers and examples.

FastStream's own document has one message per endpoint, without headers or examples. This factory gives one
channel per topic and one message per event type, under the name of the type: it has one payload, whatever
the channel.
"""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from faststream.exceptions import SetupError
from faststream.kafka import KafkaBroker, KafkaRouter
from faststream.specification import AsyncAPI
from faststream.specification.asyncapi.utils import ref
from faststream.specification.asyncapi.v3_0_0.schema import Channel, Message, Operation, Reference
from faststream.specification.base import Specification

from shared.events import agency, registry, topics
from shared.events.wire.attributes import (
    DATASCHEMA,
    MOST_SEQUENCE_DIGITS,
    SEQUENCE,
    SEQUENCE_DIGITS,
    TRACEPARENT,
    is_old_form,
    wire_type,
)
from shared.events.wire.schemas import Schema, data_schema, reply_schema
from shared.messaging.consume.declarations import route_of

SERVER = "kafka"
ADDRESS = "kafka.motcua.example:9092"
CONTRACT_VERSION = "2.0.0"
TEXT = {"type": "string"}
REF_TEMPLATE = "#/components/schemas/{model}"
KEYED_BY = {
    "citizen.contacts": "the person the contact is of",
    "catalogue.versions": "the item of the catalogue",
}
"""What the record's key identifies; on all other topics it is the root dossier."""


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
            kinds = list(types_on(address))
            if is_read:
                kinds = [kind for kind in kinds if kind in self._types_read[address]]
            for kind in kinds:
                messages[wire_type(kind)] = self._message(address, kind, schemas)
            types = [wire_type(kind) for kind in kinds]
            channels[address] = _channel(declared, address, types)
            name = f"{'read' if is_read else 'write'}_{address}".replace("{", "").replace("}", "")
            operations[name] = _operation(operation, declared.description, address, types)
        document.servers = {SERVER: next(iter(document.servers.values()))}
        document.channels, document.operations = channels, operations
        document.components.messages, document.components.schemas = messages, schemas
        return document

    def _message(self, address: str, kind: str, schemas: dict[str, Any]) -> Message:
        schema = payload_schema(address, kind)
        schemas |= schema.pop("$defs", {})
        name = wire_type(kind)
        schemas[name] = schema | {"title": name}
        message: Any = Message(
            title=name, name=name, contentType="application/json", payload=ref("components", "schemas", name)
        )
        message.headers = headers_schema(address, kind)
        message.bindings = {"kafka": {"key": TEXT | {"description": _key_description(address)}}}
        if name in self._examples:
            message.examples = [self._examples[name]]
        return message


def describe(service: str, router: KafkaRouter, samples: Path) -> dict[str, Any]:
    """The AsyncAPI document of a service, from the declarations of its router."""
    broker = KafkaBroker(ADDRESS, consumer_only=True)
    broker.include_router(router)
    return json.loads(CloudEventsAPI(broker, service=service, samples=samples).to_specification().to_json())


def types_on(address: str) -> Collection[str]:
    """The event types of a channel."""
    if address == topics.REPLIES_TEMPLATE:
        return agency.REPLY_TYPES
    if address == "agency.{party}.problems":
        return (agency.REJECTED,)
    if address == "agency.{party}.tasks":
        return [kind for kind in registry.TO_PARTIES if kind != agency.REJECTED]
    return registry.TYPES.get(address, {})


def payload_schema(address: str, kind: str) -> Schema:
    """The schema of the value of a type on a channel."""
    if address == topics.REPLIES_TEMPLATE:
        return reply_schema(REF_TEMPLATE)
    models = registry.TYPES.get(address) or registry.TO_PARTIES
    return data_schema(models[kind], REF_TEMPLATE)


def headers_schema(address: str, kind: str) -> dict[str, Any]:
    """The CloudEvents headers of a message; parties leave out those that only services set."""
    is_reply = address == topics.REPLIES_TEMPLATE
    source = TEXT | {"const": registry.OWNERS.get(address, "/routing")}
    if is_reply:
        source = TEXT | {"pattern": "^/party/[a-z0-9-]+$", "description": "the party that owns the topic"}
    required: dict[str, Any] = {
        "ce_specversion": TEXT | {"const": "1.0"},
        "ce_id": TEXT | {"description": "id of the event; readers drop repeats by it"},
        "ce_type": TEXT | {"const": wire_type(kind)},
        "ce_source": source,
        "ce_subject": TEXT | {"description": _key_description(address)},
        "ce_time": TEXT | {"format": "date-time"},
    }
    optional: dict[str, Any] = {
        TRACEPARENT: TEXT | {"description": "W3C trace context"},
        "content-type": TEXT | {"const": "application/json"},
    }
    if not is_reply:
        required["ce_recordedtime"] = TEXT | {
            "format": "date-time", "description": "when the event was recorded",
        }  # fmt: skip
        required[SEQUENCE] = TEXT | {
            "pattern": f"^[0-9]{{{SEQUENCE_DIGITS},{MOST_SEQUENCE_DIGITS}}}$",
            "description": "counts 1, 2, 3… for each topic and key; sorts as text",
        }
        optional["ce_causationid"] = TEXT | {"description": "id of the event that led to this one"}
        optional[DATASCHEMA] = TEXT | {
            "format": "uri",
            "description": "where the schema of the data is served",
        }
    return {"type": "object", "required": list(required), "properties": required | optional}


def read_examples(samples: Path) -> dict[str, dict[str, Any]]:
    """One example for each message that has a sample of today's form, by its type."""
    examples: dict[str, dict[str, Any]] = {}
    for path in sorted(samples.glob("*.json")):
        sample = json.loads(path.read_text(encoding="utf-8"))
        ce_type = sample["headers"]["ce_type"]
        if is_old_form(ce_type):
            continue
        examples[ce_type] = {
            "name": path.stem,
            "headers": sample["headers"],
            "payload": sample["value"],
        }
    return examples


def _channel(declared: Channel, address: str, types: list[str]) -> Channel:
    messages = {name: _reference("components", "messages", name) for name in types}
    channel: Any = declared.model_copy(
        update={"messages": messages, "servers": [ref("servers", SERVER)]}, deep=True
    )
    channel.bindings.kafka.partitions = _partitions(address)
    if "{party}" in address:
        channel.parameters = {"party": {"description": "the short name of the party the topic belongs to"}}
    return channel


def _operation(declared: Operation, summary: str | None, address: str, types: list[str]) -> Operation:
    return declared.model_copy(
        update={
            "channel": _reference("channels", address),
            "summary": summary,
            "messages": [_reference("channels", address, "messages", name) for name in types],
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
