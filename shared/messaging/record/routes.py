"""Which fact goes to which verb: what a service registered, and how a record of it is read."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace

from shared.errors import PoisonRecord
from shared.events import agency, registry, topics
from shared.events.agency_replies import AgencyReply, parse_reply
from shared.events.envelope import Event
from shared.events.reading import InvalidRecord, decode_headers, invalid_record, parse_seq
from shared.messaging.record.batch import Handler, OnUnreadable
from shared.messaging.record.records import Record, sanitize_text
from shared.messaging.words import text


@dataclass(frozen=True, slots=True)
class DecodedRecord:
    """A record and what became of reading it: an event, or why not, or neither (not for us)."""

    record: Record
    key: str
    ce_id: str
    seq: int | None = None
    event: Event | AgencyReply | None = None
    wrong: InvalidRecord | None = None
    broken: Exception | None = None


@dataclass(slots=True)
class Route:
    """One subscription. Own topics have a sequence; a party's replies (`replies`) an inbox."""

    label: str
    topic: str | None
    pattern: str | None = None
    compacted: bool = False
    handlers: dict[str, Handler] = field(default_factory=dict)
    on_unreadable: OnUnreadable | None = None

    @property
    def is_replies(self) -> bool:
        """Whether records come from parties rather than from a service of ours."""
        return self.pattern is not None

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
            event = registry.decode(record.topic, record.key, record.value, record.headers, place=place)
        except InvalidRecord as wrong:
            return replace(read, wrong=wrong)
        except Exception as failure:  # whatever a stranger's bytes may provoke
            return replace(read, wrong=_undecodable(failure))
        return DecodedRecord(record, read.key, read.ce_id, read.seq, event)

    def _is_not_for_us(self, kind: str) -> bool:
        """A type its topic promises and this service does not handle. One that nobody promised is no such."""
        return kind not in self.handlers and kind in registry.TYPES.get(self.topic or "", ())


def event_route(topic: topics.Topic) -> Route:
    """The route of one of our own topics, still without handlers."""
    return Route(label=topic.name, topic=topic.name, compacted=topic.compacted)


def replies_route(handler: Handler, on_unreadable: OnUnreadable) -> Route:
    """The route of all parties' replies."""
    return Route(
        label="agency.replies",
        topic=None,
        pattern=topics.REPLIES_PATTERN,
        handlers=dict.fromkeys(agency.REPLY_TYPES, handler),
        on_unreadable=on_unreadable,
    )


def add_handler(route: Route, types: Collection[str], handler: Handler) -> None:
    """One handler a type: two would not know of each other's order."""
    for kind in types:
        if kind in route.handlers:
            raise PoisonRecord("handler_twice", f"{route.label}: {kind} has a handler already")
        route.handlers[kind] = handler


def split_by_handler(
    reads: Sequence[DecodedRecord], handler_of: Callable[[str], Handler | None]
) -> list[tuple[Handler, list[DecodedRecord]]]:
    """Cut a batch so that each handler gets as much at once as the order of each key allows.

    Handlers take turns; in its turn one gets, of every key, the events up to the first of another handler.
    """
    queues: dict[tuple[str, str], list[tuple[Handler, DecodedRecord]]] = {}
    for read in reads:
        handler = handler_of(read.event.type) if read.event is not None else None
        if handler is not None:
            queues.setdefault((read.record.topic, read.key), []).append((handler, read))
    out: list[tuple[Handler, list[DecodedRecord]]] = []
    heads = [iter(queue) for queue in queues.values()]
    waiting = [(head, first) for head in heads if (first := next(head, None)) is not None]
    while waiting:
        turn, taken = waiting[0][1][0], []
        left = []
        for head, first in waiting:
            pair: tuple[Handler, DecodedRecord] | None = first
            while pair is not None and pair[0] is turn:
                taken.append(pair[1])
                pair = next(head, None)
            if pair is not None:
                left.append((head, pair))
        out.append((turn, taken))
        waiting = left
    return out


def _read_reply(record: Record) -> DecodedRecord:
    read = DecodedRecord(record, record.key_text, sanitize_text(record.header("ce_id") or "", 200))
    party = topics.party_of(record.topic)
    try:
        head = decode_headers(record.headers)
        said = parse_reply(party=party, key=record.key, value=record.value, head=head)
    except InvalidRecord as wrong:
        return replace(read, wrong=wrong)
    except Exception as failure:  # whatever a stranger's bytes may provoke
        return replace(read, wrong=_undecodable(failure))
    if any("\x00" in text for text in (said.id, said.office, said.outcome, said.reason) if text):
        return replace(read, wrong=_NUL)  # PostgreSQL keeps no such text: it would park the party's own key
    return replace(read, event=_placed(said, record))


_NUL = invalid_record("bad_field", "data", text("records.without_nul"))


def _placed(event: Event | AgencyReply, record: Record) -> Event | AgencyReply:
    return replace(event, topic=record.topic, partition=record.partition, offset=record.offset)


def _undecodable(failure: Exception) -> InvalidRecord:
    return invalid_record("undecodable", "value", text("records.undecodable", failure=type(failure).__name__))
