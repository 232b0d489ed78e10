"""HTTP API for operators: the status of messaging, and held records."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import asyncpg
from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, Field

from shared.actor import Actor
from shared.events.agency import WITHOUT_NUL
from shared.messaging.consume.broker import Broker
from shared.messaging.consume.status import MessagingStatus, status
from shared.messaging.deadletter import held_records
from shared.messaging.recovery.replay import replay
from shared.typed_input import field_types
from shared.web.auth.identity import require_actor
from shared.web.words import refuse

OperatorOnly = Depends(require_actor(kinds={"officer"}, roles={"operator"}))
Operator = Annotated[Actor, OperatorOnly]
HeldId = Annotated[int, Path(ge=1, lt=2**63)]


class DropBody(BaseModel):
    """Why a record is given up for good."""

    reason: Annotated[str, field_types.paragraphs(500, shortest=3)] = Field(
        min_length=3, max_length=500, pattern=WITHOUT_NUL
    )


def operations_routes(pool: asyncpg.Pool, broker: Broker) -> APIRouter:
    """/v1/operations and /v1/held, for an operator's key or session."""
    router = APIRouter(prefix="/v1", tags=["operations"])

    @router.get("/operations", dependencies=[OperatorOnly])
    async def operations() -> MessagingStatus:
        return await status(pool, broker)

    @router.get("/held", dependencies=[OperatorOnly])
    async def list_held(closed: bool = False) -> list[held_records.HeldRecord]:
        return await held_records.list_held(pool, closed=closed)

    @router.get("/held/{held_id}", dependencies=[OperatorOnly])
    async def show_held(held_id: HeldId) -> dict[str, Any]:
        return asdict(await require_held(pool, held_id))

    @router.post("/held/{held_id}/replay")
    async def replay_held(
        held_id: HeldId, actor: Operator, over_gap: bool = False
    ) -> list[held_records.HeldOutcome]:
        return require_found(await replay(broker, [held_id], actor=actor, over_gap=over_gap))

    @router.post("/held/{held_id}/drop")
    async def drop_held(held_id: HeldId, body: DropBody, actor: Operator) -> list[held_records.HeldOutcome]:
        return require_found(await held_records.drop_held(pool, [held_id], reason=body.reason, actor=actor))

    return router


async def require_held(pool: asyncpg.Pool, held_id: int) -> held_records.HeldRecordDetail:
    """The record. Raises the refusal `held.unknown`."""
    detail = await held_records.read_held(pool, held_id)
    if detail is None:
        raise refuse("held.unknown")
    return detail


def require_found(outcomes: Sequence[held_records.HeldOutcome]) -> list[held_records.HeldOutcome]:
    """The outcomes. Raises the refusal `held.unknown` if a record does not exist."""
    if any(outcome.outcome == "unknown" for outcome in outcomes):
        raise refuse("held.unknown")
    return list(outcomes)
