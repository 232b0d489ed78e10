"""HTTP API for operators: messages of a dossier, problems, and what waits."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import asyncpg
from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator

from services.notification.store import messages, receipts
from services.notification.usecases import list_messages
from shared.security.keyring import Keyring
from shared.typed_input.dossier_code import normalize_code
from shared.web.auth.identity import require_actor

OperatorOnly = Depends(require_actor(kinds={"officer"}, roles={"operator"}))
CODE = Query(min_length=3, max_length=80, examples=["H26.X-260306-0001"])


def message_routes(pool: asyncpg.Pool, keyring: Keyring) -> APIRouter:
    """/v1/messages, without content and with masked addresses."""
    router = APIRouter(prefix="/v1/messages", tags=["messages"], dependencies=[OperatorOnly])

    @router.get("")
    async def of_dossier(code: Annotated[str, AfterValidator(normalize_code)] = CODE) -> list[dict[str, Any]]:
        return await list_messages.list_of_dossier(pool, keyring, code)

    @router.get("/trouble")
    async def trouble(state: Literal["failed", "ambiguous"] | None = None) -> list[dict[str, Any]]:
        return await list_messages.list_problems(pool, keyring, state)

    @router.get("/receipts")
    async def unusable_receipts() -> list[dict[str, Any]]:
        return [dict(row) for row in await receipts.list_kept(pool)]

    @router.get("/waiting")
    async def waiting() -> Mapping[str, int]:
        return await messages.count_waiting(pool)

    return router
