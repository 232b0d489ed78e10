"""The board of a city in which two offices did nothing for two weeks: each claim against the tasks."""

import re
from collections import defaultdict
from datetime import datetime

import httpx
import pytest

from services.routing.domain.deadlines.deadlines import running_clocks
from services.routing.inbound.pages.board_view import board_span
from services.routing.store import board, board_lists
from shared.db.transaction import transaction
from tests.builders.pages import OPERATOR, Browsers, lines_of
from tests.builders.routing import rules
from tests.builders.world import NOW, SILENT, World

pytestmark = pytest.mark.integration
SPAN = board_span(rules(NOW))


async def board_page(pages: Browsers, path: str = "/board") -> str:
    async with await pages.browser("routing", OPERATOR) as browser:
        answer: httpx.Response = await browser.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


async def late_steps_by_office(world: World, at: datetime = NOW) -> dict[str, set[str]]:
    """By desk: the codes of dossiers of which a running clock of a task there has passed, by the rules."""
    late: dict[str, set[str]] = defaultdict(set)
    for case in await world.city.open_cases():
        for member in case.family:
            for clock in running_clocks(member):
                if clock.task is not None and clock.due_at < at:
                    late[clock.task.desk_office].add(case.code)
    return late


async def test_the_two_silent_offices_stand_first(world: World, pages: Browsers) -> None:
    page = await board_page(pages)
    first_two = re.findall(r'/board/open/open\?office=([^"]+)">\s*[^<\d]', page)[:2]
    assert set(first_two) == SILENT


async def test_late_steps_are_counted_as_the_rules_count_them(world: World) -> None:
    late = await late_steps_by_office(world)
    async with transaction(world.city.routing) as tx:
        loads = await board.desk_loads(tx, SPAN)
        counts = await board.board_counts(tx, SPAN)
    assert {load.desk: load.late_steps for load in loads if load.late_steps} == {
        desk: len(codes) for desk, codes in late.items()
    }
    assert counts.late_steps == len(set().union(*late.values()))
    assert all(len(late[office]) >= 10 for office in SILENT)


async def test_a_dossier_that_waits_for_its_citizen_is_not_late(world: World) -> None:
    async with transaction(world.city.routing) as tx:
        late = await board_lists.list_open(tx, "late", SPAN)
        steps = await board_lists.list_open(tx, "late_steps", SPAN)
    shown = {line.code for line in (*late.lines, *steps.lines)}
    waiting = {world.at[stage] for stage in ("papers_unanswered", "papers_owed", "citizen_pays")}
    assert not shown & waiting
    assert world.at["late_step"] in shown


async def test_offices_are_sorted_by_what_is_overdue(world: World) -> None:
    async with transaction(world.city.routing) as tx:
        loads = await board.desk_loads(tx, SPAN)
    keys = [(load.late_steps, load.late, load.at_risk, load.open) for load in loads]
    assert keys == sorted(keys, reverse=True)


async def test_every_office_is_reachable(world: World, pages: Browsers) -> None:
    """From the board itself, or by the link below its table; nothing says "less work" of what it hides."""
    async with transaction(world.city.routing) as tx:
        loads = await board.desk_loads(tx, SPAN)
    assert len(loads) > 60
    page = await board_page(pages)
    assert "ít việc hơn" not in page
    assert 'href="/board/offices"' in page
    everybody = await board_page(pages, "/board/offices")
    assert all(f"/board/open/open?office={load.desk}" in everybody for load in loads)
    assert lines_of(everybody)[0] == f"{len(loads)} cơ quan đang giữ hồ sơ"


async def test_each_count_of_an_office_opens_to_as_many_dossiers(world: World) -> None:
    async with transaction(world.city.routing) as tx:
        loads = await board.desk_loads(tx, SPAN)
        for load in loads[:10]:
            for which in ("late_steps", "late", "at_risk", "open"):
                listing = await board_lists.list_open(tx, which, SPAN, office=load.desk)
                assert listing.total == getattr(load, which), (load, which)


async def test_the_first_line_is_what_the_lists_say(world: World, pages: Browsers) -> None:
    first = lines_of(await board_page(pages))[1]
    async with transaction(world.city.routing) as tx:
        counts = await board.board_counts(tx, SPAN)
        worst = (await board.desk_loads(tx, SPAN))[0]
    enough, short = map(int, re.findall(r"(\d+) còn đủ giờ làm các bước còn lại, (\d+) không đủ", first)[0])
    assert first.startswith(f"{counts.at_risk} hồ sơ đến hạn trước cuối ngày làm việc tới:")
    assert enough + short == counts.at_risk
    assert enough > 0
    assert short > 0
    assert first.endswith(f"Để trễ bước nhiều nhất: {worst.short}, {worst.late_steps} hồ sơ.")


async def test_the_list_marks_what_has_too_little_time(world: World, pages: Browsers) -> None:
    page = await board_page(pages, "/board/open/at_risk")
    first = lines_of(await board_page(pages))[1]
    (short,) = re.findall(r"(\d+) không đủ", first)
    assert page.count("không đủ giờ cho các bước còn lại") == int(short)


async def test_silence_is_shown_beside_lateness(pages: Browsers) -> None:
    rows = re.findall(r"<tr>.*?</tr>", await board_page(pages), re.DOTALL)
    for office in SILENT:
        row = next(row for row in rows if f"office={office}" in row)
        assert "im lặng" in row
