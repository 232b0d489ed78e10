"""The pages of the door without scripts: a form that keeps what was typed, a slip, tracking, a counter."""

import re

import httpx
import pytest

from services.intake.usecases.context import IntakeContext
from services.intake.usecases.save_views import save_case_views
from shared.db.transaction import transaction
from shared.web.auth.sessions import Officer, open_session
from tests.builders.case_updates import (
    case_update,
    declined,
    ended_apart,
    expecting_the_citizen,
    headlines,
    outside_the_limit,
    owing,
    waiting_for_an_office,
    with_a_child,
)
from tests.builders.intake import ALPHA, FRIDAY, HOME_PAPERS, body, file_dossiers, filing

pytestmark = pytest.mark.integration

FORM = {
    "channel": "online",
    "applicant.name": "Ngô Ví Dụ Việt",
    "applicant.id_number": "099058770566",
    "applicant.born": "1958-03-01",
    "contact.phone": "0900 000 042",
    "filed_by": "self",
    "papers.0.have": "true",
    "delivery": "counter",
    "facts.resident_here": "false",
    "place.chosen": "00004",
}


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', html)
    assert found, name
    return found.group(1)


def shown(html: str, id: str) -> str:
    found = re.search(rf'id="{id}">([^<]+)<', html)
    assert found, id
    return found.group(1)


async def fill_in(http: httpx.AsyncClient, **changes: str) -> httpx.Response:
    page = await http.get("/file/marriage")
    tokens = {name: hidden(page.text, name) for name in ("csrf", "key")}
    return await http.post("/file/marriage", data=tokens | FORM | changes)


async def file(http: httpx.AsyncClient) -> tuple[str, str]:
    """A dossier filed on the page: its code and secret, read off the slip."""
    answer = await fill_in(http)
    assert (answer.status_code, answer.headers["location"]) == (303, "/slip")
    slip = (await http.get("/slip")).text
    return shown(slip, "code"), shown(slip, "secret")


async def log_in(http: httpx.AsyncClient, door: IntakeContext, office: str = "PASC-SP.00004") -> None:
    officer = Officer("canbo.vidu", "Cán bộ Ví Dụ", "counter", office)
    http.cookies.set("motcua_intake", await open_session(door.pool, officer))


@pytest.mark.parametrize("lang", ["vi", "en"])
async def test_every_page_a_stranger_may_open_opens(http: httpx.AsyncClient, lang: str) -> None:
    places = ["/", "/procedures", "/track", "/t/7K2M9QXA", "/docs"]
    for procedure in (await http.get("/v1/procedures")).json():
        places += [f"/procedures/{procedure['id']}", f"/file/{procedure['id']}"]
    for place in places:
        page = await http.get(place, params={"lang": lang})
        assert page.status_code == 200, place
        assert f'<html lang="{lang}"' in page.text


async def test_the_form_keeps_what_was_typed_and_says_all_that_is_wrong_by_its_name(
    http: httpx.AsyncClient,
) -> None:
    page = await fill_in(http, **{"contact.phone": "0912", "place.chosen": "00478", "applicant.name": ""})
    assert page.status_code == 422
    assert 'value="099058770566"' in page.text
    assert "Họ và tên: Bạn chưa điền mục này." in page.text
    assert "Xã Đông Anh (nhiều khả năng)" in page.text
    assert '<option value="00454" selected' not in page.text  # a proposal, never a decision


async def test_the_slip_prints_code_secret_and_a_picture_without_the_secret(http: httpx.AsyncClient) -> None:
    code, secret = await file(http)
    slip = (await http.get("/slip")).text
    assert code == "H26.103.26.1-260306-0001"
    assert re.fullmatch(r"[2-9A-Z]{4} [2-9A-Z]{4} [2-9A-Z]{3}", secret)
    assert "<svg" in slip
    assert "thứ Hai 9/3, 09:30" in slip


async def test_sending_the_form_twice_is_one_dossier_and_another_body_asks_first(
    http: httpx.AsyncClient, door: IntakeContext
) -> None:
    page = await http.get("/file/marriage")
    tokens = {name: hidden(page.text, name) for name in ("csrf", "key")}
    for _ in range(2):
        assert (await http.post("/file/marriage", data=tokens | FORM)).status_code == 303
    again = await http.post("/file/marriage", data=tokens | FORM | {"applicant.name": "Lê Ví Dụ Mai"})
    assert again.status_code == 422
    assert hidden(again.text, "key") != tokens["key"]
    assert await door.pool.fetchval("SELECT count(*) FROM dossiers") == 1


async def test_the_first_line_says_where_it_is_and_the_language_switch_keeps_the_page(
    http: httpx.AsyncClient,
) -> None:
    code, secret = await file(http)
    page = await http.post("/track", data={"code": code, "secret": secret})
    assert "Hồ sơ của bạn đang chờ PVHCC P. Ba Đình kiểm tra." in page.text
    english = await http.get("/track?lang=en")
    assert "Your dossier is waiting at PVHCC P. Ba Đình to be checked." in english.text
    closed = await http.post("/track/close", follow_redirects=True)
    assert code not in closed.text


async def test_a_texts_link_asks_for_the_secret_and_looks_the_same_for_any_reference(
    http: httpx.AsyncClient, door: IntakeContext
) -> None:
    _, secret = await file(http)
    ref = await door.pool.fetchval("SELECT link_ref FROM dossiers")
    real, made_up = await http.get(f"/t/{ref}"), await http.get("/t/22222222")
    assert real.text.replace(ref, "22222222") == made_up.text
    assert "Giấy tờ" in (await http.post("/track", data={"ref": ref, "secret": secret})).text
    assert (await http.post("/track", data={"ref": ref, "secret": "22222 22222"})).status_code == 404


async def test_a_procedure_without_a_limit_says_so(http: httpx.AsyncClient, door: IntakeContext) -> None:
    homes = body(
        procedure="social-housing-purchase",
        channel="investor",
        place={"project": "binh-minh", "residence": "00103"},
        delivery="investor",
        facts={},
        papers=HOME_PAPERS,
    )
    (one,) = await file_dossiers(door, filing(homes, actor=ALPHA))
    page = await http.post("/track", data={"code": one.code, "secret": one.secret})
    assert "Chưa hẹn ngày" in page.text


async def test_the_page_says_what_to_bring_and_that_the_clock_waits(
    http: httpx.AsyncClient, door: IntakeContext
) -> None:
    (one,) = await file_dossiers(door, filing())
    async with transaction(door.pool) as tx:
        await save_case_views(tx, headlines([owing(one.dossier_id, "Tờ khai chưa ký <tên>")]))
    page = (await http.post("/track", data={"code": one.code, "secret": one.secret})).text
    assert "Việc bạn cần làm" in page
    assert "Tờ khai chưa ký &lt;tên&gt;" in page
    assert "Bạn không cần làm gì" not in page
    assert "Hẹn trả" not in page


async def test_what_is_the_persons_own_to_do_stands_first_and_with_its_day(
    http: httpx.AsyncClient, door: IntakeContext
) -> None:
    (one,) = await file_dossiers(door, filing())
    async with transaction(door.pool) as tx:
        await save_case_views(tx, headlines([outside_the_limit(one.dossier_id, "citizen")]))
    page = (await http.post("/track", data={"code": one.code, "secret": one.secret})).text
    assert "Việc bạn cần làm: nộp thuế." in page
    assert "Bạn không cần làm gì" not in page


async def test_who_is_expected_reads_when_and_where_and_that_staying_away_ends_nothing(
    http: httpx.AsyncClient, door: IntakeContext
) -> None:
    (one,) = await file_dossiers(door, filing())
    async with transaction(door.pool) as tx:
        await save_case_views(tx, headlines([expecting_the_citizen(one.dossier_id)]))
    page = (await http.post("/track", data={"code": one.code, "secret": one.secret})).text
    assert "Mời bạn đến lúc" in page
    assert "Hộ tịch P. Hoàn Kiếm: đăng ký." in page
    assert "Bạn không cần làm gì" not in page
    assert "Please come at" in (await http.get("/track?lang=en")).text
    answer = (await http.post("/v1/tracking", json={"code": one.code, "secret": one.secret})).json()
    (appointment,) = [step["appointment"] for step in answer["steps"] if step["appointment"]]
    assert appointment == {"at": "2026-03-06T10:00:00+07:00", "came_at": None, "missed_at": None}
    missed = expecting_the_citizen(one.dossier_id, 2, missed=1, missed_at=FRIDAY)
    async with transaction(door.pool) as tx:
        await save_case_views(tx, headlines([missed]))
    page = (await http.get("/track?lang=vi")).text
    assert "Cơ quan sẽ hẹn giờ khác; hồ sơ không tự kết thúc." in page


async def test_a_clock_that_stands_for_an_office_says_so_and_when_that_step_is_due(
    http: httpx.AsyncClient, door: IntakeContext
) -> None:
    (one,) = await file_dossiers(door, filing())
    async with transaction(door.pool) as tx:
        await save_case_views(tx, headlines([outside_the_limit(one.dossier_id, None)]))
    page = (await http.post("/track", data={"code": one.code, "secret": one.secret})).text
    assert "Thời hạn đang tạm dừng: bước “nộp thuế”" in page
    assert "Bạn không cần làm gì" in page
    assert "Chưa hẹn ngày" not in page


async def test_a_step_that_another_dossier_does_shows_who_has_it_until_when_and_how_it_stands(
    http: httpx.AsyncClient, door: IntakeContext
) -> None:
    (one,) = await file_dossiers(door, filing())
    async with transaction(door.pool) as tx:
        await save_case_views(tx, headlines([with_a_child(one.dossier_id)]))
    page = (await http.post("/track", data={"code": one.code, "secret": one.secret})).text
    assert "Hồ sơ của bạn đang ở" in page
    assert "VPĐKĐĐ Hoàng Mai: đang xử lý, hẹn" in page


async def test_what_was_granted_is_not_hidden_behind_what_was_denied(
    http: httpx.AsyncClient, door: IntakeContext
) -> None:
    (one,) = await file_dossiers(door, filing())
    of_a_widow = "UPDATE dossiers SET procedure = 'death-interlinked', version = 2 WHERE code = $1"
    await door.pool.execute(of_a_widow, one.code)
    async with transaction(door.pool) as tx:
        await save_case_views(tx, headlines([ended_apart(one.dossier_id)]))
    page = (await http.post("/track", data={"code": one.code, "secret": one.secret})).text
    assert "Khai tử (BHXH Hà Nội): <strong>đã giải quyết</strong>" in page
    assert "Tử tuất (BHXH Hà Nội): <strong>không giải quyết như bạn đề nghị</strong>" in page
    assert "Cơ quan trả lời: không giải quyết như bạn đề nghị." not in page
    assert "Each part has a result of its own" in (await http.get("/track?lang=en")).text


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("granted", "Phiếu lý lịch tư pháp số 1."),
        ("denied", "Cơ quan trả lời: không giải quyết như bạn đề nghị."),
        ("Denied", "Kết quả cụ thể: xin hỏi Công an TP Hà Nội."),
        ("từ chối", "Kết quả cụ thể: xin hỏi Công an TP Hà Nội."),
        ("done", "Kết quả cụ thể: xin hỏi Công an TP Hà Nội."),
    ],
)
async def test_a_result_is_told_as_good_only_when_it_is(
    http: httpx.AsyncClient, door: IntakeContext, outcome: str, words: str
) -> None:
    (one,) = await file_dossiers(door, filing())
    update = case_update(one.dossier_id, 1, "completed", one.code, completed_at=FRIDAY, outcome=outcome)
    async with transaction(door.pool) as tx:
        await save_case_views(tx, headlines([update]))
    page = (await http.post("/track", data={"code": one.code, "secret": one.secret})).text
    leads = [" ".join(lead.split()) for lead in re.findall(r'<p class="lead">(.*?)</p>', page, re.DOTALL)]
    assert leads[0].startswith(words)


@pytest.mark.parametrize(
    ("said", "why", "may_complain"),
    [
        ("Thửa đất đang tranh chấp.", "Thửa đất đang tranh chấp.", True),
        ("no_answer", "giấy tờ cần bổ sung chưa có trong thời hạn.", True),
        ("withdrawn", "bạn đã xin rút hồ sơ.", False),
    ],
)
async def test_a_stopped_dossier_says_why_and_what_one_may_do(
    http: httpx.AsyncClient, door: IntakeContext, said: str, why: str, may_complain: bool
) -> None:
    (one,) = await file_dossiers(door, filing())
    async with transaction(door.pool) as tx:
        await save_case_views(
            tx, headlines([case_update(one.dossier_id, 1, "stopped", one.code, stopped_reason=said)])
        )
    page = (await http.post("/track", data={"code": one.code, "secret": one.secret})).text
    assert f"Lý do: {why}" in page
    assert "Nộp lại, không phải khai lại từ đầu" in page
    assert ("bạn có quyền khiếu nại" in page) is may_complain
    assert "chưa đến" not in page
    switched = await http.get("/file/judicial-record-1/again?lang=en")
    assert (switched.status_code, switched.headers["location"]) == (303, "/file/judicial-record-1?lang=en")


async def test_reasons_that_a_text_sends_to_the_page_for_outlast_the_next_update(
    http: httpx.AsyncClient, door: IntakeContext
) -> None:
    (one,) = await file_dossiers(door, filing())
    no = declined(case_update(one.dossier_id, 2, "in_process", one.code), "Hồ sơ đã có kết quả.")
    for batch in (
        [case_update(one.dossier_id, 1, "in_process", one.code, extension_reason="phải đo lại thửa đất"), no],
        [case_update(one.dossier_id, 3, "in_process", one.code)],
    ):
        async with transaction(door.pool) as tx:
            await save_case_views(tx, headlines(batch))
    page = (await http.post("/track", data={"code": one.code, "secret": one.secret})).text
    assert "Hồ sơ đã được gia hạn một lần. Lý do: phải đo lại thửa đất" in page
    assert "hồ sơ vẫn như cũ. Lý do: Hồ sơ đã có kết quả." in page


async def test_what_was_handed_over_is_not_to_be_collected(
    http: httpx.AsyncClient, door: IntakeContext
) -> None:
    (one,) = await file_dossiers(door, filing())
    for seq, state, to_collect in ((1, "completed", True), (2, "returned", False)):
        async with transaction(door.pool) as tx:
            await save_case_views(
                tx, headlines([case_update(one.dossier_id, seq, state, one.code, outcome="granted")])
            )
        page = (await http.post("/track", data={"code": one.code, "secret": one.secret})).text
        assert ("Bạn đã chọn cách nhận: bản điện tử." in page) is to_collect


async def test_where_no_office_can_be_named_the_page_says_who_looks_for_it_and_that_the_date_stands(
    http: httpx.AsyncClient, door: IntakeContext
) -> None:
    (one,) = await file_dossiers(door, filing())
    async with transaction(door.pool) as tx:
        await save_case_views(tx, headlines([waiting_for_an_office(one.dossier_id)]))
    page = (await http.post("/track", data={"code": one.code, "secret": one.secret})).text
    assert "Trung tâm Phục vụ hành chính công đang xác định nơi làm" in page
    assert "Ngày hẹn vẫn giữ." in page
    assert "Bạn không cần làm gì lúc này." in page
    assert "is finding out who does it" in (await http.get("/track?lang=en")).text


async def test_the_counter_accepts_what_waits_for_its_own_office(
    http: httpx.AsyncClient, door: IntakeContext
) -> None:
    code, _ = await file(http)
    await log_in(http, door)
    listed = await http.get("/counter")
    assert code in listed.text
    one = await http.get(f"/counter/{code}")
    assert "Giấy xác nhận tình trạng hôn nhân" in one.text  # the paper still to bring
    assert "Hẹn trả" in one.text
    done = await http.post(
        f"/counter/{code}/accept", data={"csrf": hidden(one.text, "csrf")}, follow_redirects=True
    )
    assert "Không có hồ sơ nào chờ." in done.text
    assert await door.pool.fetchval("SELECT state::text FROM dossiers") == "accepted"
    actor = await door.pool.fetchval("SELECT actor FROM audit_lines WHERE act = 'dossier.accepted'")
    assert actor["id"] == "canbo.vidu"


async def test_another_office_or_a_forged_form_decides_nothing(
    http: httpx.AsyncClient, door: IntakeContext
) -> None:
    code, _ = await file(http)
    assert (await http.get("/counter")).status_code in (303, 401)
    await log_in(http, door, "PASC-SP.00070")
    page = await http.get("/counter")
    assert code not in page.text
    assert (await http.get(f"/counter/{code}")).status_code == 403
    token = {"csrf": hidden(page.text, "csrf")}
    assert (await http.post(f"/counter/{code}/accept", data=token)).status_code == 403
    await log_in(http, door)
    assert (await http.post(f"/counter/{code}/accept", data={"csrf": "guess"})).status_code == 403
    assert await door.pool.fetchval("SELECT state::text FROM dossiers") == "submitted"


async def test_a_refused_dossier_offers_the_form_filled_in(
    http: httpx.AsyncClient, door: IntakeContext
) -> None:
    code, secret = await file(http)
    await log_in(http, door)
    one = await http.get(f"/counter/{code}")
    token = {"csrf": hidden(one.text, "csrf")}
    unsaid = await http.post(f"/counter/{code}/refuse", data=token | {"reason_code": "", "text": "Thiếu."})
    assert (unsaid.status_code, "Thiếu." in unsaid.text) == (422, True)
    words = {"reason_code": "papers_incomplete", "text": "Còn thiếu giấy độc thân."}
    assert (await http.post(f"/counter/{code}/refuse", data=token | words)).status_code == 303
    http.cookies.delete("motcua_intake")
    page = await http.post("/track", data={"code": code, "secret": secret})
    assert "Còn thiếu giấy độc thân." in page.text
    again = await http.post("/file/marriage/again", data={"csrf": hidden(page.text, "csrf")})
    assert 'value="099058770566"' in again.text
    assert '<option value="00004" selected' in again.text


async def test_a_stranger_cannot_reach_a_slip_or_refill_a_form(http: httpx.AsyncClient) -> None:
    assert (await http.get("/slip")).headers["location"] == "/track"
    http.cookies.set("motcua_slip", "AAAA")
    http.cookies.set("motcua_track", "not base64 at all")
    assert (await http.get("/slip")).headers["location"] == "/track"
    page = await http.get("/track")
    refill = await http.post("/file/marriage/again", data={"csrf": "x"})
    assert (page.status_code, refill.status_code) == (200, 403)
