"""Publishing a calendar: a forecast of the dates that it moves, then the publication."""

import asyncio
from datetime import datetime
from typing import Any

import asyncpg
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.routing.domain.editions.catalogue_diff import mistakes_refusal
from services.routing.inbound.api.callers import Operator
from services.routing.inbound.api.catalogue import ANSWERS, MOST_PROBLEMS, problem_field, temporary_folder
from services.routing.store import catalogue as catalogue_store
from services.routing.store import recounts
from services.routing.usecases.publish_catalogue import publish_upload
from services.routing.usecases.recount_dates import CALENDAR, RecountForecast, forecast_recount
from shared.catalogue import Catalogue
from shared.catalogue.loading.load import FILES, CatalogueErrors, load_calendar_item
from shared.db.transaction import transaction
from shared.web.answers.answer import Answer


class CalendarBody(BaseModel):
    """The text of a `calendars.yaml`. `dry_run`: only say what would move. `show`: how many to name."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=600_000)
    dry_run: bool = True
    show: int = Field(default=100, ge=0, le=5000)


class MovedAnswer(Answer):
    """A dossier whose date moves."""

    code: str
    office: str
    before: datetime
    after: datetime
    days: int = Field(validation_alias="calendar_days")


class CalendarAnswer(BaseModel):
    """Of the open dossiers so many move, by so many days each; the first of them by name."""

    changed: bool
    published: bool
    open: int
    moved: int
    by_days: dict[int, int]
    first: list[MovedAnswer]


class RecountAnswer(Answer):
    """A walk over all open dossiers. `round` 2 looks once more for what was promised meanwhile."""

    n: int
    digest: str
    at: datetime
    round: int
    seen: int
    moved: int
    done: bool


def calendar_routes(pool: asyncpg.Pool) -> APIRouter:
    """Routes to forecast, publish and follow the recount."""
    router = APIRouter(prefix="/v1/calendar", tags=["catalogue"])

    @router.post("", responses=ANSWERS)
    async def publish(body: CalendarBody, actor: Operator) -> CalendarAnswer:
        """What moves is counted first; then, but for a dry run, the calendar is in force. Twice is once."""
        offered = {CALENDAR: await asyncio.to_thread(_read, body.text)}
        async with transaction(pool) as tx:
            catalogue = Catalogue.from_items({**await catalogue_store.read_items(tx), **offered})
            diff = await publish_upload(tx, offered, actor, dry_run=True)
        forecast = RecountForecast()
        if diff.changed_keys:
            forecast = await forecast_recount(pool, catalogue, body.show)
        if not body.dry_run:
            async with transaction(pool) as tx:
                await publish_upload(tx, offered, actor)
        return _answer(forecast, changed=bool(diff.changed_keys), published=not body.dry_run)

    @router.get("/recounts")
    async def walks(actor: Operator) -> list[RecountAnswer]:
        """How far the counting has come, newest first."""
        async with transaction(pool) as tx:
            return list(map(RecountAnswer.model_validate, await recounts.recent_runs(tx)))

    return router


def _read(text: str) -> dict[str, Any]:
    """Parse the text of a calendar file. Raises Refused with line, field and remedy of every mistake."""
    with temporary_folder({FILES[CALENDAR][0]: text}) as folder:
        try:
            return load_calendar_item(folder)
        except CatalogueErrors as error:
            raise mistakes_refusal(map(problem_field, error.problems[:MOST_PROBLEMS])) from None


def _answer(forecast: RecountForecast, *, changed: bool, published: bool) -> CalendarAnswer:
    return CalendarAnswer(
        changed=changed,
        published=published,
        open=forecast.open,
        moved=forecast.moved_count,
        by_days=dict(sorted(forecast.by_days.items())),
        first=list(map(MovedAnswer.model_validate, forecast.examples)),
    )
