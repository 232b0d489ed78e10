"""Events as CloudEvents 1.0 in Kafka's binary mode."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeVar
from uuid import UUID

import orjson
from pydantic import TypeAdapter

from shared.actor import Actor
from shared.clock import to_city_time
from shared.events.body import Body
from shared.events.identifiers import uuid7

JSON = b"application/json"
B = TypeVar("B", bound=Body)
D = TypeVar("D")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureRef:
    """The procedure of a dossier, in its version."""

    code: str
    version: int


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
        """The record's value: the fields that all events share, and the data."""
        return orjson.dumps(
            {
                "actor": self.actor.to_json(),
                "causation_id": self.causation_id,
                "procedure": _procedure_json(self.procedure) if self.procedure else None,
                "channel": self.channel,
                "recorded_at": to_city_time(self.time).isoformat(),
                "dossier_id": str(self.dossier_id) if self.dossier_id else None,
                "data": orjson.Fragment(encode_data(self.data)),
            }
        )


def _procedure_json(procedure: ProcedureRef) -> dict[str, Any]:
    return {"code": procedure.code, "version": procedure.version}


def headers(
    *,
    id: UUID,
    type: str,
    source: str,
    subject: str,
    time: datetime,
    seq: int | None,
    traceparent: str | None,
) -> list[tuple[str, bytes]]:
    """The record's headers, in fixed order."""
    pairs = [
        ("ce_specversion", "1.0"),
        ("ce_id", str(id)),
        ("ce_type", type),
        ("ce_source", source),
        ("ce_subject", subject),
        ("ce_time", to_city_time(time).isoformat()),
    ]
    if seq is not None:
        pairs.append(("ce_seq", str(seq)))
    if traceparent:
        pairs.append(("ce_traceparent", traceparent))
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
