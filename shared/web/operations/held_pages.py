"""Pages of held records, with the acts replay and drop."""

from typing import Annotated

import asyncpg
from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from shared.messaging.consume.broker import Broker
from shared.messaging.consume.status import status
from shared.messaging.deadletter import held_records
from shared.messaging.recovery.replay import replay
from shared.typed_input import field_types
from shared.web.operations.operations import HeldId, Operator, OperatorOnly, require_found, require_held
from shared.web.pages.rendering import render

SEE_OTHER = 303
ReasonText = Annotated[
    str,
    Form(min_length=3, max_length=500, pattern=r"^\s*[^\s\x00][^\x00]+$"),
    field_types.paragraphs(500, shortest=3),
]
"""A reason: some words without NUL, which PostgreSQL cannot store."""


def held_pages(pool: asyncpg.Pool, broker: Broker) -> APIRouter:
    """/held, for operators."""
    router = APIRouter(include_in_schema=False)

    @router.get("/held", dependencies=[OperatorOnly])
    async def listing(request: Request, closed: bool = False) -> Response:
        records = await held_records.list_held(pool, closed=closed)
        now = await status(pool, broker)
        return render(request, "held.html", records=records, closed=closed, health=now)

    @router.get("/held/{held_id}", dependencies=[OperatorOnly])
    async def show_record(request: Request, held_id: HeldId) -> Response:
        return render(request, "held_record.html", shown=await require_held(pool, held_id), outcomes=[])

    @router.get("/held/{held_id}/{act}", dependencies=[OperatorOnly])
    async def redirect_to_record(request: Request, held_id: HeldId, act: str) -> Response:
        """GET on the address of a form: the language switch comes back to it."""
        return RedirectResponse(f"/held/{held_id}?{request.url.query}", SEE_OTHER)

    @router.post("/held/{held_id}/replay")
    async def replay_one(
        request: Request, held_id: HeldId, actor: Operator, over_gap: Annotated[bool, Form()] = False
    ) -> Response:
        outcomes = require_found(await replay(broker, [held_id], actor=actor, over_gap=over_gap))
        return render(request, "held_record.html", shown=await require_held(pool, held_id), outcomes=outcomes)

    @router.post("/held/{held_id}/drop")
    async def drop_one(held_id: HeldId, actor: Operator, reason: ReasonText) -> Response:
        require_found(await held_records.drop_held(pool, [held_id], reason=reason, actor=actor))
        return RedirectResponse("/held", SEE_OTHER)

    return router
