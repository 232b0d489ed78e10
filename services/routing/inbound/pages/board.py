"""Pages of the operations board, and the lists behind its numbers."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

import asyncpg
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.routing.domain.case.rules import Rules
from services.routing.domain.clock.gaming_signs import GamingSign
from services.routing.domain.deadlines.remaining_work import has_time_enough
from services.routing.inbound.pages.board_view import (
    MAIN_CALENDAR,
    BoardCache,
    city_midnight,
    office_mark,
    working_days_left,
    working_minutes_late,
)
from services.routing.inbound.pages.missing_office_view import MissingOfficeView, format_place
from services.routing.outbound.catalogue_copies import CatalogueCopies
from services.routing.store import board_lists, gaming_signs
from services.routing.usecases.gaming_report import report_start
from shared.catalogue import Catalogue
from shared.db.transaction import city_now, transaction
from shared.messaging.consume.broker import Broker
from shared.web.auth.identity import require_actor
from shared.web.pages.live_updates import server_sent_updates
from shared.web.pages.rendering import render, render_fragment

Watcher = Depends(require_actor(kinds={"officer"}, roles={"operator", "leader"}))
Open = Literal[
    "at_risk", "late", "late_steps", "to_receive", "open", "letters", "unanswered", "unplaced", "new_dates"
]
Today = Literal["submitted", "accepted", "completed"]


def board_pages(
    pool: asyncpg.Pool, broker: Broker, catalogue: Callable[[], Catalogue], copies: CatalogueCopies
) -> APIRouter:
    """/board, its live part, and the lists behind its numbers; for operators and leaders."""
    router = APIRouter(prefix="/board", include_in_schema=False, dependencies=[Watcher])
    boards = BoardCache(pool, broker, catalogue, copies=copies)

    @router.get("")
    async def page(request: Request) -> Response:
        return render(request, "board.html", board=await boards.current(), standing=office_mark)

    @router.get("/live")
    async def updates(request: Request) -> Response:
        async def draw() -> str:
            return render_fragment(
                request, "board_part.html", board=await boards.current(), standing=office_mark
            )

        return server_sent_updates(request, draw)

    @router.get("/offices")
    async def offices(request: Request) -> Response:
        return render(request, "board_offices.html", board=await boards.current(), standing=office_mark)

    @router.get("/open/{which}")
    async def open_list(request: Request, which: Open, office: str = "", ward: str = "") -> Response:
        span = await boards.time_span()
        async with transaction(pool) as tx:
            listing = await board_lists.list_open(tx, which, span, office=office, ward=ward)
        place = _place(catalogue(), office, ward)
        return _list_page(request, listing, which=which, now=span.now, place=place, catalogue=catalogue())

    @router.get("/today/{which}")
    async def today_list(request: Request, which: Today, hour: int | None = None) -> Response:
        now = (await boards.time_span()).now
        async with transaction(pool) as tx:
            listing = await board_lists.list_today(tx, which, city_midnight(now), hour=hour)
        place = f"{hour}–{hour + 1} h" if hour is not None else ""
        return _list_page(request, listing, which=which, now=now, place=place, catalogue=catalogue())

    @router.get("/unfair")
    async def unfair_list(request: Request, sign: GamingSign | None = None, office: str = "") -> Response:
        async with transaction(pool) as tx:
            now = await city_now(tx)
            since = report_start(Rules(catalogue(), now))
            lines = await gaming_signs.list_signs(tx, since, office=office, sign=sign)
        return render(
            request,
            "unfair_list.html",
            lines=lines,
            sign=sign,
            since=since,
            now=now,
            limit=gaming_signs.LIMIT,
            place=_place(catalogue(), office, ""),
        )

    return router


def _list_page(
    request: Request, listing: board_lists.BoardPage, *, now: datetime, catalogue: Catalogue, **context: Any
) -> Response:
    days, late = working_days_left(catalogue, now), working_minutes_late(catalogue, now)

    calendar = catalogue.working_calendar(MAIN_CALENDAR, now)

    def in_time(line: board_lists.BoardRow) -> bool:
        return line.due_at is not None and has_time_enough(line.remaining_steps, line.due_at, now, calendar)

    def missing(line: board_lists.BoardRow) -> MissingOfficeView | None:
        procedure = catalogue.procedure_version(line.procedure, line.version)
        return format_place(line.unplaced, procedure, catalogue) if line.unplaced else None

    page_context = {
        "now": now,
        "catalogue": catalogue,
        "days": days,
        "late": late,
        "limit": board_lists.LIMIT,
        "missing": missing,
        "in_time": in_time,
    }
    return render(request, "board_list.html", listing=listing, **page_context, **context)


def _place(catalogue: Catalogue, office: str, ward: str) -> str:
    """The name of the office or ward of a list; an unknown one is shown as requested."""
    try:
        if office:
            return catalogue.office(office).short
        if ward:
            return catalogue.ward(ward).name
        return ""
    except KeyError:
        return office or ward
