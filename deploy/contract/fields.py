"""The contract of the AsyncAPI documents in short: each event type with the rules of its fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import unquote

LIMITS = (
    "pattern", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "exclusiveMinimum",
)  # fmt: skip
OPEN_ENUM = "x-open-enum"
"""The keyword of a field whose listed values may grow: its readers must expect others."""
MAX_DEPTH = 12
ANYTHING = "any"
Fields = dict[str, "FieldRule"]
"""The fields of one event type by path: `explanation[].to`, `place.*`, `header ce_id`."""


@dataclass(frozen=True)
class FieldRule:
    """What one field may hold. `types`: names of JSON types, with the format of a string (`string date`).

    `values`: the only ones it may have; empty for no such list. `limits`: JSON Schema's own keywords.
    """

    types: tuple[str, ...]
    required: bool
    values: tuple[Any, ...] = ()
    is_open: bool = False
    limits: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The rule without what it leaves open."""
        return {name: value for name, value in asdict(self).items() if value or name == "required"}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> FieldRule:
        """The rule that `to_json` wrote."""
        lists = {name: tuple(document.get(name, ())) for name in ("types", "values")}
        return cls(**{**document, **lists})


@dataclass(frozen=True)
class Contract:
    """Event types by name, with their fields: those that services write, and those that parties write."""

    version: str
    written: dict[str, Fields]
    from_parties: dict[str, Fields]

    def to_json(self) -> dict[str, Any]:
        """The contract as a JSON document."""
        return {
            "version": self.version,
            "written": _types_to_json(self.written),
            "from_parties": _types_to_json(self.from_parties),
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Contract:
        """The contract that `to_json` wrote."""
        return cls(
            document["version"],
            written=_types_from_json(document["written"]),
            from_parties=_types_from_json(document["from_parties"]),
        )


def contract_of(documents: Iterable[Mapping[str, Any]]) -> Contract:
    """The contract of these AsyncAPI documents. A type of two channels keeps one entry a channel."""
    written: dict[str, Fields] = {}
    from_parties: dict[str, Fields] = {}
    version = ""
    for document in documents:
        version = document["info"]["version"]
        for operation in document["operations"].values():
            address = _resolve(document, operation["channel"])["address"]
            if operation["action"] == "send":
                written |= _types_of(document, operation)
            elif address.startswith("agency."):
                from_parties |= _types_of(document, operation)
    return Contract(version, written=written, from_parties=from_parties)


def _types_of(document: Mapping[str, Any], operation: Mapping[str, Any]) -> dict[str, Fields]:
    types: dict[str, Fields] = {}
    for reference in operation["messages"]:
        message = _resolve(document, _resolve(document, reference))
        fields: Fields = {}
        for name, schema in message["headers"]["properties"].items():
            required = name in message["headers"].get("required", ())
            fields[f"header {name}"] = _rule(document, [schema], required=required)
        payload = _resolve(document, message["payload"])
        fields |= dict(_fields_of(document, payload, path="", depth=0))
        types[message["name"]] = fields
    return types


def _fields_of(
    document: Mapping[str, Any], schema: Mapping[str, Any], *, path: str, depth: int
) -> Iterator[tuple[str, FieldRule]]:
    """The fields below this schema."""
    if depth > MAX_DEPTH:
        return
    for alternative in _alternatives(document, schema):
        for name, inner in alternative.get("properties", {}).items():
            here = f"{path}.{name}".removeprefix(".")
            required = name in alternative.get("required", ())
            yield here, _rule(document, [inner], required=required)
            yield from _fields_of(document, inner, path=here, depth=depth + 1)
        for keyword, mark in (("items", "[]"), ("additionalProperties", ".*")):
            inner = alternative.get(keyword)
            if isinstance(inner, Mapping):
                yield f"{path}{mark}", _rule(document, [inner], required=True)
                yield from _fields_of(document, inner, path=f"{path}{mark}", depth=depth + 1)


def _rule(document: Mapping[str, Any], schemas: Iterable[Mapping[str, Any]], *, required: bool) -> FieldRule:
    types: set[str] = set()
    values: list[Any] = []
    limits: dict[str, Any] = {}
    is_open = False
    for schema in schemas:
        is_open = is_open or bool(schema.get(OPEN_ENUM))
        for alternative in _alternatives(document, schema):
            types |= _type_names(alternative)
            values += alternative.get("enum", [])
            values += [alternative["const"]] if "const" in alternative else []
            is_open = is_open or bool(alternative.get(OPEN_ENUM))
            limits |= {name: alternative[name] for name in LIMITS if name in alternative}
    return FieldRule(
        types=tuple(sorted(types)), required=required, values=tuple(values), is_open=is_open, limits=limits
    )


def _type_names(schema: Mapping[str, Any]) -> set[str]:
    named = schema.get("type", ANYTHING)
    names = {named} if isinstance(named, str) else set(named)
    form = schema.get("format")
    return {f"{name} {form}" if form and name == "string" else name for name in names}


def _alternatives(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The schema, or each of those it may be, without references."""
    schema = _resolve(document, schema)
    inner = [*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())]
    if not inner:
        yield schema
    for alternative in inner:
        yield from _alternatives(document, alternative)


def _resolve(document: Mapping[str, Any], node: Any) -> Any:
    """The node, or what its reference points to."""
    while isinstance(node, Mapping) and "$ref" in node:
        target: Any = document
        for part in unquote(node["$ref"]).removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def _types_to_json(types: Mapping[str, Fields]) -> dict[str, Any]:
    return {
        kind: {path: rule.to_json() for path, rule in sorted(fields.items())}
        for kind, fields in sorted(types.items())
    }


def _types_from_json(document: Mapping[str, Any]) -> dict[str, Fields]:
    types: dict[str, Fields] = {}
    for kind, fields in document.items():
        types[kind] = {path: FieldRule.from_json(rule) for path, rule in fields.items()}
    return types
