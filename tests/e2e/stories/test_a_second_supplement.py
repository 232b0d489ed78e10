"""Papers are asked for twice: first the clock waits; the second time counts as late, and says so before."""

from __future__ import annotations

from datetime import datetime

from tests.e2e.stories.days import Days
from tests.e2e.town import Slip

BA_DINH = "00004"
THURSDAY = datetime.fromisoformat("2026-02-12T09:00:00+07:00")
FRIDAY = datetime.fromisoformat("2026-02-13T14:00:00+07:00")
AFTER_TET = datetime.fromisoformat("2026-02-23T09:00:00+07:00")
TUESDAY = datetime.fromisoformat("2026-02-24T09:00:00+07:00")
ONE_REQUEST = {
    "items": ["Giấy chứng nhận bản gốc", "Hợp đồng thiếu chữ ký của bên bán"],
    "answer_by": "2026-02-27T17:00:00+07:00",
}


async def a_land_transfer(days: Days) -> Slip:
    """Accepted at the counter on the Thursday before Tết."""
    slip = await days.town.files(
        "land-transfer",
        place={"chosen": BA_DINH, "parcel": BA_DINH},
        facts={"parcel_no": "17", "map_sheet": "4"},
        papers=[{"type": name, "file": f"{name}.pdf", "bytes": 71680} for name in ("MAU18", "GCN", "HDCN")],
        delivery="counter",
    )
    said = await days.town.at_counter(slip, "accept")
    assert said["promised_due_at"] == "2026-03-03T17:00:00+07:00"
    return slip


async def test_the_first_request_stops_the_clock_and_the_second_counts_as_late(days: Days) -> None:
    await days.begin(THURSDAY)
    slip = await a_land_transfer(days)
    [check] = await days.town.on_desk("land-registry", slip)
    await days.town.got(slip, messages=4)

    await days.become(FRIDAY)
    asked = await days.asks("land-registry", check, "ask-supplement", **ONE_REQUEST)
    assert asked.status_code == 200, asked.text
    page = await days.town.sees_state(slip, "supplement_requested")
    assert page["owed"]["items"] == ONE_REQUEST["items"]
    assert page["due_at"] is None
    texts = [one["text"] for one in await days.town.got(slip, messages=6) if one["channel"] == "sms"]
    assert "can bo sung 2 giay to truoc 27/02/2026" in texts[-1]
    await days.citizens_picture("story-supplement-asked", slip)

    await days.become(AFTER_TET)
    brought = await days.counter(slip, "supplement", items=["GCN", "HDCN"])
    assert brought.status_code == 202, brought.text
    page = await days.town.sees_state(slip, "in_process")
    assert page["due_at"] == "2026-03-04T17:00:00+07:00"
    assert sum(line["counts"] for line in page["explanation"]) == 8

    await days.become(TUESDAY)
    [check] = await days.town.on_desk("land-registry", slip)
    refused = await days.asks("land-registry", check, "ask-supplement", **ONE_REQUEST)
    assert (refused.status_code, refused.json()["code"]) == (422, "second_supplement_counts_as_late")
    assert "makes the dossier count as late" in refused.json()["detail"]
    granted = await days.asks(
        "land-registry",
        check,
        "ask-supplement",
        **ONE_REQUEST,
        basis="Luật Đất đai 2024, điều 28",
        approved_by="Trưởng chi nhánh",
    )
    assert granted.status_code == 200, granted.text
    page = await days.town.sees_state(slip, "supplement_requested")
    life = await days.town.life(slip)
    assert (life["second_supplement"], life["promised_due_at"]) == (True, "2026-03-03T17:00:00+07:00")
    await days.officers_picture("story-second-supplement", "dieuhanh", f"/board/dossiers/{slip.code}")
