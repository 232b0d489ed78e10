"""A judicial record, straight through: one filing, three tasks, four facts told by text and by letter."""

from __future__ import annotations

import re

from tests.e2e.town import COMPLETED, Slip, Town

LINK = re.compile(r"hcc\.example\.vn/t/[0-9A-Z]{8}")


def texts_of(slip: Slip) -> list[str]:
    """What the phone shows, word for word; `…` stands for the link."""
    return [
        f"Ho so {slip.code} da nop, dang doi kiem tra. Khi duoc tiep nhan se co tin bao ngay hen tra. "
        "Theo doi: …",
        f"Ho so {slip.code} duoc tiep nhan 09:00 ngay 06/03/2026. Hen tra 16/03/2026. "
        "Neu tre se xin loi va bao ngay moi. …",
        f"Ho so {slip.code} da co ket qua. Xem ket qua va cach nhan: …. Hoi Cong an TP Ha Noi, 19001009",
    ]


def subjects_of(slip: Slip) -> list[str]:
    """The letters' subjects: the procedure is private, so none names it."""
    return [
        f"Đã nhận hồ sơ {slip.code}: đang chờ kiểm tra",
        f"Hồ sơ {slip.code} đã được tiếp nhận, hẹn trả 16/03/2026",
        f"Đã có kết quả hồ sơ {slip.code}",
    ]


async def test_a_judicial_record_goes_straight_through(town: Town) -> None:
    slip = await town.files("judicial-record-1", place={}, facts={"for_use": "xin việc"})
    assert re.fullmatch(r"H26\.X-260306-\d{4}", slip.code)

    [intake] = await town.queued("city-police", slip, tasks=1)
    assert (intake.step, intake.office) == ("intake", "HPOL")

    town.replies("city-police", intake, COMPLETED)
    search = (await town.queued("city-police", slip, tasks=2))[-1]
    town.replies("city-police", search, COMPLETED)
    issue = (await town.queued("city-police", slip, tasks=3))[-1]
    assert [search.step, issue.step] == ["search", "issue"]
    assert (await town.sees(slip))["state_vi"] == "Đang xử lý"
    town.replies("city-police", issue, COMPLETED)

    page = await town.sees_state(slip, "completed")
    assert page["state_vi"] == "Đã xử lý xong"
    assert [step["state"] for step in page["steps"]] == ["done", "done", "done"]

    messages = await town.got(slip, messages=6)
    texts = [LINK.sub("…", one["text"]) for one in messages if one["channel"] == "sms"]
    assert sorted(texts) == sorted(texts_of(slip))
    assert sorted(one["subject"] for one in messages if one["channel"] == "email") == sorted(
        subjects_of(slip)
    )
