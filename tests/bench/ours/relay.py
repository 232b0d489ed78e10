"""The relay of one service, alone in its process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from shared.db.pool import create_pool
from shared.messaging.publish.relay import Relay
from shared.observability.logs import configure_logging
from shared.web.serve import freeze_gc
from tests.bench.program import Obey, obey
from tests.bench.serving import nothing


@asynccontextmanager
async def main(said: dict[str, Any]) -> AsyncIterator[Obey]:
    """Sends whatever is committed."""
    configure_logging(said["source"], "json")
    pool = await create_pool(said["database"], application=said["source"])
    relay = Relay(
        pool, said["kafka"], url=said["database"], source=said["source"], topic_prefix=said["prefix"]
    )
    freeze_gc()
    task = asyncio.create_task(relay.run())
    try:
        yield nothing
    finally:
        task.cancel()
        await asyncio.wait([task])
        await pool.close()


if __name__ == "__main__":
    obey(main)
