"""What officers read first in the late world: on desks, on a task, on a dossier's life and at the counter."""

import re

import pytest

from shared.web.auth.sessions import Officer
from tests.builders.pages import OPERATOR, Browsers, lines_of
from tests.builders.world import World

pytestmark = pytest.mark.integration
COUNTER = Officer("quay", "Ví Dụ", "counter", "PASC-SP.00070")
WALL_TIME = re.compile(r"trễ \d+ (ngày|giờ|phút)(?! \d+ phút làm việc| làm việc)")
"""Lateness without its unit: working time."""


def officer(office: str, role: str = "specialist") -> Officer:
    return Officer("canbo", "Ví Dụ", role, office)


async def page(pages: Browsers, service: str, who: Officer, path: str) -> str:
    async with await pages.browser(service, who) as browser:
        answer = await browser.get(path)
    assert answer.status_code == 200, (path, answer.text)
    return answer.text


async def task_page(world: World, pages: Browsers, stage: str, step: str) -> list[str]:
    case = await world.case(stage)
    (task,) = [task for task in case.current_tasks if task.step == step]
    return lines_of(await page(pages, "routing", officer(task.office), f"/desk/tasks/{task.id}"))


async def test_what_waits_for_the_citizen_heads_no_desk(world: World, pages: Browsers) -> None:
    text = await page(pages, "routing", officer("LRO.004"), "/desk")
    rows = re.findall(r"<tr>.*?</tr>", text, re.DOTALL)[1:]
    waits = [world.at[stage] for stage in ("papers_unanswered", "papers_owed", "late_then_asked")]
    codes = [re.findall(r"/desk/tasks/[^>]*>([^<]+)</a>", row)[0] for row in rows]
    assert set(codes[-3:]) == set(waits)
    assert all("tạm dừng" in row for row in rows[-3:])
    assert not any("làm việc</span>" in row and "trễ" in row for row in rows[-3:])
    assert lines_of(text)[0].startswith("Việc tiếp theo của bạn:")


async def test_a_desk_on_which_all_waits_says_so(pages: Browsers) -> None:
    first = lines_of(await page(pages, "routing", officer("TAX.004"), "/desk"))[0]
    assert not first.startswith("Việc tiếp theo của bạn: trễ")


async def test_a_finished_task_is_not_late(world: World, pages: Browsers) -> None:
    first = (await task_page(world, pages, "denied", "sign"))[0]
    assert first == "Ký: đã xong thứ Hai 19/1, 16:30"


async def test_a_paused_task_is_not_late_and_not_to_be_finished(world: World, pages: Browsers) -> None:
    lines = await task_page(world, pages, "papers_owed", "check")
    assert lines[0] == "Kiểm tra: đang chờ người khác, tạm dừng tính hạn"
    assert "Xong, chuyển bước sau" not in lines


async def test_a_paused_task_is_not_late_in_the_dossiers_life(world: World, pages: Browsers) -> None:
    paused = lines_of(await page(pages, "routing", OPERATOR, f"/board/dossiers/{world.at['papers_owed']}"))
    late = lines_of(await page(pages, "routing", OPERATOR, f"/board/dossiers/{world.at['late']}"))
    assert "▲ đã giao, trễ" not in paused
    assert "▲ đã giao, trễ" in late


@pytest.mark.parametrize("path", ["/board", "/board/offices", "/board/open/late", "/board/open/late_steps"])
async def test_lateness_has_one_unit_on_the_board(pages: Browsers, path: str) -> None:
    found = [
        line for line in lines_of(await page(pages, "routing", OPERATOR, path)) if WALL_TIME.search(line)
    ]
    assert found == []


async def test_lateness_has_one_unit_on_desks_and_lives(world: World, pages: Browsers) -> None:
    for office in ("HPOL", "DOJ", "WARD-JUS.00070", "LRO.004"):
        text = "\n".join(lines_of(await page(pages, "routing", officer(office), "/desk")))
        assert not WALL_TIME.search(text), office
    for code in world.at.values():
        text = "\n".join(lines_of(await page(pages, "routing", OPERATOR, f"/board/dossiers/{code}")))
        assert not WALL_TIME.search(text), code


async def test_no_letter_apologises_for_nothing(world: World, pages: Browsers) -> None:
    drafted = await world.city.routing.fetch("SELECT code FROM cases WHERE apology IS NOT NULL")
    assert len(drafted) > 10
    for row in drafted:
        text = "\n".join(lines_of(await page(pages, "routing", OPERATOR, f"/board/dossiers/{row['code']}")))
        assert not re.search(r"\b0 phút", text), row["code"]


async def test_an_unsigned_letter_counts_until_now(world: World, pages: Browsers) -> None:
    text = "\n".join(lines_of(await page(pages, "routing", OPERATOR, f"/board/dossiers/{world.at['late']}")))
    assert "đã trễ 69 giờ 30 phút làm việc" in text


async def test_a_page_behind_the_last_shows_what_waits(world: World, pages: Browsers) -> None:
    lines = lines_of(await page(pages, "intake", COUNTER, "/counter?page=99"))
    assert lines[0].startswith("1 hồ sơ chờ bạn tiếp nhận")
    assert world.at["door"] in lines
    assert "Mọi hồ sơ đã được tiếp nhận" not in " ".join(lines)


async def test_a_draft_promises_no_date_that_is_over(world: World, pages: Browsers) -> None:
    text = "\n".join(lines_of(await page(pages, "routing", OPERATOR, f"/board/dossiers/{world.at['late']}")))
    assert "Ngày dự kiến hẹn lại thứ Hai 26/1, 17:00 đã qua: lãnh đạo ghi ngày khác." in text
    assert "Hẹn lại một lần" not in text
    assert "làm việc. Hồ sơ ở bước “xác minh”, do Hộ tịch P. Hoàn Kiếm giữ." in text


async def test_a_desk_says_that_the_citizens_time_is_over(world: World, pages: Browsers) -> None:
    text = await page(pages, "routing", officer("LRO.004"), "/desk")
    assert "hết hạn chờ người dân thứ Sáu 23/1, 17:00" in text
    assert "chờ người dân đến thứ Sáu 20/2, 17:00" in text
