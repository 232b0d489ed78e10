"""A text centre in a process of its own, as the local stack runs it: takes every text, sends its receipt."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from deploy.demo.sinks.phones import Phones
from deploy.demo.sinks.shelf import ReceivedMessage, ReceivedStore
from tests.bench.program import Obey, obey
from tests.bench.serving import nothing


class Forgetful(ReceivedStore):
    """Nobody reads these texts, and a long run must not be judged by how many there were."""

    def put(self, received: ReceivedMessage) -> None:
        """Keep nothing."""


@asynccontextmanager
async def main(said: dict[str, Any]) -> AsyncIterator[Obey]:
    """Listens on the port it was given."""
    phones = Phones(Forgetful(), "127.0.0.1", said["port"])
    await phones.start()
    try:
        yield nothing
    finally:
        await phones.stop()


if __name__ == "__main__":
    obey(main)
