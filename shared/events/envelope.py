"""CloudEvents 1.0 in Kafka's binary mode: what an event of ours is, and how it is written."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict

from shared.actor import Actor
from shared.clock import to_city_time
from shared.events.identifiers import uuid7

JSON = b"application/json"


class Body(BaseModel):
    """Data of an event. Only optional fields are ever added within a version; unknown ones are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)


class ProcedureRef(Body):
    """The procedure and the version a dossier keeps."""

    code: str
    version: int


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A fact to publish. `key` is the root dossier (or the item's own key); `time` is city time."""

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
        """The record's value: the mixin every event shares, then its data."""
        return orjson.dumps(
            {
                "actor": self.actor.to_json(),
                "causation_id": self.causation_id,
                "procedure": _procedure_json(self.procedure) if self.procedure else None,
                "channel": self.channel,
                "recorded_at": to_city_time(self.time).isoformat(),
                "dossier_id": str(self.dossier_id) if self.dossier_id else None,
                "data": orjson.Fragment(_json(self.data)),
            }
        )


def _procedure_json(procedure: ProcedureRef) -> dict[str, Any]:
    return {"code": procedure.code, "version": procedure.version}


def _json(data: Body) -> bytes:
    """As `model_dump_json` writes it, without making a text of it on the way."""
    return data.__pydantic_serializer__.to_json(data, by_alias=True)


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
    """The record's headers, in the order they are always written."""
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
class Event:
    """An event as read: envelope, mixin, and `data` as the model its type names."""

    id: UUID
    type: str
    source: str
    key: str
    time: datetime
    seq: int
    data: Any
    actor: Actor
    dossier_id: UUID | None = None
    procedure: ProcedureRef | None = None
    channel: str | None = None
    causation_id: str | None = None
    traceparent: str | None = None
    topic: str = ""
    partition: int = -1
    offset: int = -1

    @property
    def root(self) -> UUID:
        """The root dossier, for topics keyed by it; ValueError elsewhere."""
        return UUID(self.key)
