from pathlib import Path

from tests.builders.web import BROWSER, client, small_app


async def test_vietnamese_first_and_english_is_remembered(tmp_path: Path) -> None:
    browser = client(small_app(tmp_path))
    first = await browser.get("/open", headers=BROWSER)
    switched = await browser.get("/open?lang=en", headers=BROWSER)
    later = await browser.get("/open", headers=BROWSER)
    assert '<html lang="vi">' in first.text
    assert "Xin chào" in first.text
    assert 'lang="en"' in switched.text
    assert "Hello" in later.text


async def test_the_language_switch_keeps_the_page(tmp_path: Path) -> None:
    page = await client(small_app(tmp_path)).get("/open?step=2&lang=vi", headers=BROWSER)
    assert "/open?step=2&amp;lang=en" in page.text


async def test_dark_is_remembered(tmp_path: Path) -> None:
    browser = client(small_app(tmp_path))
    await browser.get("/open?theme=dark", headers=BROWSER)
    assert 'data-theme="dark"' in (await browser.get("/open", headers=BROWSER)).text


async def test_a_page_lets_nothing_in_from_strangers(tmp_path: Path) -> None:
    page = await client(small_app(tmp_path, oidc_issuer="http://127.0.0.1:9/x")).get("/open", headers=BROWSER)
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "form-action 'self' http://127.0.0.1:8001 http://127.0.0.1:9;" in policy
    assert page.headers["x-content-type-options"] == "nosniff"


async def test_htmx_and_style_come_from_us(tmp_path: Path) -> None:
    browser = client(small_app(tmp_path))
    for name in ("htmx.js", "live.js", "style.css", "sign.svg"):
        assert (await browser.get(f"/static/{name}")).status_code == 200
    assert (await browser.get("/static/settings.py")).status_code == 404


async def test_a_refusal_is_a_problem_for_machines_and_a_page_for_people(tmp_path: Path) -> None:
    browser = client(small_app(tmp_path))
    machine = await browser.post("/v1/refused")
    person = await browser.get("/nowhere", headers=BROWSER)
    assert machine.headers["content-type"] == "application/problem+json"
    assert machine.json()["errors"] == [
        {"field": "applicant.name", "code": "missing", "vi": "Thiếu họ tên.", "en": "The name is missing."}
    ]
    assert machine.status_code == 422
    assert (person.status_code, "Không có trang này" in person.text) == (404, True)


async def test_what_is_typed_by_strangers_is_never_markup(tmp_path: Path) -> None:
    page = await client(small_app(tmp_path)).get('/open?"><script>x', headers=BROWSER)
    assert "<script>x" not in page.text


async def test_who_went_astray_is_led_to_the_one_first_page(tmp_path: Path) -> None:
    page = await client(small_app(tmp_path)).get("/nowhere", headers=BROWSER)
    assert 'href="http://127.0.0.1:8001/">Về trang đầu' in page.text


async def test_an_address_with_a_part_that_cannot_be_is_a_page_that_is_not_there(tmp_path: Path) -> None:
    app = small_app(tmp_path)
    app.add_api_route("/things/{number}", _numbered)
    person = await client(app).get("/things/seven", headers=BROWSER)
    machine = await client(app).get("/things/seven")
    assert (person.status_code, "Không có trang này" in person.text) == (404, True)
    assert machine.status_code == 422


async def _numbered(number: int) -> int:
    return number


async def test_only_whose_form_was_kept_is_told_that_what_was_typed_is_still_there(tmp_path: Path) -> None:
    browser = client(small_app(tmp_path))
    read = await browser.get("/nowhere", headers=BROWSER)
    sent = await browser.post("/nowhere", headers=BROWSER)
    kept = await browser.post("/refused", headers=BROWSER, data=_form("/refused", "a"))
    large = await browser.post("/refused", headers=BROWSER, data=_form("/refused", "a" * 70_000))
    told = [("đã nhập vẫn còn" in page.text) for page in (read, sent, kept, large)]
    assert told == [False, False, True, False]
    assert "quay lại trang trước" in sent.text
    assert 'href="/open">về lại biểu mẫu' in kept.text


def _form(action: str, name: str) -> dict[str, str]:
    return {"draft.form": action, "draft.page": "/open", "acting": "", "name": name}
