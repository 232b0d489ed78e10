"""The desk in a browser without scripts: by due time, take, finish, give back, send on."""

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import httpx
import pytest

from services.routing.domain.case.case import Case
from services.routing.domain.case.task import TaskAct
from services.routing.domain.clock.new_date import passed_new_date
from services.routing.usecases.act_on_tasks import DeskAct, act_on_tasks
from shared.clock import CITY_TZ
from shared.db.transaction import transaction
from shared.web.auth.sessions import Officer, open_session
from tests.builders.routing import (
    MONDAY,
    accepted_event,
    submitted_case,
    submitted_event,
    task_of,
)
from tests.builders.routing_batches import accepted, city_rules
from tests.builders.wire import until
from tests.integration.routing.conftest import World

pytestmark = pytest.mark.integration
WARD = Officer("ubnd.hoankiem", "Hoàng Ví Dụ Khánh", "specialist", "WARD.00070")
HEAD = Officer("truongphong", "Trịnh Ví Dụ Hải", "leader", "WARD-EIU.00070")
DUE = datetime(2026, 3, 16, 17, tzinfo=CITY_TZ)
PASSED_TOO = "ngày hẹn lại cũng đã qua"
OPERATOR = Officer("dieuhanh", "Dương Ví Dụ Bình", "operator", "PASC")


@pytest.fixture
async def browser(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of its own, in front of the same service."""
    transport = world.http._transport
    async with httpx.AsyncClient(
        transport=transport, base_url="http://routing", headers={"accept": "text/html"}
    ) as made:
        yield made


async def log_in(world: World, browser: httpx.AsyncClient, officer: Officer) -> None:
    browser.cookies.set("motcua_routing", await open_session(world.routing, officer))


async def press(browser: httpx.AsyncClient, page: str, path: str, **fields: str) -> httpx.Response:
    token = re.search(r'name="csrf" value="(\w+)"', page)
    assert token, page
    return await browser.post(path, data={"csrf": token.group(1), **fields})


async def declined(world: World, case: Case) -> Case:
    task = task_of(case, "check")
    officer = Officer("a", "b", "specialist", task.office).actor
    async with transaction(world.routing) as tx:
        act = DeskAct(task.id, TaskAct.DECLINE, task.office, officer, reason="không thuộc địa bàn")
        await act_on_tasks(tx, [act], await city_rules(tx))
    found = await world.case(case)
    assert found is not None
    return found


async def test_a_stranger_is_sent_to_log_in(world: World, browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/desk")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=%2Fdesk")


async def test_an_empty_desk_says_so(world: World, browser: httpx.AsyncClient) -> None:
    await log_in(world, browser, WARD)
    page = (await browser.get("/desk")).text
    assert "Bàn làm việc đang trống." in page
    assert "Your desk is empty." in (await browser.get("/desk?lang=en")).text


async def test_an_office_takes_and_finishes_its_task(world: World, browser: httpx.AsyncClient) -> None:
    (case,) = await accepted(world.routing, [submitted_case("disability-certificate")])
    await log_in(world, browser, WARD)
    page = (await browser.get("/desk")).text
    assert "Việc tiếp theo của bạn: còn" in page
    assert case.code in page
    where = f"/desk/tasks/{task_of(case, 'convene').id}"
    assert (await press(browser, page, f"{where}/start")).status_code == 303
    after = await press(browser, page, f"{where}/complete")
    assert after.headers["location"] == f"/desk?done={case.code}"
    found = await world.case(case)
    assert found is not None
    assert task_of(found, "convene").state.value == "done"


async def test_a_task_that_was_sent_on_is_said_to_be_elsewhere(
    world: World, browser: httpx.AsyncClient
) -> None:
    (case,) = await accepted(world.routing, [submitted_case("disability-certificate")])
    await log_in(world, browser, Officer("ai", "Ai Ví Dụ", "specialist", "WARD-DIS.00070"))
    page = await browser.get(f"/desk/tasks/{task_of(case, 'convene').id}")
    assert (page.status_code, "không có trên bàn của bạn" in page.text) == (404, True)


async def test_the_bare_address_leads_to_the_front_page(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "http://127.0.0.1:8001/")


async def test_the_address_of_a_form_leads_back_to_its_task(world: World, browser: httpx.AsyncClient) -> None:
    (case,) = await accepted(world.routing, [submitted_case("disability-certificate")])
    await log_in(world, browser, WARD)
    where = f"/desk/tasks/{task_of(case, 'convene').id}"
    for form in ("decline", "ask/ask-supplement"):
        again = await browser.get(f"{where}/{form}?lang=en")
        assert (again.status_code, again.headers["location"]) == (303, f"{where}?lang=en")


async def test_the_desk_says_that_a_citizen_is_waited_for(world: World, browser: httpx.AsyncClient) -> None:
    (case,) = await accepted(world.routing, [submitted_case("disability-certificate")])
    await log_in(world, browser, WARD)
    where = f"/desk/tasks/{task_of(case, 'convene').id}"
    page = (await browser.get(where)).text
    asked = await press(browser, page, f"{where}/ask/ask-supplement", items="Ảnh mờ", answer_by="2026-03-20")
    assert asked.status_code == 303
    assert "chờ người dân đến thứ Sáu 20/3" in (await browser.get("/desk")).text
    assert "Đồng hồ đang dừng" in (await browser.get(where)).text


async def test_what_the_office_found_out_opens_the_step_it_calls_for(
    world: World, browser: httpx.AsyncClient
) -> None:
    (case,) = await accepted(world.routing, [submitted_case("disability-certificate")])
    await log_in(world, browser, WARD)
    await press(
        browser, (await browser.get("/desk")).text, f"/desk/tasks/{task_of(case, 'convene').id}/complete"
    )
    await log_in(world, browser, Officer("hoidong", "Hội Ví Dụ", "specialist", "WARD-DIS.00070"))
    where = f"/desk/tasks/{task_of(case, 'assess').id}"
    page = (await browser.get(where)).text
    assert "Hội đồng phường không kết luận được" in page
    await press(browser, page, f"{where}/ask/propose-appointment", meet_at="2026-03-06T10:00")
    await press(browser, page, f"{where}/ask/record-arrival")
    await press(browser, page, f"{where}/complete", found="council_cannot_conclude")
    found = await world.case(case)
    assert found is not None
    assert [task.step for task in found.step_tasks][1:] == ["intake", "convene", "assess", "refer", "publish"]
    assert (task_of(found, "refer").pauses, found.current_due_at) == (True, None)
    assert set(task_of(found, "publish").after) == {"assess", "refer"}


async def test_the_last_step_asks_for_the_outcome(world: World, browser: httpx.AsyncClient) -> None:
    (case,) = await accepted(world.routing, [submitted_case("disability-certificate")])
    await log_in(world, browser, WARD)
    task = task_of(case, "publish")
    assert "Kết quả" not in (await browser.get(f"/desk/tasks/{task_of(case, 'convene').id}")).text
    early = (await browser.get(f"/desk/tasks/{task.id}")).text
    assert "Bạn không cần làm gì với việc này." in early


async def test_giving_back_needs_a_reason_and_keeps_what_was_typed(
    world: World, browser: httpx.AsyncClient
) -> None:
    (case,) = await accepted(world.routing, [submitted_case("disability-certificate")])
    await log_in(world, browser, WARD)
    where = f"/desk/tasks/{task_of(case, 'convene').id}"
    page = (await browser.get(where)).text
    again = await press(browser, page, f"{where}/decline", reason=" ")
    assert again.status_code == 422
    assert "Ghi lý do" in again.text
    assert (await press(browser, page, f"{where}/decline", reason="nhầm phường")).status_code == 303
    assert case.code not in (await browser.get("/desk")).text


async def test_an_operator_sends_on_what_was_given_back(world: World, browser: httpx.AsyncClient) -> None:
    (case,) = await accepted(world.routing, [submitted_case()])
    case = await declined(world, case)
    await log_in(world, browser, OPERATOR)
    desk = (await browser.get("/desk")).text
    assert "1 việc bị trả lại đang chờ chuyển đi" in desk
    assert "không thuộc địa bàn" in desk
    where = f"/desk/tasks/{task_of(case, 'check').id}"
    page = (await browser.get(where)).text
    wrong = await press(browser, page, f"{where}/reroute", other="KHONG-CO", reason="thử")
    assert "Hôm nay không có cơ quan KHONG-CO." in wrong.text
    assert "KHONG-CO" in wrong.text
    sent = await press(browser, page, f"{where}/reroute", office="WARD.00070", reason="đúng nơi")
    assert sent.status_code == 303
    assert "Không có việc nào bị trả lại." in (await browser.get("/desk")).text


async def test_an_operator_has_no_button_to_decide(world: World, browser: httpx.AsyncClient) -> None:
    (case,) = await accepted(world.routing, [submitted_case("disability-certificate")])
    await log_in(world, browser, OPERATOR)
    where = f"/desk/tasks/{task_of(case, 'convene').id}"
    page = (await browser.get(where)).text
    assert "/complete" not in page
    tried = await press(browser, page, f"{where}/complete")
    assert "không giải quyết hồ sơ thay cơ quan" in tried.text


async def test_five_hundred_rows_are_one_page(world: World, browser: httpx.AsyncClient) -> None:
    await accepted(world.routing, [submitted_case("disability-certificate") for _ in range(501)])
    await log_in(world, browser, WARD)
    page = (await browser.get("/desk")).text
    assert page.count("<tr>") == 501
    assert "501 việc trên bàn" in page
    assert "Chỉ hiện 500 việc gấp nhất." in page


async def test_a_dossiers_life_is_shown_to_its_offices_only(world: World, browser: httpx.AsyncClient) -> None:
    case = submitted_case("disability-certificate")
    await world.intake_says([submitted_event(case), accepted_event(case)])
    await world.until_state(case, "in_process")
    await log_in(world, browser, WARD)
    page = (await browser.get(f"/dossiers/{case.code}")).text
    assert "Dòng đời" in page
    assert "<svg" in page
    await log_in(world, browser, Officer("x", "y", "specialist", "WARD.00004"))
    assert (await browser.get(f"/dossiers/{case.code}")).status_code == 404


async def test_an_overdue_dossier_says_since_when_and_who_was_told(
    world: World, browser: httpx.AsyncClient
) -> None:
    case = submitted_case("disability-certificate")
    await world.intake_says([submitted_event(case)])
    await world.until_state(case, "submitted")
    await world.database.set_clock(MONDAY + timedelta(days=1))

    async def all_told() -> bool:
        found = await world.case(case)
        return found is not None and len(found.alarms) == 4

    await until(all_told)
    await log_in(world, browser, OPERATOR)
    page = (await browser.get(f"/dossiers/{case.code}")).text
    assert "Đã báo lãnh đạo thành phố" in page
    assert "báo lên cấp trên" in page
    listed = (await browser.get("/board/open/late")).text
    assert "đã báo lãnh đạo thành phố" in listed
    life = (await world.get("operator", f"/v1/cases/{case.code}")).json()
    assert life["overdue"]["to"] == "city"
    assert [one["level"] for one in life["deadlines"]] == ["two_hours", "breach", "head", "city"]


async def a_late_one(world: World) -> Case:
    case = submitted_case("building-permit-house")
    await world.intake_says([submitted_event(case), accepted_event(case)])
    await world.until_state(case, "in_process")
    await world.database.set_clock(DUE + timedelta(seconds=1))

    async def drafted() -> bool:
        found = await world.case(case)
        return found is not None and found.apology is not None

    await until(drafted)
    found = await world.case(case)
    assert found is not None
    return found


async def test_the_head_reads_the_letter_and_signs_it_at_the_desk(
    world: World, browser: httpx.AsyncClient
) -> None:
    case = await a_late_one(world)
    where = f"/desk/tasks/{task_of(case, 'letter').id}"
    await log_in(world, browser, HEAD)
    assert "Ký thư…" in (await browser.get("/desk")).text
    page = (await browser.get(where)).text
    assert "Phiếu xin lỗi và hẹn lại ngày trả kết quả (mẫu 04)" in page
    past = await press(browser, page, f"{where}/ask/sign", new_day="2026-03-09")
    assert past.status_code == 422
    assert "Ngày hẹn mới phải ở phía trước" in past.text
    assert (await press(browser, page, f"{where}/ask/sign", new_day="2026-03-20")).status_code == 303
    found = await world.case(case)
    assert found is not None
    assert found.apology is not None
    assert found.apology.new_due_at == datetime(2026, 3, 20, 17, tzinfo=CITY_TZ)
    life = (await browser.get(f"/dossiers/{case.code}")).text
    assert f": {HEAD.name}." in life[life.index("đã ký và gửi") :]
    assert "ký thư xin lỗi, hẹn lại" in life


async def test_nobody_but_the_head_has_the_button_and_the_operator_sees_the_letter(
    world: World, browser: httpx.AsyncClient
) -> None:
    case = await a_late_one(world)
    where = f"/desk/tasks/{task_of(case, 'letter').id}"
    for officer in (Officer("x", "y", "specialist", HEAD.office), OPERATOR):
        await log_in(world, browser, officer)
        page = (await browser.get(where)).text
        assert "Chỉ lãnh đạo cơ quan ký thư này." in page
        assert f"{where}/ask/sign" not in page
    assert "thư xin lỗi chờ ký" in (await browser.get("/board")).text
    assert case.code in (await browser.get("/board/open/letters")).text


async def test_a_new_date_that_has_passed_too_is_seen_wherever_the_dossier_is(
    world: World, browser: httpx.AsyncClient
) -> None:
    case = await a_late_one(world)
    where = f"/desk/tasks/{task_of(case, 'letter').id}"
    await log_in(world, browser, HEAD)
    await press(browser, (await browser.get(where)).text, f"{where}/ask/sign", new_day="2026-03-20")
    promised = (await browser.get("/desk")).text
    assert "Đã hẹn lại" in promised
    assert PASSED_TOO not in promised
    await world.database.set_clock(DUE + timedelta(days=4, seconds=1))

    async def is_announced() -> bool:
        found = await world.case(case)
        return found is not None and passed_new_date(found) is not None

    await until(is_announced)
    pages = ("/desk", f"/desk/tasks/{task_of(case, 'appraise').id}", f"/dossiers/{case.code}")
    shown = [(await browser.get(path)).text for path in pages]
    assert [PASSED_TOO in page for page in shown] == [True] * 3
    assert "Đã báo ngay lãnh đạo" in shown[1]
    await log_in(world, browser, OPERATOR)
    assert "quá cả ngày hẹn lại" in (await browser.get("/board")).text
    listed = (await browser.get("/board/open/new_dates?lang=en")).text
    assert (case.code in listed, "the new date has passed too" in listed) == (True, True)
    life = (await world.get("operator", f"/v1/cases/{case.code}")).json()
    assert life["apology"]["passed"]["whose"] == "office"
    ends = [(one["level"], one["to"]) for one in life["deadlines"] if one["scope"] == "new_date"]
    assert ends[-2:] == [("breach", "head"), ("city", "city")]
