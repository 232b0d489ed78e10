"""What a citizen reads first, for a dossier late at each stage: sorry, who has it, whom to call."""

import pytest

from services.notification.usecases.message_encryption import decrypt_message
from tests.builders.pages import Browsers, lines_of
from tests.builders.world import World

pytestmark = pytest.mark.integration
HOTLINE = "19001009"


async def page_of(world: World, pages: Browsers, stage: str) -> list[str]:
    return lines_of(await pages.follow(world.at[stage]))


LATE = {
    "door": ("PVHCC P. Hoàn Kiếm", "thứ Năm 15/1, 09:30"),
    "accepted_late": ("Hộ tịch P. Hoàn Kiếm", "thứ Sáu 23/1, 17:00"),
    "late": ("Hộ tịch P. Hoàn Kiếm", "thứ Ba 20/1, 17:00"),
    "late_at_silent": ("Công an TP Hà Nội", "thứ Hai 26/1, 17:00"),
    "redated": ("Hộ tịch P. Hoàn Kiếm", "thứ Ba 20/1, 17:00"),
    "new_date_passed": ("Hộ tịch P. Hoàn Kiếm", "thứ Ba 20/1, 17:00"),
    "child_late": ("VPĐKĐĐ Long Biên", "thứ Năm 22/1, 17:00"),
}


@pytest.mark.parametrize("stage", LATE)
async def test_a_late_dossiers_page_begins_with_sorry(world: World, pages: Browsers, stage: str) -> None:
    office, day = LATE[stage]
    lines = await page_of(world, pages, stage)
    assert lines[0].startswith("Xin lỗi bạn:"), lines[:4]
    assert day in lines[0]
    top = " ".join(lines[:3])
    assert office in top
    assert f"Hỏi hoặc khiếu nại: gọi {HOTLINE}." in top


async def test_nobody_is_told_to_expect_an_answer_by_a_day_that_is_over(
    world: World, pages: Browsers
) -> None:
    text = " ".join(await page_of(world, pages, "door"))
    assert "Nơi nhận trả lời bạn trước" not in text
    assert "Bạn không cần làm gì lúc này." not in text
    assert "▲ Mới đăng ký" in text


async def test_the_late_answer_is_told_once(world: World, pages: Browsers) -> None:
    notices = world.city.notification.pool
    rows = await notices.fetch(
        """SELECT n.facts ->> 'code' AS code FROM notices n WHERE n.template = 'answer_late'"""
    )
    codes = [row["code"] for row in rows]
    assert codes.count(world.at["door"]) == 1
    assert len(codes) == len(set(codes))
    text = " ".join(await page_of(world, pages, "door"))
    assert "thứ Năm 15/1, 16:30: xin lỗi vì quầy chậm trả lời" in text


async def test_after_acceptance_the_text_about_the_late_answer_is_called_back(world: World) -> None:
    states = await world.city.notification.pool.fetch(
        "SELECT state, reason FROM messages WHERE template = 'answer_late' AND code = $1",
        world.at["accepted_late"],
    )
    assert {tuple(row) for row in states} == {("suppressed", "no_longer_true")}


async def test_days_lost_at_the_door_are_named_as_the_counters(world: World, pages: Browsers) -> None:
    text = " ".join(await page_of(world, pages, "accepted_late"))
    assert (
        "PVHCC P. Hoàn Kiếm lẽ ra phải trả lời trước thứ Năm 15/1, 09:30, đến thứ Ba 20/1, 09:00 mới xem "
        "hồ sơ. Những ngày đó mất ở quầy, không phải do bạn." in text
    )
    assert "mất ở quầy" not in " ".join(await page_of(world, pages, "granted"))


async def test_what_was_asked_after_the_date_says_that_the_clock_no_longer_waits(
    world: World, pages: Browsers
) -> None:
    text = " ".join(await page_of(world, pages, "late_then_asked"))
    assert "Hồ sơ đã quá ngày hẹn thứ Ba 27/1, 17:00 từ trước; xin lỗi bạn." in text
    assert "thời hạn giải quyết tạm dừng" not in text
    assert "thời hạn giải quyết tạm dừng" in " ".join(await page_of(world, pages, "papers_owed"))


async def test_a_citizens_own_time_that_is_over_is_not_still_to_come(world: World, pages: Browsers) -> None:
    text = " ".join(await page_of(world, pages, "papers_unanswered"))
    assert "Hạn thứ Sáu 23/1, 17:00 đã qua." in text
    assert "Trước thứ Sáu 23/1" not in text


async def test_a_late_child_is_late_on_its_own_line(world: World, pages: Browsers) -> None:
    text = " ".join(await page_of(world, pages, "child_late"))
    assert "đã quá hẹn thứ Năm 22/1" in text


async def test_who_is_in_time_is_not_apologised_to(world: World, pages: Browsers) -> None:
    for stage in ("late_step", "papers_owed", "citizen_pays", "granted", "returned", "appointment_missed"):
        text = " ".join((await page_of(world, pages, stage))[:3])
        assert "Xin lỗi" not in text, stage


async def test_a_denial_says_why_on_page_and_letter(world: World, pages: Browsers) -> None:
    why = "Sổ hộ tịch ghi ông/bà đang có đăng ký kết hôn chưa chấm dứt."
    text = " ".join(await page_of(world, pages, "denied"))
    assert f"Lý do (UBND P. Hoàn Kiếm): {why}" in text
    assert "Văn bản trả lời" not in text
    letter = await letter_of(world, "denied", "completed")
    assert "không giải quyết như bạn đề nghị" in letter
    assert f"Lý do: {why}" in letter


async def test_a_refusal_says_why_on_page_and_letter(world: World, pages: Browsers) -> None:
    text = " ".join(await page_of(world, pages, "refused"))
    assert "Hồ sơ này nộp ở phường nơi ông/bà thường trú." in text
    assert "Căn cứ: NĐ 118/2025/NĐ-CP, tiếp nhận hồ sơ" in text
    letter = await letter_of(world, "refused", "refused")
    assert "Lý do: Việc này không thuộc nơi nhận" in letter


async def letter_of(world: World, stage: str, template: str) -> str:
    """The letter about this, as it would be sent."""
    notification = world.city.notification
    row = await notification.pool.fetchrow(
        """SELECT id, subject_ref, sealed FROM messages
            WHERE code = $1 AND template = $2 AND channel = 'email'""",
        world.at[stage],
        template,
    )
    assert row is not None
    keys = await notification.keyring.find_keys([row["subject_ref"]])
    return decrypt_message(keys[row["subject_ref"]], row["id"], row["sealed"]).text
