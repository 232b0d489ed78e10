"""Events as the outbox holds them and the wire carries them: real ones, each of a dossier of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import orjson

from deploy.local.home import CHECKOUT
from shared.events import topics
from shared.events.identifiers import uuid7
from shared.events.wire.attributes import sequence_text
from shared.messaging.record.murmur2 import shard_of
from shared.messaging.record.records import RawHeaders, pack_headers

SAMPLE = CHECKOUT / "tests" / "contract" / "samples" / "vn.motcua.dossier.submitted.v1.json"
TOPIC = topics.DOSSIER_EVENTS.name
COLUMNS = ("id", "shard", "topic", "key", "headers", "value")


@dataclass(frozen=True, slots=True)
class Made:
    """One event, ready."""

    id: UUID
    key: str
    headers: RawHeaders
    value: bytes

    def row(self) -> tuple[Any, ...]:
        """As a row of `outbox`."""
        return (self.id, shard_of(self.key.encode()), TOPIC, self.key, pack_headers(self.headers), self.value)


def made(count: int) -> Iterator[Made]:
    """So many `dossier.submitted.v1`, every one the first of its dossier."""
    for _ in range(count):
        yield _one()


def _one() -> Made:
    sample, id, root = _sample(), uuid7(), str(uuid7())
    code = f"H26.X-260204-{id.hex[-6:]}"
    body = sample["value"] | {"dossier_id": root, "code": code, "subject_ref": str(uuid7())}
    head = sample["headers"] | {"ce_id": str(id), "ce_subject": root, "ce_sequence": sequence_text(1)}
    headers = [(name, text.encode()) for name, text in head.items()]
    return Made(id, root, tuple(headers), orjson.dumps(body))


@cache
def _sample() -> dict[str, Any]:
    return json.loads(SAMPLE.read_text("utf-8"))
