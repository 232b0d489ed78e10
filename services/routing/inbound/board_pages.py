"""The operations board: what can still be saved, who holds it, and the way to each dossier."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

import asyncpg
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.routing.domain.unfair import Sign
from services.routing.inbound.board_view import Boards, days_left, midnight_of, standing
from services.routing.inbound.unplaced_view import Missing, in_words
from services.routing.store import board_lists, unfair
from services.routing.usecases.watch_the_clock import watched_since
from shared.catalogue import Catalogue
from shared.db.transaction import city_now, transaction
from shared.messaging.consumer import Consumer
from shared.web.frame import fragment, render
from shared.web.identity import allow
from shared.web.live import live

Watcher = Depends(allow(kinds={"officer"}, roles={"operator", "leader"}))
Open = Literal["at_risk", "late", "to_receive", "open", "letters", "unanswered", "unplaced", "new_dates"]
Today = Literal["submitted", "accepted", "completed"]


def board_pages(pool: asyncpg.Pool, consumer: Consumer, catalogue: Callable[[], Catalogue]) -> APIRouter:
    """/board, its live part, and the lists behind its numbers; for operators and leaders."""
    router = APIRouter(prefix="/board", include_in_schema=False, dependencies=[Watcher])
    boards = Boards(pool, consumer, catalogue)

    @router.get("")
    async def page(request: Request) -> Response:
        return render(request, "board.html", board=await boards.latest(), standing=standing)

    @router.get("/live")
    async def updates(request: Request) -> Response:
        async def draw() -> str:
            return fragment(request, "board_part.html", board=await boards.latest(), standing=standing)

        return live(request, draw)

    @router.get("/open/{which}")
    async def open_list(request: Request, which: Open, office: str = "", ward: str = "") -> Response:
        span = await boards.span()
        async with transaction(pool) as tx:
            found = await board_lists.open_dossiers(tx, which, span, office=office, ward=ward)
        place = _place(catalogue(), office, ward)
        return _listed(request, found, which=which, now=span.now, place=place, catalogue=catalogue())

    @router.get("/today/{which}")
    async def today_list(request: Request, which: Today, hour: int | None = None) -> Response:
        now = (await boards.span()).now
        async with transaction(pool) as tx:
            found = await board_lists.todays_dossiers(tx, which, midnight_of(now), hour=hour)
        place = f"{hour}–{hour + 1} h" if hour is not None else ""
        return _listed(request, found, which=which, now=now, place=place, catalogue=catalogue())

    @router.get("/unfair")
    async def unfair_list(request: Request, sign: Sign | None = None, office: str = "") -> Response:
        async with transaction(pool) as tx:
            now = await city_now(tx)
            since = watched_since(catalogue(), now)
            lines = await unfair.lines(tx, since, office=office, sign=sign)
        return render(
            request,
            "unfair_list.html",
            lines=lines,
            sign=sign,
            since=since,
            now=now,
            limit=unfair.LIMIT,
            place=_place(catalogue(), office, ""),
        )

    return router


def _listed(
    request: Request, found: board_lists.Found, *, now: datetime, catalogue: Catalogue, **context: Any
) -> Response:
    days = days_left(catalogue, now)

    def missing(line: board_lists.Line) -> Missing | None:
        procedure = catalogue.procedure_version(line.procedure, line.version)
        return in_words(line.unplaced, procedure, catalogue) if line.unplaced else None

    given = {
        "now": now,
        "catalogue": catalogue,
        "days": days,
        "limit": board_lists.LIMIT,
        "missing": missing,
    }
    return render(request, "board_list.html", found=found, **given, **context)


def _place(catalogue: Catalogue, office: str, ward: str) -> str:
    """The name of the office or ward a list was asked for; an unknown one is shown as asked."""
    try:
        if office:
            return catalogue.office(office).short
        return catalogue.ward(ward).name if ward else ""
    except KeyError:
        return office or ward
