"""A record as fetched from Kafka, before decoding."""

from dataclasses import dataclass
from typing import Any

import orjson

RawHeaders = tuple[tuple[str, bytes | None], ...]
UNREADABLE_NAME = "\ufffd"
"""Replaces all headers of a record if the name of one is not UTF-8: no client returns them."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record. `topic`: the logical name, without a test's prefix."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: RawHeaders
    timestamp_ms: int = 0

    def header(self, name: str) -> str | None:
        """A header as text (replaced where not UTF-8); None if absent."""
        for header_name, value in self.headers:
            if header_name.lower() == name:
                return (value or b"").decode("utf-8", "replace")
        return None

    @property
    def key_text(self) -> str:
        """The key as text for a column: replaced where not UTF-8, at most 200 characters."""
        return sanitize_text((self.key or b"").decode("utf-8", "replace"), 200)


def sanitize_text(text: str, limit: int) -> str:
    """Text that PostgreSQL can store: without NUL, at most so many characters."""
    return text.replace("\x00", "\ufffd")[:limit]


def from_kafka(raw: Any, prefix: str = "") -> Record:
    """Convert aiokafka's record."""
    return Record(
        topic=raw.topic.removeprefix(prefix),
        partition=raw.partition,
        offset=raw.offset,
        key=raw.key,
        value=raw.value,
        headers=tuple(raw.headers),
        timestamp_ms=raw.timestamp,
    )


def pack_headers(headers: RawHeaders) -> bytes:
    """Headers as bytes for a column, without loss (latin-1 preserves every byte)."""
    return orjson.dumps([[name, None if v is None else v.decode("latin-1")] for name, v in headers])


def unpack_headers(packed: bytes) -> RawHeaders:
    """The headers that `pack_headers` packed."""
    return tuple([(name, None if v is None else v.encode("latin-1")) for name, v in orjson.loads(packed)])
