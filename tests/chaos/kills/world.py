"""Everything the judge looks at, gathered once all is quiet: three schemas, every topic, the sinks."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from deploy.demo.city_day.closing_check.topics import Record, read_all
from deploy.demo.city_day.filing import Filed
from tests.chaos.kills.doors import Doors

SCHEMAS = ("intake", "routing", "notification")
Place = tuple[str, int]
Key = tuple[str, str]


@dataclass(frozen=True)
class Case:
    """A case of routing's; `state` is where it stands."""

    root: str
    state: str
    link_ref: str


@dataclass(frozen=True)
class Line:
    """A line of a case's history, in its order."""

    root: str
    type: str
    because: str
    because_id: str
    state: str
    task_id: str | None


@dataclass(frozen=True)
class Text:
    """A message notification keeps; `template` names the fact it tells."""

    code: str
    template: str
    channel: str
    state: str
    reason: str | None = None


@dataclass(frozen=True)
class World:
    """What is, after everything: plain values, so that a test can plant a world."""

    filed: Sequence[Filed]
    dossiers: Mapping[str, str]
    cases: Mapping[str, Case]
    history: Sequence[Line]
    texts: Sequence[Text]
    arrived: Sequence[Mapping[str, Any]]
    records: Sequence[Record]
    given: Mapping[Key, int]
    unsent: Mapping[str, int] = field(default_factory=dict)
    consumed: Mapping[str, Mapping[Place, int]] = field(default_factory=dict)
    reads: Mapping[str, frozenset[str]] = field(default_factory=dict)
    cut_sends: int = 0


async def gather(
    doors: Doors, filed: Sequence[Filed], reads: Mapping[str, frozenset[str]], cut: int
) -> World:
    """Read it all."""
    cases = await doors.rows("SELECT code, root_id::text, state, link_ref FROM routing.cases")
    lines = await doors.rows(
        """SELECT root_id::text, type, because, because_id, state, task_id::text
             FROM routing.case_history ORDER BY n"""
    )
    texts = await doors.rows("SELECT code, template, channel, state, reason FROM notification.messages")
    return World(
        filed=filed,
        dossiers={r["code"]: r["state"] for r in await doors.rows("SELECT code, state FROM intake.dossiers")},
        cases={r["code"]: Case(r["root_id"], r["state"], r["link_ref"]) for r in cases},
        history=[Line(*row) for row in lines],
        texts=[Text(*row) for row in texts],
        arrived=(await doors.insist("GET", f"{doors.stack.sinks_url}/messages")).json(),
        records=await asyncio.to_thread(read_all, doors.stack.kafka),
        given=await _given(doors),
        unsent={s: await doors.value(f"SELECT count(*) FROM {s}.outbox") for s in SCHEMAS},  # noqa: S608
        consumed={schema: await _consumed(doors, schema) for schema in SCHEMAS},
        reads=reads,
        cut_sends=cut,
    )


async def reads_of(doors: Doors) -> dict[str, frozenset[str]]:
    """Which service reads which topics: each is asked."""
    stack = doors.stack
    urls = {"intake": stack.intake_url, "routing": stack.routing_url, "notification": stack.notification_url}
    found: dict[str, frozenset[str]] = {}
    for name, url in urls.items():
        told = (await doors.insist("GET", f"{url}/v1/operations", stack.operator_api_key)).json()
        found[name] = frozenset(told["lag"])
    return found


async def _given(doors: Doors) -> dict[Key, int]:
    rows = [
        row
        for schema in SCHEMAS
        for row in await doors.rows(f"SELECT topic, key, seq FROM {schema}.sequence_given")  # noqa: S608
    ]
    return {(row["topic"], row["key"]): row["seq"] for row in rows}


async def _consumed(doors: Doors, schema: str) -> dict[Place, int]:
    rows = await doors.rows(f"SELECT topic, partition, next_offset FROM {schema}.consumed")  # noqa: S608
    return {(row["topic"], row["partition"]): row["next_offset"] for row in rows}
