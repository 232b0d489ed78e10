"""The JSON Schema of each type's data, as the contract documents it and as each service serves it."""

from functools import cache
from typing import Any

from pydantic import TypeAdapter

from shared.events import agency, registry, topics
from shared.events.agency_replies import ReplyBody
from shared.events.body import Body
from shared.events.envelope import CommonFields, adapter_of
from shared.events.wire.attributes import wire_type

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
IN_DEFINITIONS = "#/$defs/{model}"


def data_schema(model: type[Body], ref_template: str = IN_DEFINITIONS) -> Schema:
    """The schema of a type's data: the fields that all events share, and its own, which come first."""
    schema = adapter_of(model).json_schema(ref_template=ref_template)
    shared = TypeAdapter(CommonFields).json_schema(ref_template=ref_template)
    own_required = schema.get("required", [])
    shared_required = [name for name in shared["required"] if name not in own_required]
    return schema | {
        "properties": shared["properties"] | schema["properties"],
        "required": own_required + shared_required,
        "$defs": shared.get("$defs", {}) | schema.get("$defs", {}),
    }


def reply_schema(ref_template: str = IN_DEFINITIONS) -> Schema:
    """The schema of a party's reply, which is the same for all its types."""
    return ReplyBody.model_json_schema(ref_template=ref_template)


@cache
def served_schemas(service: str) -> dict[str, Schema]:
    """The schemas of the types that a service writes, by their names on the wire.

    Routing has those of the replies too: parties have no address of their own for them.
    """
    owned = [topic.name for topic in topics.SERVICE_TOPICS if topic.owner == service]
    models: dict[str, type[Body]] = {}
    for topic in owned:
        models |= registry.TYPES.get(topic, {})
    schemas: dict[str, Schema] = {}
    if service == "routing":
        models |= registry.TO_PARTIES
        schemas |= {wire_type(kind): _named(kind, reply_schema()) for kind in agency.REPLY_TYPES}
    return schemas | {wire_type(kind): _named(kind, data_schema(model)) for kind, model in models.items()}


def _named(kind: str, schema: Schema) -> Schema:
    return {"$schema": DIALECT} | schema | {"title": wire_type(kind)}
