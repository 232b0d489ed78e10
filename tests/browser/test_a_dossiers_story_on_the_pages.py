"""One dossier from the citizen's form to the result, each hand on its own page."""

import pytest
from playwright.sync_api import expect

from deploy.local.stack import Stack
from tests.browser.conftest import Open, Reader
from tests.browser.hands import ANSWERS, COPY, fill, put, slip_of

pytestmark = [pytest.mark.browser, pytest.mark.e2e]


def file_by_form(stack: Stack, reader: Reader) -> tuple[str, str]:
    """A citizen fills in the form and gets the slip."""
    reader.page.goto(f"{stack.intake_url}/file/{COPY}")
    fill(reader.page, ANSWERS)
    reader.page.locator("main form button").last.click()
    reader.page.wait_for_url("**/slip")
    return slip_of(reader.page)


def follow(stack: Stack, reader: Reader, code: str, secret: str) -> None:
    """The tracking page, by code and secret."""
    reader.page.goto(f"{stack.intake_url}/track?new=true")
    reader.page.locator('[name="code"]').fill(code)
    reader.page.locator('[name="secret"]').fill(secret)
    reader.page.locator("main form button").last.click()


def accept_at_counter(stack: Stack, reader: Reader, code: str) -> None:
    """The counter officer of the ward accepts it."""
    reader.log_in(stack.intake_url, "quay.badinh", "/counter")
    reader.page.goto(f"{stack.intake_url}/counter/{code}")
    reader.page.locator(f'form[action="/counter/{code}/accept"] button').click()
    reader.page.wait_for_url("**/counter?done=*")


def finish_next_task(stack: Stack, reader: Reader, code: str) -> None:
    """The ward's officer finds the dossier on the desk and finishes its task."""
    row = reader.page.locator("tr", has_text=code)
    for _ in range(40):
        reader.page.goto(f"{stack.routing_url}/desk")
        if row.count():
            break
        reader.page.wait_for_timeout(100)
    row.locator("a.code").click()
    if reader.page.locator("#decide").count():
        put(reader.page, "outcome", "granted")
    reader.page.locator("form[action$='/complete'] button").click()
    reader.page.wait_for_url("**/desk?done=*")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_filed_accepted_worked_on_and_done(stack: Stack, open_browser: Open, scripts: bool) -> None:
    citizen, counter, desk, leader = (open_browser(scripts=scripts, width=w) for w in (360, 1280, 768, 1280))
    code, secret = file_by_form(stack, citizen)
    follow(stack, citizen, code, secret)
    expect(citizen.page.locator("main")).to_contain_text("Ba Đình")

    accept_at_counter(stack, counter, code)
    desk.log_in(stack.routing_url, "ubnd.badinh", "/desk")
    for _ in range(3):
        finish_next_task(stack, desk, code)

    leader.log_in(stack.routing_url, "lanhdao", "/board")
    leader.page.goto(f"{stack.routing_url}/board/dossiers/{code}")
    expect(leader.page.locator("main .say")).to_contain_text("Đã xử lý xong")
    for _ in range(40):
        follow(stack, citizen, code, secret)
        if "xử lý xong" in citizen.page.locator("main").inner_text().lower():
            break
        citizen.page.wait_for_timeout(100)
    expect(citizen.page.locator("main")).to_contain_text("xử lý xong", ignore_case=True)


def test_what_was_typed_is_not_lost_when_something_is_wrong(stack: Stack, open_browser: Open) -> None:
    reader = open_browser(scripts=False)
    reader.page.goto(f"{stack.intake_url}/file/{COPY}")
    fill(reader.page, ANSWERS | {"applicant.id_number": "12"})
    reader.page.locator("main form button").last.click()
    page = reader.page
    expect(page.locator("#errors")).to_be_visible()
    expect(page.locator('[name="applicant.name"]')).to_have_value("Nguyễn Ví Dụ Trang")
    expect(page.locator('[name="applicant.id_number"]')).to_have_attribute("aria-invalid", "true")
    page.locator("#errors a").first.click()
    expect(page.locator(":focus, :target")).to_have_count(1)


def test_a_wrong_secret_and_an_unknown_code_look_the_same(stack: Stack, open_browser: Open) -> None:
    reader = open_browser(scripts=False)
    code, _ = file_by_form(stack, reader)
    follow(stack, reader, code, "AAAAAAAAAA")
    wrong = reader.page.locator("main").inner_text().replace(code, "")
    follow(stack, reader, "H26.103.26.1-260306-9876", "AAAAAAAAAA")
    unknown = reader.page.locator("main").inner_text().replace("H26.103.26.1-260306-9876", "")
    assert wrong == unknown
