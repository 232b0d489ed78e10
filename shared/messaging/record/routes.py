"""How a record of a topic becomes an event, or what is wrong with it."""

from dataclasses import dataclass, replace

from shared.events import agency, registry, topics
from shared.events.agency_replies import AgencyReply, parse_reply
from shared.events.body import Body
from shared.events.envelope import Event
from shared.events.reading import InvalidRecord, decode_headers, invalid_record, parse_seq
from shared.messaging.record.records import Record, sanitize_text
from shared.messaging.words import text

REPLIES_LABEL = "agency.replies"


@dataclass(frozen=True, slots=True)
class DecodedRecord:
    """A record and what became of reading it: an event, or why not, or neither (not for us)."""

    record: Record
    key: str
    ce_id: str
    seq: int | None = None
    event: Event | AgencyReply | None = None
    problem: InvalidRecord | None = None
    failure: Exception | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """What one reader reads: a topic of ours, or (`topic` None) the reply topics of all parties.

    `types` are the event types the handler takes; others that the topic promises pass by. `part`: what is
    decoded of each in place of the whole.
    """

    label: str
    topic: str | None
    types: frozenset[str]
    compacted: bool = False
    part: type[Body] | None = None

    @property
    def is_replies(self) -> bool:
        """Whether records come from parties: they have an inbox; our own topics have a sequence."""
        return self.topic is None

    def read(self, record: Record) -> DecodedRecord:
        """Decode one record, whatever is in it, without ever raising."""
        return _read_reply(record) if self.is_replies else self._read_own(record)

    def _read_own(self, record: Record) -> DecodedRecord:
        kind = record.header("ce_type") or ""
        read = DecodedRecord(
            record,
            record.key_text,
            sanitize_text(record.header("ce_id") or "", 200),
            parse_seq(record.header("ce_seq")),
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
        except Exception as failure:  # whatever a stranger's bytes may provoke
            return replace(read, problem=_undecodable(failure))
        return DecodedRecord(record, read.key, read.ce_id, read.seq, event)

    def _is_not_for_us(self, kind: str) -> bool:
        """A type its topic promises and this service does not handle. One that nobody promised is no such."""
        return kind not in self.types and kind in registry.TYPES.get(self.topic or "", ())


def event_route(topic: topics.Topic, types: frozenset[str], part: type[Body] | None = None) -> Route:
    """The route of one of our own topics, for a handler that takes these event types, or a part of each."""
    return Route(label=topic.name, topic=topic.name, types=types, compacted=topic.compacted, part=part)


def replies_route() -> Route:
    """The route of all parties' replies."""
    return Route(label=REPLIES_LABEL, topic=None, types=frozenset(agency.REPLY_TYPES))


def _read_reply(record: Record) -> DecodedRecord:
    read = DecodedRecord(record, record.key_text, sanitize_text(record.header("ce_id") or "", 200))
    party = topics.party_of(record.topic)
    try:
        head = decode_headers(record.headers)
        reply = parse_reply(party=party, key=record.key, value=record.value, head=head)
    except InvalidRecord as problem:
        return replace(read, problem=problem)
    except Exception as failure:  # whatever a stranger's bytes may provoke
        return replace(read, problem=_undecodable(failure))
    if any("\x00" in text for text in (reply.id, reply.office, reply.outcome, reply.reason) if text):
        return replace(read, problem=_NUL)  # PostgreSQL keeps no such text: it would park the party's own key
    return replace(read, event=_placed(reply, record))


_NUL = invalid_record("bad_field", "data", text("records.without_nul"))


def _placed(event: Event | AgencyReply, record: Record) -> Event | AgencyReply:
    return replace(event, topic=record.topic, partition=record.partition, offset=record.offset)


def _undecodable(failure: Exception) -> InvalidRecord:
    return invalid_record("undecodable", "value", text("records.undecodable", failure=type(failure).__name__))
