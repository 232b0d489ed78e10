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
    """Numbers of signs at one office. `alarm`: whether they reach `alarm_from`.

    `last_moment`: pauses just before the due date. `repeated`: repeated pauses. `bare_return`: tasks declined
    without a reason.
    """

    office: str
    office_short: str
    last_moment: int
    repeated: int
    bare_return: int
    alarm: bool


OF_OFFICE = same_fields(OfficeSignsAnswer, OfficeSignCounts)


class SignAnswer(Answer):
    """One sign. `due_at`: the date that the pause preceded. `nth`: the number of pauses up to this one."""

    sign: GamingSign
    at: datetime
    office: str
    code: str
    procedure: str
    state: str
    due_at: datetime | None
    nth: int | None


class GamingReportAnswer(Answer):
    """Offices with signs since `since`, those with most first. `alarm_from`: signs that raise an alarm."""

    since: datetime
    alarm_from: int
    offices: list[OfficeSignsAnswer]


class SignsAnswer(Answer):
    """The signs since `since`, latest first."""

    since: datetime
    signs: list[SignAnswer]


def gaming_report_routes(pool: asyncpg.Pool, catalogue: Callable[[], Catalogue]) -> APIRouter:
    """Routes for operators and leaders."""
    router = APIRouter(prefix="/v1/unfair-clock", tags=["board"])

    @router.get("")
    async def counts(actor: Watcher) -> GamingReportAnswer:
        """Signs that offices game the clock, counted by office.

        A sign is a pause just before the due date, a repeated pause, or a task declined without a reason.
        """
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
        """The signs behind a count, each with its dossier; at most 500."""
        async with transaction(pool) as tx:
            since = report_start(Rules(catalogue(), await city_now(tx)))
            lines = await gaming_signs.list_signs(tx, since, office=office, sign=sign)
        return SignsAnswer(since=since, signs=list(map(SignAnswer.model_validate, lines)))

    return router
