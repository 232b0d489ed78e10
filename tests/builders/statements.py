"""Counting what a use case asks of PostgreSQL, without what the driver asks for itself."""

from collections.abc import Iterator
from contextlib import contextmanager

from shared.db.transaction import Tx

_THE_DRIVERS_OWN = ("typeinfo_tree", "current_setting('jit')")


@contextmanager
def statements(tx: Tx) -> Iterator[list[str]]:
    """The statements run on this connection within the block."""
    seen: list[str] = []

    def note(line: object) -> None:
        query = str(getattr(line, "query", ""))
        if not any(mark in query for mark in _THE_DRIVERS_OWN):
            seen.append(query)

    with tx.query_logger(note):
        yield seen
