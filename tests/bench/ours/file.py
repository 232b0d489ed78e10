"""Dossiers filed without HTTP: the use case itself, in batches as the door makes them of 256 callers.

With its relay it is intake without its HTTP; without, the first stage alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import orjson

from services.intake.inbound.api.body import parse_submission
from services.intake.usecases.submission_request import SubmissionReceipt, SubmissionRequest
from services.intake.usecases.submit_dossiers import submit_dossiers
from shared.messaging.publish.relay import Relay
from shared.observability.logs import configure_logging
from shared.web.serve import freeze_gc
from tests.bench.ours.door import open_door
from tests.bench.ours.without import switch_off
from tests.bench.program import Obey, obey

BATCH = 256


@asynccontextmanager
async def main(said: dict[str, Any]) -> AsyncIterator[Obey]:
    """`supply` makes filings, `file` hands them in."""
    configure_logging("intake", "json")
    switch_off(said.get("without", ()))
    door = await open_door(said)
    kept: list[SubmissionRequest] = []
    relay = Relay(
        door.pool, said["kafka"], url=said["database"], source="intake", topic_prefix=said["prefix"]
    )
    task = asyncio.create_task(relay.run()) if said["relay"] else None

    freeze_gc()

    async def act(order: dict[str, Any]) -> dict[str, Any]:
        if order["do"] == "supply":
            bodies = said["bodies"]
            kept[:] = [_filing(door, bodies[number % len(bodies)]) for number in range(order["count"])]
            return {}
        for start in range(0, len(kept), BATCH):
            outcomes = await submit_dossiers(door, kept[start : start + BATCH])
            if not all(isinstance(outcome, SubmissionReceipt) for outcome in outcomes):
                raise RuntimeError(str(outcomes[0]))
        return {"count": len(kept)}

    try:
        yield act
    finally:
        if task is not None:
            task.cancel()
            await asyncio.wait([task])


def _filing(door: Any, body: dict[str, Any]) -> SubmissionRequest:
    said, unread = parse_submission(body)
    return SubmissionRequest(
        uuid4(), door.keys.body_mac(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)), said, unread
    )


if __name__ == "__main__":
    obey(main)
