"""The batch that a handler gets: events in order, each once, with their original records."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from shared.db.transaction import Tx
from shared.events.reading import InvalidRecord
from shared.messaging.record.records import Record


class HasRoot(Protocol):
    """An event or reply about a root dossier."""

    @property
    def root(self) -> UUID: ...


E = TypeVar("E", bound=HasRoot)


@dataclass(frozen=True, slots=True)
class UnreadableRecord:
    """A party's record that could not be read. `problem`: what is wrong with it."""

    party: str
    topic: str
    partition: int
    offset: int
    key: str | None
    reply_id: str | None
    problem: InvalidRecord


class Batch(Generic[E]):
    """Decoded events for one handler, without duplicates, in order per root.

    `unreadable` holds the parties' records that could not be read, so that the handler can tell the parties.
    FastStream reads the annotation `Batch[Event[DossierPaid]]` through pydantic, which must not look inside:
    the inbox has validated everything already. A plain class, because pydantic ignores these hooks on a
    generic dataclass.
    """

    __slots__ = ("events", "originals", "unreadable")

    def __init__(
        self,
        events: Sequence[E],
        originals: Mapping[int, Record] | None = None,
        unreadable: Sequence[UnreadableRecord] = (),
    ) -> None:
        self.events = events
        self.originals = originals or {}
        self.unreadable = unreadable

    @property
    def roots(self) -> list[UUID]:
        """The roots of all events, each once, sorted. Lock rows in this order."""
        return sorted({event.root for event in self.events})

    def by_root(self) -> list[tuple[UUID, list[E]]]:
        """Each root with its events in order."""
        out: dict[UUID, list[E]] = {}
        for event in self.events:
            out.setdefault(event.root, []).append(event)
        return list(out.items())

    def record_of(self, event: E) -> Record | None:
        """The raw record of an event."""
        return self.originals.get(id(event))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.is_instance_schema(cls)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"title": "Batch", "type": "array"}


Handler = Callable[[Tx, Batch[Any]], Awaitable[None]]


def batch_of(pairs: Iterable[tuple[E, Record]], unreadable: Sequence[UnreadableRecord] = ()) -> Batch[E]:
    """A batch of events with their records."""
    listed = list(pairs)
    events = [event for event, _ in listed]
    originals = {id(event): record for event, record in listed}
    return Batch(events, originals, unreadable)
