"""Records as an attacker, a bug or a broken disk would write them, and a client that can send them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import orjson
from confluent_kafka import Producer
from kafka import KafkaConsumer, KafkaProducer
from kafka.structs import TopicPartition

from shared.events.wire.attributes import short_type
from tests.builders.wire import a_record, refused

Headers = tuple[tuple[str, bytes | None], ...]
DEEP = b"[" * 10_000 + b"]" * 10_000
LONG_NUMBER = b"9" * 5_000
LONE_SURROGATE = b'"\\ud800"'


class NotText(str):
    """A header's name whose bytes are not UTF-8: no client offers it, the protocol allows it."""

    def encode(self, *_: object, **__: object) -> bytes:
        """What goes on the wire."""
        return b"\xff\xfe"


@dataclass(frozen=True)
class SentRecord:
    """A record to write."""

    key: bytes | None
    value: bytes | None
    headers: Headers

    def head(self, **changed: bytes | None) -> SentRecord:
        """With these headers in place of what stands there; None leaves one out."""
        names = [name for name, _ in self.headers]
        kept = [(name, changed.get(name, value)) for name, value in self.headers]
        added = [(name, value) for name, value in changed.items() if name not in names]
        gone = {name for name, value in changed.items() if value is None}
        return replace(self, headers=tuple(pair for pair in (*kept, *added) if pair[0] not in gone))

    def also(self, name: str, value: bytes | None) -> SentRecord:
        """With one header more, even a second of the same name."""
        return replace(self, headers=(*self.headers, (name, value)))

    def data(self, **changed: Any) -> SentRecord:
        """With these fields of the data changed."""
        body = orjson.loads(self.value or b"{}")
        return replace(self, value=orjson.dumps(body | changed))

    def holding(self, raw: bytes) -> SentRecord:
        """With a field `x` of the data that is these very bytes."""
        return replace(self.data(x="@"), value=(self.data(x="@").value or b"").replace(b'"@"', raw))


Spoil = Callable[[SentRecord], SentRecord]
ENVELOPE = frozenset({"actor", "dossier_id", "procedure", "channel"})


def in_old_form(sent: SentRecord) -> SentRecord:
    """A record of ours as it was written before types had their prefix: an envelope with the data inside."""
    head = {name: (value or b"").decode() for name, value in sent.headers}
    value = orjson.loads(sent.value or b"")
    envelope = {name: value.pop(name, None) for name in ENVELOPE} | {
        "causation_id": head.pop("ce_causationid", None),
        "recorded_at": head.pop("ce_recordedtime"),
        "data": value,
    }
    head["ce_type"] = short_type(head["ce_type"])
    head["ce_seq"] = str(int(head.pop("ce_sequence")))
    if trace := head.pop("traceparent", None):
        head["ce_traceparent"] = trace
    headers = tuple((name, text.encode()) for name, text in head.items())
    return replace(sent, value=orjson.dumps(envelope), headers=headers)


def healthy_record(root: UUID, said: str, seq: int = 1) -> SentRecord:
    """A healthy record of `dossier.events`, as intake's relay writes it."""
    record = a_record(refused(root, said), seq)
    return SentRecord(record.key, record.value, record.headers)


class Writer:
    """Writes whatever it is given; only the slower of its two clients can be talked into a `NotText`."""

    def __init__(self, bootstrap: str) -> None:
        self._quick = Producer({"bootstrap.servers": bootstrap, "message.max.bytes": 2**21})
        self._lax = KafkaProducer(bootstrap_servers=bootstrap, acks="all", max_request_size=2**21)

    def write(self, topic: str, partition: int, records: Sequence[SentRecord]) -> None:
        """All of these in this order at the end of one partition, whatever their keys."""
        for record in records:
            headers: Any = list(record.headers)
            if any(isinstance(name, NotText) for name, _ in headers):
                self._quick.flush(20)
                self._lax.send(topic, record.value, record.key, headers, partition).get(20)
            else:
                self._quick.produce(topic, record.value, record.key, partition, headers=headers)
        self._quick.flush(20)

    def close(self) -> None:
        """Hang up."""
        self._lax.close()


def topics_with_records(bootstrap: str, prefix: str, *named: str) -> dict[str, int]:
    """How many records each topic of this prefix holds, and each of these names that exists."""
    reader = KafkaConsumer(bootstrap_servers=bootstrap, isolation_level="read_committed")
    try:
        found = [topic for topic in reader.topics() if topic.startswith(prefix) or topic in named]
        places = [TopicPartition(t, n) for t in found for n in reader.partitions_for_topic(t) or ()]
        counts = dict.fromkeys(found, 0)
        for place, end in reader.end_offsets(places).items():
            counts[place.topic] += end
        return {topic.removeprefix(prefix): count for topic, count in counts.items() if count}
    finally:
        reader.close()


COMMON: dict[str, Spoil] = {
    "not JSON": lambda sent: replace(sent, value=b"\xff{"),
    "no bytes at all": lambda sent: replace(sent, value=b""),
    "JSON that is a list": lambda sent: replace(sent, value=b"[1, 2]"),
    "null value": lambda sent: replace(sent, value=None),
    "no key": lambda sent: replace(sent, key=None),
    "key that is not its subject": lambda sent: replace(sent, key=str(uuid4()).encode()),
    "key not UTF-8": lambda sent: replace(sent, key=b"\xff\xfe"),
    "unknown type": lambda sent: sent.head(ce_type=b"vn.motcua.dossier.painted_blue.v1"),
    "unknown version": lambda sent: sent.head(ce_type=b"vn.motcua.dossier.submitted.v9"),
    "somebody else's source": lambda sent: sent.head(ce_source=b"/party/tax"),
    "header not UTF-8": lambda sent: sent.also("x-odd", b"\xff\xfe"),
    "header's name not UTF-8": lambda sent: sent.also(NotText("x"), b"1"),
    "header given twice": lambda sent: sent.also("CE_ID", b"again"),
    "reply_to": lambda sent: sent.also("reply_to", b"somewhere.else"),
    "nesting 10,000 deep": lambda sent: sent.holding(DEEP),
    "a lone surrogate": lambda sent: sent.holding(LONE_SURROGATE),
    "a number of 5,000 digits": lambda sent: sent.holding(LONG_NUMBER),
    "a year 10000": lambda sent: sent.head(ce_time=b"10000-01-01T00:00:00+07:00"),
    "a time before there was time": lambda sent: sent.head(ce_time=b"0001-01-01T00:00:00+14:00"),
    "a time without its offset": lambda sent: sent.head(ce_time=b"2026-03-06T09:00:00"),
    "1 MB that is not ours": lambda sent: replace(sent, value=b'{"x": "' + b"y" * 1_000_000 + b'"}'),
}
"""What may be wrong with any record, whoever writes the topic."""
