"""What the citizen reads once the one new date has passed too: that it has, who has it, whom to call."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.intake.usecases.context import IntakeContext
from services.intake.usecases.decide_dossiers import Decision, decide_dossiers
from services.intake.usecases.save_views import save_case_views
from services.intake.usecases.submission_request import SubmissionReceipt
from shared.db.transaction import transaction
from shared.events.apology import Apology, NewDatePassed
from shared.events.case import CitizenRequest
from tests.builders.case_updates import case_update, headlines
from tests.builders.counters import COUNTER
from tests.builders.intake import FRIDAY, MARRIAGE, body, file_dossiers, filing

pytestmark = pytest.mark.integration
BROKEN, FOR_YOU = "cũng đã qua mà hồ sơ chưa xong. Xin lỗi bạn.", "cũng đã qua trong lúc chờ bạn."
DAY = timedelta(days=1)


async def promised_anew(
    door: IntakeContext, *, whose: str | None, state: str = "in_process", **more: Any
) -> SubmissionReceipt:
    """Late for ten days; the new date was yesterday, or is tomorrow where nobody's time it was."""
    (one,) = await file_dossiers(door, filing(body(MARRIAGE)))
    await decide_dossiers(door, [Decision(one.code, COUNTER)])
    new_date = FRIDAY + DAY if whose is None else FRIDAY - DAY
    end = NewDatePassed(told_at=new_date, office_short="UBND P. Ba Đình", whose=whose) if whose else None
    letter = Apology(
        ref=uuid4(),
        office="WARD.00004",
        office_short="UBND P. Ba Đình",
        was_due_at=FRIDAY - 10 * DAY,
        late_minutes=90,
        drafted_at=FRIDAY - 9 * DAY,
        sign_by=FRIDAY - 9 * DAY,
        signed_at=FRIDAY - 9 * DAY,
        new_due_at=new_date,
        passed=end,
    )
    late = {"current_due_at": FRIDAY - 10 * DAY, "apology": letter} | more
    async with transaction(door.pool) as tx:
        await save_case_views(tx, headlines([case_update(one.dossier_id, 1, state, one.code, **late)]))
    return one


async def page(http: httpx.AsyncClient, one: SubmissionReceipt, lang: str = "vi") -> str:
    answer = await http.post(f"/track?lang={lang}", data={"code": one.code, "secret": one.secret})
    return answer.text


async def test_before_it_has_passed_only_the_date_is_shown(
    http: httpx.AsyncClient, door: IntakeContext
) -> None:
    shown = await page(http, await promised_anew(door, whose=None))
    assert "Hẹn lại một lần:" in shown
    assert "cũng đã qua" not in shown


async def test_passed_too_it_says_so_who_has_it_whom_we_told_and_whom_to_call(
    http: httpx.AsyncClient, door: IntakeContext
) -> None:
    shown = await page(http, await promised_anew(door, whose="office"))
    assert BROKEN in shown
    assert "Đã báo ngay lãnh đạo UBND P. Ba Đình và lãnh đạo thành phố" in shown
    assert "Nơi đang giữ hồ sơ: Công an TP Hà Nội." in shown
    assert "Hỏi hoặc khiếu nại: gọi" in shown


async def test_while_the_citizen_is_waited_for_nobody_is_blamed(
    http: httpx.AsyncClient, door: IntakeContext
) -> None:
    asked = CitizenRequest(
        kind="supplement",
        office="HPOL",
        asked_at=FRIDAY - 3 * DAY,
        answer_by=FRIDAY + DAY,
        nth=1,
        items=("A",),
    )
    owing = {"request": asked, "stage": "processing", "current_due_at": None}
    one = await promised_anew(door, whose="citizen", state="supplement_requested", **owing)
    shown = await page(http, one)
    assert f"{FOR_YOU} Bạn làm xong phần của mình" in shown
    assert BROKEN not in shown


async def test_a_machine_reads_the_same(http: httpx.AsyncClient, door: IntakeContext) -> None:
    one = await promised_anew(door, whose="office")
    said = (await http.post("/v1/tracking", json={"code": one.code, "secret": one.secret})).json()
    end = {"told_at": (FRIDAY - DAY).isoformat(), "office": "UBND P. Ba Đình", "whose": "office"}
    assert said["apology"]["passed"] == end


async def test_with_a_result_it_owns_up_to_both_dates(http: httpx.AsyncClient, door: IntakeContext) -> None:
    ended = {"outcome": "granted", "completed_at": FRIDAY}
    shown = await page(http, await promised_anew(door, whose="office", state="completed", **ended))
    assert "và cả ngày hẹn lại" in shown
    assert BROKEN not in shown
