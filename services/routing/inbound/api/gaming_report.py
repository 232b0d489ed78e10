"""HTTP API of the gaming report: signs by office, and the dossiers behind each count."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import asyncpg
from fastapi import APIRouter, Query

from services.routing.domain.case.rules import Rules
from services.routing.domain.clock.gaming_signs import GamingSign
from services.routing.inbound.api.callers import Watcher
from services.routing.store import gaming_signs
from services.routing.store.gaming_signs import OfficeSignCounts
from services.routing.usecases.gaming_report import gaming_report, report_start
from shared.catalogue import Catalogue
from shared.db.transaction import city_now, transaction
from shared.events.agency import WITHOUT_NUL
from shared.same_fields import same_fields
from shared.web.answers.answer import Answer


class OfficeSignsAnswer(Answer):
    """Signs at one office; `alarm` when there are as many as the catalogue's rule says."""

    office: str
    office_short: str
    last_moment: int
    repeated: int
    bare_return: int
    alarm: bool


OF_OFFICE = same_fields(OfficeSignsAnswer, OfficeSignCounts)


class SignAnswer(Answer):
    """One sign: `due_at` is the date a pause came just before, `nth` of how many of its kind it was."""

    sign: GamingSign
    at: datetime
    office: str
    code: str
    procedure: str
    state: str
    due_at: datetime | None
    nth: int | None


class GamingReportAnswer(Answer):
    """Offices with a sign since then, those with most first."""

    since: datetime
    alarm_from: int
    offices: list[OfficeSignsAnswer]


class SignsAnswer(Answer):
    """The signs behind a count, the latest first."""

    since: datetime
    signs: list[SignAnswer]


def gaming_report_routes(pool: asyncpg.Pool, catalogue: Callable[[], Catalogue]) -> APIRouter:
    """Routes for operators and leaders."""
    router = APIRouter(prefix="/v1/unfair-clock", tags=["board"])

    @router.get("")
    async def counts(actor: Watcher) -> GamingReportAnswer:
        """Pauses just before the date, repeated pauses and returns without a reason, per office."""
        async with transaction(pool) as tx:
            report = await gaming_report(tx, Rules(catalogue(), await city_now(tx)))
        offices: list[OfficeSignsAnswer] = []
        for row in report.offices:
            is_alarm = row.total >= report.alarm_from
            offices.append(OfficeSignsAnswer(**OF_OFFICE(row), office_short=row.short, alarm=is_alarm))
        return GamingReportAnswer(since=report.since, alarm_from=report.alarm_from, offices=offices)

    @router.get("/signs")
    async def signs(
        actor: Watcher,
        office: Annotated[str, Query(max_length=80, pattern=WITHOUT_NUL)] = "",
        sign: GamingSign | None = None,
    ) -> SignsAnswer:
        """The dossiers behind a count; at most 500."""
        async with transaction(pool) as tx:
            since = report_start(Rules(catalogue(), await city_now(tx)))
            lines = await gaming_signs.list_signs(tx, since, office=office, sign=sign)
        return SignsAnswer(since=since, signs=list(map(SignAnswer.model_validate, lines)))

    return router
