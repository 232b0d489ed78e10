"""Decoding of records by route: an event, or a problem."""

from dataclasses import dataclass, replace
from hashlib import blake2b

from shared.events import agency, registry, topics
from shared.events.agency_replies import AgencyReply, parse_reply
from shared.events.body import Body
from shared.events.envelope import Event
from shared.events.reading import InvalidRecord, decode_headers, invalid_record
from shared.events.wire.attributes import sequence_of, short_type
from shared.messaging.record.records import Record, sanitize_text
from shared.messaging.words import text

REPLIES_LABEL = "agency.replies"
DIGEST_SIZE = 8


@dataclass(frozen=True, slots=True)
class DecodedRecord:
    """A record with its event, or its problem; neither if its type is not for this route."""

    record: Record
    key: str
    ce_id: str
    seq: int | None = None
    event: Event | AgencyReply | None = None
    problem: InvalidRecord | None = None
    failure: Exception | None = None

    @property
    def digest(self) -> bytes:
        """Eight octets by which a repetition is told from another record with the same number or id."""
        kind = self.record.header("ce_type") or ""
        head = f"{self.ce_id}\n{kind}\n".encode()
        return blake2b(head + (self.record.value or b""), digest_size=DIGEST_SIZE).digest()


@dataclass(frozen=True, slots=True)
class Route:
    """The route of one reader: one of our topics, or (`topic` None) the reply topics of all parties.

    `types`: the event types that the handler takes; other known types are skipped. `part`: the part of the
    data to decode, in place of the whole.
    """

    label: str
    topic: str | None
    types: frozenset[str]
    compacted: bool = False
    part: type[Body] | None = None

    @property
    def is_replies(self) -> bool:
        """Whether records come from parties. Replies have an inbox, our own topics sequence numbers."""
        return self.topic is None

    def read(self, record: Record) -> DecodedRecord:
        """Decode one record. Does not raise, whatever the record contains."""
        return _read_reply(record) if self.is_replies else self._read_own(record)

    def _read_own(self, record: Record) -> DecodedRecord:
        kind = short_type(record.header("ce_type") or "")
        read = DecodedRecord(
            record,
            record.key_text,
            sanitize_text(record.header("ce_id") or "", 200),
            sequence_of(record.header),
        )
        if self._is_not_for_us(kind) or (record.value is None and self.compacted):
            return read
        try:
            place = (record.topic, record.partition, record.offset)
            event = registry.decode(
                record.topic, record.key, record.value, record.headers, place=place, part=self.part
            )
        except InvalidRecord as problem:
            return replace(read, problem=problem)
        except Exception as failure:  # any error that a party's bytes may cause
            return replace(read, problem=_undecodable(failure))
        return DecodedRecord(record, read.key, read.ce_id, read.seq, event)

    def _is_not_for_us(self, kind: str) -> bool:
        """Whether the topic's contract has this type and the handler does not take it."""
        return kind not in self.types and kind in registry.TYPES.get(self.topic or "", ())


def event_route(topic: topics.Topic, types: frozenset[str], part: type[Body] | None = None) -> Route:
    """The route of one of our topics, for a handler of these event types."""
    return Route(label=topic.name, topic=topic.name, types=types, compacted=topic.compacted, part=part)


def replies_route() -> Route:
    """The route of the replies of all parties."""
    return Route(label=REPLIES_LABEL, topic=None, types=frozenset(agency.REPLY_TYPES))


def _read_reply(record: Record) -> DecodedRecord:
    read = DecodedRecord(record, record.key_text, sanitize_text(record.header("ce_id") or "", 200))
    party = topics.party_of(record.topic)
    try:
        head = decode_headers(record.headers)
        reply = parse_reply(party=party, key=record.key, value=record.value, head=head)
    except InvalidRecord as problem:
        return replace(read, problem=problem)
    except Exception as failure:  # any error that a party's bytes may cause
        return replace(read, problem=_undecodable(failure))
    if any("\x00" in text for text in (reply.id, reply.office, reply.outcome, reply.reason) if text):
        return replace(read, problem=_NUL)  # PostgreSQL cannot store NUL: it would park the party's key
    return replace(read, event=_placed(reply, record))


_NUL = invalid_record("bad_field", "data", text("records.without_nul"))


def _placed(event: Event | AgencyReply, record: Record) -> Event | AgencyReply:
    return replace(event, topic=record.topic, partition=record.partition, offset=record.offset)


def _undecodable(failure: Exception) -> InvalidRecord:
    return invalid_record("undecodable", "value", text("records.undecodable", failure=type(failure).__name__))
