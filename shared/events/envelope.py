"""Events as CloudEvents 1.0 in Kafka's binary mode: the value is the data, all else stands in headers."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeVar
from uuid import UUID

import orjson
from pydantic import TypeAdapter

from shared.actor import Actor
from shared.clock import to_city_time
from shared.events.body import Body, ProcedureRef
from shared.events.identifiers import uuid7
from shared.events.wire.attributes import SEQUENCE, TRACEPARENT, sequence_text, wire_type
from shared.text_fields import Code

JSON = b"application/json"
B = TypeVar("B", bound=Body)
D = TypeVar("D")


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonFields:
    """The fields in the data of every event, beside those of its type. One that is null is left out."""

    actor: Actor
    dossier_id: UUID | None = None
    procedure: ProcedureRef | None = None
    channel: Code | None = None


COMMON_NAMES = frozenset(CommonFields.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to publish. `key`: the root dossier, or the item's key; `time`: the city's time."""

    topic: str
    key: str
    type: str
    data: Body
    actor: Actor
    time: datetime
    dossier_id: UUID | None = None
    procedure: ProcedureRef | None = None
    channel: str | None = None
    causation_id: str | None = None
    traceparent: str | None = None
    id: UUID = field(default_factory=uuid7)

    def body(self) -> bytes:
        """The record's value: the fields that all events share, and those of the type."""
        shared: dict[str, Any] = {"actor": self.actor.to_json()}
        if self.dossier_id is not None:
            shared["dossier_id"] = str(self.dossier_id)  # orjson writes no UUID of the database's driver
        if self.procedure is not None:
            shared["procedure"] = self.procedure
        if self.channel is not None and "channel" not in own_names(type(self.data)):
            shared["channel"] = self.channel
        # Two JSON objects become one by their bytes: merging the documents would encode the data twice.
        return b"%b,%b" % (orjson.dumps(shared)[:-1], encode_data(self.data)[1:])

    def headers(self, *, source: str, sequence: int, traceparent: str | None) -> list[tuple[str, bytes]]:
        """The record's headers, in fixed order. `traceparent`: of its cause, if it has none of its own."""
        at = to_city_time(self.time).isoformat()
        pairs = [
            ("ce_specversion", "1.0"),
            ("ce_id", str(self.id)),
            ("ce_type", wire_type(self.type)),
            ("ce_source", source),
            ("ce_subject", self.key),
            ("ce_time", at),
            ("ce_recordedtime", at),
            (SEQUENCE, sequence_text(sequence)),
        ]
        if self.causation_id is not None:
            pairs.append(("ce_causationid", self.causation_id))
        trace = self.traceparent or traceparent
        if trace:
            pairs.append((TRACEPARENT, trace))
        return [(name, value.encode()) for name, value in pairs] + [("content-type", JSON)]


@dataclass(frozen=True, slots=True)
class Event(Generic[D]):
    """A decoded event. `data`: the model of its type; `value`: the record's value as published.

    `Event[DossierPaid]` says which model that is; plain `Event` leaves it open.
    """

    id: UUID
    type: str
    source: str
    key: str
    time: datetime
    seq: int
    data: D
    actor: Actor
    dossier_id: UUID | None = None
    procedure: ProcedureRef | None = None
    channel: str | None = None
    causation_id: str | None = None
    traceparent: str | None = None
    topic: str = ""
    partition: int = -1
    offset: int = -1
    value: bytes = field(default=b"", repr=False, compare=False)

    @property
    def root(self) -> UUID:
        """The root dossier, for topics keyed by it; ValueError for others."""
        return UUID(self.key)


@cache
def own_names(body: type[Body]) -> frozenset[str]:
    """Names of shared fields that this class has for itself, as the channel of a message."""
    fields: dict[str, Any] = getattr(body, "__dataclass_fields__", {})
    return COMMON_NAMES & fields.keys()


@cache
def adapter_of(body: type[B]) -> TypeAdapter[B]:
    """The pydantic adapter of a class of data, built on first use."""
    return TypeAdapter(body)


def encode_data(data: Body) -> bytes:
    """The data as JSON, as on its topic."""
    return adapter_of(type(data)).dump_json(data, by_alias=True)


def decode_data(body: type[B], document: Any) -> B:
    """The data of a parsed JSON document. Raises pydantic's ValidationError."""
    return adapter_of(body).validate_python(document)


def data_document(data: Body) -> dict[str, Any]:
    """The data as a JSON document, to compare or change it."""
    return adapter_of(type(data)).dump_python(data, mode="json", by_alias=True)
