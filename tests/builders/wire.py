"""Events and records to send and receive, as small as the contract allows."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import orjson

from shared.actor import Actor
from shared.clock import CITY_TZ
from shared.events import dossier, topics
from shared.events.body import Body
from shared.events.dossier import DossierRefused
from shared.events.envelope import NewEvent
from shared.events.wire.attributes import SEQUENCE, wire_type
from shared.messaging.record.records import Record

AT = datetime(2026, 3, 6, 9, 0, tzinfo=CITY_TZ)
COUNTER = Actor(kind="officer", id="canbo.hk", office="ward.hoan-kiem", role="counter")
OPERATOR = Actor(kind="officer", id="dieuphoi", role="operator")


def refused(root: UUID, reason: str = "missing_paper") -> NewEvent:
    """A small event of `dossier.events`."""
    data = DossierRefused(code="H26.1-260306-0001", refused_at=AT, reason_code=reason)
    return an_event(root, data, type=dossier.REFUSED)


def an_event(root: UUID, data: Body, *, type: str) -> NewEvent:
    """An event of `dossier.events` about this root."""
    return NewEvent(
        topic=topics.DOSSIER_EVENTS.name,
        key=str(root),
        type=type,
        data=data,
        actor=COUNTER,
        time=AT,
        dossier_id=root,
    )


def a_record(event: NewEvent, seq: int | None, *, offset: int = 0, value: bytes | None = None) -> Record:
    """The record an event of ours becomes."""
    head = event.headers(source="/intake", sequence=seq or 0, traceparent=None)
    if seq is None:
        head = [(name, content) for name, content in head if name != SEQUENCE]
    body = event.body() if value is None else value
    return Record(event.topic, 0, offset, event.key.encode(), body, tuple(head))


def a_reply(party: str, root: UUID, *, id: str | None = None, office: str = "PC06") -> dict[str, Any]:
    """Keyword arguments of a producer's `send` for a reply as a party's own system writes it."""
    head = {
        "ce_specversion": "1.0",
        "ce_id": id or str(uuid4()),
        "ce_type": wire_type("task.completed.v1"),
        "ce_source": f"/party/{party}",
        "ce_subject": str(root),
        "ce_time": "2026-03-06T09:00:00+07:00",
    }
    return {
        "key": str(root).encode(),
        "value": orjson.dumps({"dossier_id": str(root), "task_id": str(uuid4()), "office": office}),
        "headers": [(name, value.encode()) for name, value in head.items()],
    }


async def until(fact: Callable[[], Awaitable[bool]], *, seconds: float = 30) -> None:
    """Wait for a fact, looking often; fail when it never comes."""
    async with asyncio.timeout(seconds):
        while not await fact():  # noqa: ASYNC110
            await asyncio.sleep(0.02)  # looking is the only way to learn a fact of another process
