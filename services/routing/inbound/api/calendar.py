"""HTTP API to publish a calendar, with a forecast of the due dates that it moves."""

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
from shared.web.protection.route_limits import LARGE_FILES, limited


class CalendarBody(BaseModel):
    """A calendar. `text`: the content of a `calendars.yaml`. `dry_run`: compute the forecast only.

    `show`: the most dossiers to list in the answer.
    """

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=600_000)
    dry_run: bool = True
    show: int = Field(default=100, ge=0, le=5000)


class MovedAnswer(Answer):
    """A dossier whose due date moves, by `days` calendar days."""

    code: str
    office: str
    before: datetime
    after: datetime
    days: int = Field(validation_alias="calendar_days")


class CalendarAnswer(BaseModel):
    """The effect of a calendar: numbers of open dossiers and of those whose due date moves.

    `changed`: whether the calendar differs from the one in force. `by_days`: the number of dossiers by
    calendar days. `first`: the first `show` of them.
    """

    changed: bool
    published: bool
    open: int
    moved: int
    by_days: dict[int, int]
    first: list[MovedAnswer]


class RecountAnswer(Answer):
    """A run over all open dossiers after a calendar was published.

    `round`: 1 or 2; the second covers dates that were promised during the first. `seen`, `moved`: numbers of
    dossiers looked at and of due dates moved.
    """

    n: int
    digest: str
    at: datetime
    round: int
    seen: int
    moved: int
    done: bool


def calendar_routes(pool: asyncpg.Pool) -> APIRouter:
    """Routes to publish a calendar and to follow the recount of due dates."""
    router = APIRouter(prefix="/v1/calendar", tags=["catalogue"])

    @router.post("", responses=ANSWERS)
    @limited(LARGE_FILES)
    async def publish(body: CalendarBody, actor: Operator) -> CalendarAnswer:
        """Compute which due dates the calendar moves, and publish it unless `dry_run` is set.

        Publishing the same calendar again changes nothing. Announced days cannot be changed.
        """
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
        """The progress of recounts, newest first."""
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
