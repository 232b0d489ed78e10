"""What a handler gets: events in order, each once, and their originals within reach."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from shared.db.transaction import Tx
from shared.events.reading import InvalidRecord
from shared.messaging.record.records import Record


class HasRoot(Protocol):
    """Anything that says which root dossier it is about."""

    @property
    def root(self) -> UUID: ...


E = TypeVar("E", bound=HasRoot)


@dataclass(frozen=True, slots=True)
class UnreadableRecord:
    """A party's record we could not read; its original is in `held` under `held_id`."""

    party: str
    topic: str
    partition: int
    offset: int
    key: str | None
    reply_id: str | None
    why: InvalidRecord


@dataclass(frozen=True, slots=True)
class Batch(Generic[E]):
    """Events for one handler: decoded, without duplicates, those of one root in their order."""

    events: Sequence[E]
    originals: Mapping[int, Record] = field(default_factory=dict)

    @property
    def roots(self) -> list[UUID]:
        """The roots concerned, each once, sorted (lock rows in this order)."""
        return sorted({event.root for event in self.events})

    def by_root(self) -> list[tuple[UUID, list[E]]]:
        """Each root with its events in order."""
        out: dict[UUID, list[E]] = {}
        for event in self.events:
            out.setdefault(event.root, []).append(event)
        return list(out.items())

    def record_of(self, event: E) -> Record | None:
        """The raw record an event was read from."""
        return self.originals.get(id(event))


Handler = Callable[[Tx, Batch], Awaitable[None]]
OnUnreadable = Callable[[Tx, Sequence[UnreadableRecord]], Awaitable[None]]


def batch_of(pairs: Iterable[tuple[E, Record]]) -> Batch[E]:
    """A batch from events and the records they came from."""
    listed = list(pairs)
    return Batch([event for event, _ in listed], {id(event): record for event, record in listed})
