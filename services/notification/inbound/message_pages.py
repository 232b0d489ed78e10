"""The page /messages: figures about messages, and the messages that need a person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import asyncpg
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.notification.domain.channels.registry import CHANNELS
from services.notification.store import listing, messages, receipts
from services.notification.usecases import list_messages
from services.notification.usecases.receipt_health import receipt_health
from shared.clock import machine_now
from shared.db.transaction import city_now, transaction
from shared.security.keyring import Keyring
from shared.typed_input.dossier_code import normalize_code
from shared.web.auth.identity import require_actor
from shared.web.pages.live_updates import server_sent_updates
from shared.web.pages.rendering import render, render_fragment

OperatorAccess = Depends(require_actor(kinds={"officer"}, roles={"operator"}))


def message_pages(pool: asyncpg.Pool, keyring: Keyring, enabled: Sequence[str]) -> APIRouter:
    """The page, its live part, and the messages of one dossier; for operators. `enabled`: channels in use."""
    router = APIRouter(prefix="/messages", include_in_schema=False, dependencies=[OperatorAccess])

    @router.get("")
    async def page(
        request: Request, state: Literal["failed", "ambiguous"] | None = None, code: str = ""
    ) -> Response:
        code = normalize_code(code[:80])
        matches: list[dict[str, Any]] = []
        if code:
            matches = await list_messages.list_of_dossier(pool, keyring, code)
        problems = await list_messages.list_problems(pool, keyring, state)
        figures = await _figures(pool, enabled)
        return render(
            request,
            "messages.html",
            **figures,
            trouble=problems,
            which=state,
            code=code,
            found=matches,
            kept_receipts=await receipts.list_kept(pool),
            machine_now=machine_now(),
        )

    @router.get("/live")
    async def updates(request: Request) -> Response:
        async def draw() -> str:
            return render_fragment(request, "messages_part.html", **await _figures(pool, enabled))

        return server_sent_updates(request, draw)

    return router


async def _figures(pool: asyncpg.Pool, enabled: Sequence[str]) -> dict[str, Any]:
    async with transaction(pool) as tx:
        now = await city_now(tx)
        counts = await listing.counts(tx, _start_of_day(now))
        silences = await listing.count_silences(tx)
        waiting = await messages.count_waiting(tx)
        of_receipts = await receipt_health(tx)
    used = {row["channel"] for row in counts} | set(enabled)
    return {
        "now": now,
        "channels": CHANNELS,
        "table": {name: _counts_by_state(counts, name) for name in CHANNELS if name in used},
        "silences": silences,
        "waiting": waiting,
        "receipts": of_receipts,
        "total": _totals(counts),
    }


def _counts_by_state(counts: Any, channel: str) -> dict[str, tuple[int, int]]:
    return {row["state"]: (row["all"], row["recent"]) for row in counts if row["channel"] == channel}


def _totals(counts: Any) -> dict[str, int]:
    totals: dict[str, int] = {}
    for row in counts:
        totals[row["state"]] = totals.get(row["state"], 0) + row["all"]
    return totals


def _start_of_day(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
