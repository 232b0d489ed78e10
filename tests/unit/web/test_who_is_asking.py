import re
from pathlib import Path

import pytest

from shared.web.auth.identity import safe_redirect
from shared.web.auth.oidc import LoginAttempt
from shared.web.auth.sessions import Officer
from tests.builders.web import BROWSER, COUNTER_KEY, MACHINE_KEY, client, small_app

AT_COUNTER = Officer("quay.hoankiem", "Nguyễn Ví Dụ Hạnh", "counter", "PASC-SP.00070")
AT_DESK = Officer("giamdinh", "Đỗ Ví Dụ Phương", "specialist", "SYT-GDYK")


def _token(page: str) -> str:
    found = re.search(r'name="csrf" value="(\w+)"', page)
    assert found
    return found[1]


async def test_a_browser_without_a_session_is_led_to_the_login_and_back(tmp_path: Path) -> None:
    answer = await client(small_app(tmp_path)).get("/hello?x=1", headers=BROWSER)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=%2Fhello%3Fx%3D1")


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://127.0.0.1:8001/open?x=1", "%2Fopen%3Fx%3D1"),
        ("http://elsewhere.example/open", "%2F"),
        (None, "%2F"),
    ],
)
async def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(
    tmp_path: Path, referer: str | None, back: str
) -> None:
    headers = BROWSER | ({"referer": referer} if referer else {})
    answer = await client(small_app(tmp_path)).post("/hello", headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/login?next={back}")


async def test_a_machine_without_a_key_is_refused(tmp_path: Path) -> None:
    answer = await client(small_app(tmp_path)).get("/hello")
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize("sent", [{"authorization": f"Bearer {COUNTER_KEY}"}, {"x-api-key": COUNTER_KEY}])
async def test_a_key_is_taken_from_either_header(tmp_path: Path, sent: dict[str, str]) -> None:
    assert (await client(small_app(tmp_path)).get("/hello", headers=sent)).status_code == 200


async def test_a_wrong_key_is_refused_even_where_strangers_may_come(tmp_path: Path) -> None:
    answer = await client(small_app(tmp_path)).post("/file", headers={"x-api-key": "counter.wrong"})
    assert answer.status_code == 401


@pytest.mark.parametrize("office", ["PASC-SP.00070", "PASC-BR.1"])
async def test_a_machine_acts_for_the_office_that_it_names(tmp_path: Path, office: str) -> None:
    answer = await client(small_app(tmp_path)).get("/v1/me", headers=machine(office))
    assert answer.json() == {"kind": "officer", "id": "machine", "office": office, "role": "counter"}


@pytest.mark.parametrize(
    ("offices", "answer"),
    [
        ([], (422, "office_missing")),
        ([""], (422, "office_missing")),
        (["PASC-SP.00070", "PASC-BR.1"], (422, "office_missing")),
        (["WARD.00070"], (403, "office_not_of_this_key")),
        (["pasc-sp.00070"], (403, "office_not_of_this_key")),
        (["*"], (403, "office_not_of_this_key")),
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
async def test_a_machine_that_names_no_office_or_a_strange_one_is_told_how(
    tmp_path: Path, offices: list[str], answer: tuple[int, str], language: str
) -> None:
    headers = [("x-api-key", MACHINE_KEY), ("accept-language", language)]
    headers += [("x-office", office) for office in offices]
    said = await client(small_app(tmp_path)).get("/v1/me", headers=headers)
    assert (said.status_code, said.json()["code"]) == answer
    assert said.json()["errors"][0]["field"] == "X-Office"
    assert said.json()["errors"][0]["vi"] != said.json()["errors"][0]["en"]


@pytest.mark.parametrize(("office", "status"), [("PASC-SP.00070", 200), ("PASC-BR.1", 403)])
async def test_a_key_of_one_office_speaks_for_no_other(tmp_path: Path, office: str, status: int) -> None:
    headers = {"x-api-key": COUNTER_KEY, "x-office": office}
    assert (await client(small_app(tmp_path)).get("/v1/me", headers=headers)).status_code == status


def machine(office: str) -> dict[str, str]:
    return {"x-api-key": MACHINE_KEY, "x-office": office}


async def test_an_officer_of_another_role_is_refused(tmp_path: Path) -> None:
    app = small_app(tmp_path, AT_DESK)
    answer = await client(app, motcua_intake="open").get("/hello", headers=BROWSER)
    assert answer.status_code == 403


async def test_a_session_shows_the_page_with_the_officers_name(tmp_path: Path) -> None:
    app = small_app(tmp_path, AT_COUNTER)
    answer = await client(app, motcua_intake="open").get("/hello", headers=BROWSER)
    assert "Nguyễn Ví Dụ Hạnh" in answer.text


async def test_a_change_by_session_needs_the_forms_token(tmp_path: Path) -> None:
    app = small_app(tmp_path, AT_COUNTER)
    browser = client(app, motcua_intake="open")
    page = await browser.get("/hello", headers=BROWSER)
    without = await browser.post("/hello", data={"csrf": "x"})
    with_it = await browser.post("/hello", data={"csrf": _token(page.text)})
    assert (without.status_code, with_it.status_code, with_it.json()) == (403, 200, "quay.hoankiem")


async def test_a_strangers_form_needs_its_token_too(tmp_path: Path) -> None:
    browser = client(small_app(tmp_path))
    page = await browser.get("/open", headers=BROWSER)
    without = await browser.post("/file", data={"name": "An"})
    with_it = await browser.post("/file", data={"name": "An", "csrf": _token(page.text)})
    assert (without.status_code, with_it.json()) == (403, "An")


@pytest.mark.parametrize(
    "evil", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", "", None, "/a\r\nb"]
)
def test_after_log_in_nobody_is_led_away(evil: str | None) -> None:
    assert safe_redirect(evil) == "/"


def test_after_log_in_one_comes_back_to_the_page_wanted() -> None:
    assert safe_redirect("/desk?office=WARD.00070") == "/desk?office=WARD.00070"


def test_an_attempt_survives_its_cookie() -> None:
    attempt = LoginAttempt.create("/desk?office=WARD.00070")
    assert LoginAttempt.parse(attempt.to_cookie()) == attempt
    assert LoginAttempt.parse("rubbish") is None
    assert LoginAttempt.parse("a.b.c.é") is None
