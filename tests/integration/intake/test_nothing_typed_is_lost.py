"""Forms of citizens and counters without scripts: what was typed comes back, and only to whom it belongs."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from services.intake.usecases.context import IntakeContext
from shared.messaging.sweep import sweep_once
from shared.web.auth.sessions import Officer, open_session
from shared.web.drafts.draft_store import delete_expired
from tests.builders.forms import BROWSER, fields_of, switch_language, typed_in
from tests.integration.intake.test_door_pages import FORM, file, log_in

pytestmark = pytest.mark.integration
TYPED = {
    "applicant.name": "Ngô Ví Dụ <Việt>",
    "applicant.id_number": "099058770566",
    "applicant.sex": "nam",
    "contact.phone": "0900 000 042",
    "contact.email": "",
    "filed_by": "proxy",
    "place.chosen": "00004",
    "papers.0.have": "true",
    "papers.0.issued_on": "2026-01-05",
}


@pytest.mark.parametrize("way", ["before", "after"])
async def test_the_language_switch_keeps_everything(http: httpx.AsyncClient, way: str) -> None:
    page = await http.get("/file/marriage", headers=BROWSER)
    if way == "after":
        page = await http.post("/file/marriage", data=fields_of(page, "/file/marriage") | TYPED)
        assert page.status_code == 422
        assert typed_in(page, "/file/marriage", TYPED) == TYPED
    key = fields_of(page, "/file/marriage")["key"]
    switched = await switch_language(http, page, "/file/marriage", **TYPED)
    assert '<html lang="en"' in switched.text
    assert typed_in(switched, "/file/marriage", TYPED) == TYPED
    assert fields_of(switched, "/file/marriage")["key"] == key
    assert "What you typed before and did not send" in switched.text


async def test_colours_switch_without_loss(http: httpx.AsyncClient) -> None:
    page = await http.get("/file/marriage", headers=BROWSER)
    sent = await http.post(
        "/drafts?theme=dark", data=fields_of(page, "/file/marriage") | TYPED, headers=BROWSER
    )
    back = await http.get(sent.headers["location"], headers=BROWSER)
    assert 'data-theme="dark"' in back.text
    assert typed_in(back, "/file/marriage", TYPED) == TYPED


async def test_the_session_ends_within_a_form(http: httpx.AsyncClient, door: IntakeContext) -> None:
    await log_in(http, door)
    page = await http.get("/file/marital-status", headers=BROWSER)
    typed = TYPED | {"channel": "counter"}
    form = fields_of(page, "/file/marital-status") | typed
    http.cookies.delete("motcua_intake")
    sent = await http.post("/file/marital-status", data=form, headers=BROWSER)
    login = urlsplit(sent.headers["location"])
    assert (sent.status_code, login.path) == (303, "/login")
    assert await door.pool.fetchval("SELECT count(*) FROM dossiers") == 0
    back = parse_qs(login.query)["next"][0]

    stranger = await http.get(back, headers=BROWSER)
    assert "Ngô Ví Dụ" not in stranger.text
    http.cookies.set(
        "motcua_intake", await open_session(door.pool, Officer("khac", "Khác", "counter", "PASC-SP.00004"))
    )
    assert "Ngô Ví Dụ" not in (await http.get(back, headers=BROWSER)).text

    http.cookies.delete("motcua_intake")
    await log_in(http, door)
    again = await http.get(back, headers=BROWSER)
    assert typed_in(again, "/file/marital-status", typed) == typed
    assert "chưa có gì được gửi" in again.text


async def test_a_citizens_form_is_not_sent_by_an_officer(
    http: httpx.AsyncClient, door: IntakeContext
) -> None:
    page = await http.get("/file/marriage", headers=BROWSER)
    form = fields_of(page, "/file/marriage") | TYPED
    await log_in(http, door)
    sent = await http.post("/file/marriage", data=form, headers=BROWSER)
    assert sent.status_code == 409
    assert "người đăng nhập đã đổi" in sent.text
    assert await door.pool.fetchval("SELECT count(*) FROM dossiers") == 0
    assert "099058770566" not in (await http.get("/file/marriage", headers=BROWSER)).text

    after_logout = fields_of(sent, "/logout")["next"]
    http.cookies.delete("motcua_intake")
    back = await http.get(after_logout, headers=BROWSER)
    assert typed_in(back, "/file/marriage", TYPED) == TYPED


async def test_another_officer_sends_nothing_of_the_first(
    http: httpx.AsyncClient, door: IntakeContext
) -> None:
    await log_in(http, door)
    page = await http.get("/file/marital-status", headers=BROWSER)
    form = fields_of(page, "/file/marital-status") | TYPED | {"channel": "counter"}
    other = Officer("nguoi.khac", "Người Khác", "counter", "PASC-SP.00004")
    http.cookies.delete("motcua_intake")
    http.cookies.set("motcua_intake", await open_session(door.pool, other))
    sent = await http.post("/file/marital-status", data=form, headers=BROWSER)
    assert sent.status_code == 409
    assert "canbo.vidu" in sent.text
    assert await door.pool.fetchval("SELECT count(*) FROM dossiers") == 0


async def test_a_stale_token_gives_the_form_again(http: httpx.AsyncClient, door: IntakeContext) -> None:
    page = await http.get("/file/marriage", headers=BROWSER)
    form = fields_of(page, "/file/marriage") | TYPED | {"csrf": "long-gone"}
    sent = await http.post("/file/marriage", data=form, headers=BROWSER)
    assert sent.status_code == 303
    back = await http.get(sent.headers["location"], headers=BROWSER)
    assert typed_in(back, "/file/marriage", TYPED) == TYPED
    assert fields_of(back, "/file/marriage")["csrf"] != "long-gone"
    assert "mở đã lâu" in back.text
    assert await door.pool.fetchval("SELECT count(*) FROM dossiers") == 0


async def test_another_sites_form_leaves_no_draft(http: httpx.AsyncClient, door: IntakeContext) -> None:
    page = await http.get("/file/marriage", headers=BROWSER)
    form = fields_of(page, "/file/marriage") | TYPED | {"csrf": "guessed"}
    sent = await http.post("/file/marriage", data=form, headers=BROWSER | {"origin": "https://evil.example"})
    assert sent.status_code == 403
    assert await door.pool.fetchval("SELECT count(*) FROM web_drafts") == 0


async def test_a_browser_that_was_closed_finds_it_again(http: httpx.AsyncClient) -> None:
    page = await http.get("/file/marriage", headers=BROWSER)
    script = {"accept": "application/json"}
    kept = await http.post("/drafts", data=fields_of(page, "/file/marriage") | TYPED, headers=script)
    assert kept.status_code == 204
    for name in ("motcua_visit", "motcua_lang"):  # what lives as long as the window
        http.cookies.delete(name)
    back = await http.get("/file/marriage", headers=BROWSER)
    assert typed_in(back, "/file/marriage", TYPED) == TYPED


async def test_what_is_kept_is_unreadable_and_goes_when_filed(
    http: httpx.AsyncClient, door: IntakeContext
) -> None:
    page = await http.get("/file/marriage", headers=BROWSER)
    await switch_language(http, page, "/file/marriage", **TYPED)
    row = await door.pool.fetchrow("SELECT * FROM web_drafts")
    assert row is not None
    for value in ("099058770566", "marriage"):
        assert value.encode() not in row["sealed"]
    assert http.cookies["motcua_drafts"].encode() not in row["owner"] + row["id"]
    form = fields_of(page, "/file/marriage") | FORM
    filed = await http.post("/file/marriage", data=form, headers=BROWSER)
    assert filed.headers["location"] == "/slip"
    assert await door.pool.fetchval("SELECT count(*) FROM web_drafts") == 0


async def test_a_button_clears_it(http: httpx.AsyncClient, door: IntakeContext) -> None:
    page = await http.get("/file/marriage", headers=BROWSER)
    back = await switch_language(http, page, "/file/marriage", **TYPED)
    cleared = await http.post("/drafts/clear", data=fields_of(back, "/drafts/clear"), headers=BROWSER)
    empty = await http.get(cleared.headers["location"], headers=BROWSER)
    assert typed_in(empty, "/file/marriage", TYPED)["applicant.name"] == ""
    assert await door.pool.fetchval("SELECT count(*) FROM web_drafts") == 0


async def test_no_more_than_eight_are_kept_and_none_too_large(
    http: httpx.AsyncClient, door: IntakeContext
) -> None:
    page = await http.get("/file/marriage", headers=BROWSER)
    form = fields_of(page, "/file/marriage") | TYPED
    for n in range(10):
        await http.post("/drafts", data=form | {"draft.form": f"/file/{n}"})
    assert await door.pool.fetchval("SELECT count(*) FROM web_drafts") == 8
    large = form | {"draft.form": "/file/large", "applicant.name": "x" * 70_000}
    await http.post("/drafts", data=large)
    assert await door.pool.fetchval("SELECT count(*) FROM web_drafts") == 8


async def test_a_wrong_secret_leaves_the_code(http: httpx.AsyncClient, door: IntakeContext) -> None:
    code, _ = await file(http)
    page = await http.get("/track", params={"new": "true"}, headers=BROWSER)
    typed = {"code": code, "secret": "WRONGSECRET"}
    sent = await http.post("/track", data=fields_of(page, "/track") | typed, headers=BROWSER)
    assert sent.status_code == 404
    assert fields_of(sent, "/track")["code"] == code
    assert fields_of(sent, "/track")["secret"] == ""
    switched = await switch_language(http, sent, "/track", code=code, secret="WRONGSECRET")
    assert fields_of(switched, "/track")["code"] == code
    assert "WRONGSECRET" not in switched.text


async def test_the_link_of_a_text_stays_after_a_wrong_secret(http: httpx.AsyncClient) -> None:
    page = await http.get("/t/7K2M9QXA", headers=BROWSER)
    sent = await http.post("/t/7K2M9QXA", data={"secret": "WRONG"}, headers=BROWSER)
    assert sent.status_code == 404
    for shown in (page, sent):
        assert "/t/7K2M9QXA?lang=en" in unescape(shown.text)


async def test_the_counters_forms_keep_what_was_typed(http: httpx.AsyncClient, door: IntakeContext) -> None:
    code, _ = await file(http)
    await log_in(http, door, office="PASC-SP.00004")
    page = await http.get(f"/counter/{code}", headers=BROWSER)
    action = f"/counter/{code}/refuse"
    typed = {"reason_code": "", "text": "Dòng một\nDòng hai", "rule": "NĐ 118"}
    switched = await switch_language(http, page, action, **typed)
    assert typed_in(switched, action, typed) == typed
    assert re.search(r"<details open[^>]*><summary>[^<]*Refuse", switched.text)
    stale = await http.post(
        action, data=fields_of(switched, action) | typed | {"csrf": "old"}, headers=BROWSER
    )
    back = await http.get(stale.headers["location"], headers=BROWSER, follow_redirects=True)
    assert typed_in(back, action, typed) == typed
    assert await door.pool.fetchval("SELECT state FROM dossiers") == "submitted"


async def test_a_sweep_deletes_what_is_over(http: httpx.AsyncClient, door: IntakeContext) -> None:
    page = await http.get("/file/marriage", headers=BROWSER)
    form = fields_of(page, "/file/marriage") | TYPED
    for name in ("old", "new"):
        await http.post("/drafts", data=form | {"draft.form": f"/file/{name}"})
    await door.pool.execute(
        """UPDATE web_drafts SET expires_at = clock_timestamp() - interval '1 second'
            WHERE id = (SELECT id FROM web_drafts ORDER BY saved_at LIMIT 1)"""
    )
    assert await sweep_once(door.pool, delete_expired) == 1
    assert await door.pool.fetchval("SELECT count(*) FROM web_drafts") == 1


async def test_who_guesses_too_often_finds_the_code_again(http: httpx.AsyncClient) -> None:
    code = "H26.103.26.1-260306-0001"
    page = await http.get("/track", headers=BROWSER)
    form = fields_of(page, "/track") | {"code": code, "secret": "WRONG"}
    answer = page
    for _ in range(200):
        answer = await http.post("/track", data=form, headers=BROWSER)
        if answer.status_code == 429:
            break
    assert answer.status_code == 429
    assert "đã nhập vẫn còn" in answer.text
    assert fields_of(await http.get("/track", headers=BROWSER), "/track")["code"] == code
