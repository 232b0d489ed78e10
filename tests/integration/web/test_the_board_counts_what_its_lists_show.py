"""Each number of the board opens to a list of just as many dossiers."""

from dataclasses import replace
from datetime import datetime, timedelta

import asyncpg
import pytest

from services.routing.domain.case.case import Case, CaseUpdate, Cause
from services.routing.inbound.pages.board_view import board_span, city_midnight
from services.routing.store import board, board_lists, cases, history, tasks
from shared.actor import Actor
from shared.db.transaction import transaction
from shared.events import agency, dossier
from shared.events.case import OPENED, ROUTED
from tests.builders.routing import FRIDAY, after, opened, rules, submitted_case, under_way
from tests.integration.conftest import PoolFor

pytestmark = pytest.mark.integration
NOW = FRIDAY + timedelta(hours=2)
SPAN = board_span(rules(NOW))
UNTIL = SPAN.until
PARTY = Actor(kind="party", party="wards")


@pytest.fixture
async def pool(pool_for: PoolFor) -> asyncpg.Pool:
    return await pool_for("routing")


def due(case: Case, at: datetime) -> Case:
    """The same case, promised for another day."""
    return replace(case, current_due_at=at)


async def keep(pool: asyncpg.Pool, *made: Case) -> None:
    async with transaction(pool) as tx:
        await cases.insert(tx, made)
        await tasks.save(tx, [(case, task) for case in made for task in case.tasks])


async def happened(pool: asyncpg.Pool, case: Case, type_: str, because: str, at: datetime) -> None:
    told = CaseUpdate(
        type_, case, Cause(because, "x", PARTY), at, case.current_tasks[0] if case.current_tasks else None
    )
    async with transaction(pool) as tx:
        await history.append_history(tx, [told])


def test_after_friday_comes_mondays_close() -> None:
    assert SPAN.today.isoformat() == "2026-03-06T17:00:00+07:00"
    assert SPAN.until.isoformat() == "2026-03-09T17:00:00+07:00"


async def test_what_can_still_be_saved_is_neither_late_nor_far_away(pool: asyncpg.Pool) -> None:
    late, soon, soon_too, far = (
        due(under_way(), at) for at in (NOW - timedelta(hours=1), NOW, UNTIL, UNTIL + timedelta(seconds=1))
    )
    await keep(pool, late, soon, soon_too, far)
    async with transaction(pool) as tx:
        counted = await board.board_counts(tx, SPAN)
        at_risk = await board_lists.list_open(tx, "at_risk", SPAN)
        is_late = await board_lists.list_open(tx, "late", SPAN)
    assert (counted.at_risk, counted.late, counted.open) == (2, 1, 4)
    assert [line.code for line in at_risk.lines] == [soon.code, soon_too.code]
    assert [line.code for line in is_late.lines] == [late.code]


async def test_what_waits_at_the_door_is_at_risk_on_its_last_day(pool: asyncpg.Pool) -> None:
    """The answer is due on Monday: on Friday it is a dossier like any other, on Monday it is at risk."""
    await keep(pool, opened(submitted_case()))
    async with transaction(pool) as tx:
        friday = await board.board_counts(tx, SPAN)
        monday = await board.board_counts(tx, board_span(rules(NOW + timedelta(days=3))))
    assert (friday.to_receive, friday.at_risk, friday.open) == (1, 0, 1)
    assert (monday.to_receive, monday.at_risk, monday.open) == (1, 1, 1)


async def test_finished_dossiers_are_nobodys(pool: asyncpg.Pool) -> None:
    case = under_way()
    to_do = [task.step for task in case.current_tasks if not task.done_at]
    await keep(pool, after(case, *to_do))
    async with transaction(pool) as tx:
        assert (await board.board_counts(tx, SPAN)).open == 0
        assert await board.desk_loads(tx, SPAN) == []


async def test_offices_add_up_and_each_opens_to_its_own(pool: asyncpg.Pool) -> None:
    await keep(pool, due(under_way(), UNTIL), under_way("building-permit-house"), under_way("marriage"))
    async with transaction(pool) as tx:
        held = await board.desk_loads(tx, SPAN)
        lists = [await board_lists.list_open(tx, "open", SPAN, office=h.desk) for h in held]
    assert [h.open for h in held] == [found.total for found in lists]
    assert held[0].at_risk == 1
    assert max(h.at_risk for h in held[1:]) == 0


async def test_a_ward_opens_to_the_dossiers_its_offices_hold(pool: asyncpg.Pool) -> None:
    await keep(pool, under_way("marriage"), under_way("building-permit-house"))
    async with transaction(pool) as tx:
        waiting = board.ward_loads(await board.desk_loads(tx, SPAN))
        found = await board_lists.list_open(tx, "open", SPAN, ward="00070")
    assert waiting["00070"] == (found.total, 0)


async def test_the_hours_of_today_open_to_what_came_in(pool: asyncpg.Pool) -> None:
    early, later, yesterday = opened(submitted_case()), under_way(), opened(submitted_case())
    await keep(pool, early, later, yesterday)
    await happened(pool, early, OPENED, dossier.SUBMITTED, FRIDAY.replace(hour=0, minute=0))
    await happened(pool, later, OPENED, dossier.SUBMITTED, FRIDAY.replace(hour=23, minute=59))
    await happened(pool, later, ROUTED, dossier.ACCEPTED, FRIDAY.replace(hour=23, minute=59))
    await happened(pool, yesterday, OPENED, dossier.SUBMITTED, FRIDAY - timedelta(days=1))
    async with transaction(pool) as tx:
        hours = await board.hourly_flows(tx, city_midnight(NOW))
        found = await board_lists.list_today(tx, "submitted", city_midnight(NOW), hour=23)
    assert (hours[0].submitted, hours[23].submitted, hours[23].accepted) == (1, 1, 1)
    assert [line.code for line in found.lines] == [later.code]


async def test_an_office_was_last_heard_when_it_last_said_something(pool: asyncpg.Pool) -> None:
    case = under_way()
    await keep(pool, case)
    office = case.current_tasks[0].office
    await happened(pool, case, OPENED, dossier.SUBMITTED, FRIDAY + timedelta(hours=1))
    await happened(pool, case, ROUTED, agency.STARTED, FRIDAY)
    async with transaction(pool) as tx:
        assert await board.last_reply_times(tx, [office], NOW) == {office: FRIDAY}
