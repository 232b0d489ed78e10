"""An office asks, the citizen sees what to do, the counter records it; a withdrawal is thought better of."""

import pytest
from playwright.sync_api import Page, expect

from deploy.local.stack import Stack
from tests.browser.conftest import Open
from tests.browser.manners import faults
from tests.browser.test_a_dossiers_story_on_the_pages import accept_at_counter, file_by_form, follow

pytestmark = [pytest.mark.browser, pytest.mark.e2e]
PAPERS = "Tờ khai chưa ký\nBản chụp bị mờ"
LOOKS = 60


def until(page: Page, address: str, selector: str) -> None:
    """Look at a page again until something is on it."""
    for _ in range(LOOKS):
        page.goto(address)
        if page.locator(selector).count():
            return
        page.wait_for_timeout(200)
    raise AssertionError(f"never on {address}: {selector}\n{page.locator('main').inner_text()}")


def open_task(stack: Stack, page: Page, code: str) -> str:
    """The page of the dossier's task on this desk."""
    until(page, f"{stack.routing_url}/desk", f'a.code:text-is("{code}")')
    page.locator(f'a.code:text-is("{code}")').click()
    page.wait_for_url("**/desk/tasks/*")
    return page.url


def send(page: Page, what: str, **fields: str) -> None:
    """Open one of the desk's forms, fill it in, send it."""
    form = page.locator(f"details#{what}")
    form.locator("summary").click()
    for name, value in fields.items():
        form.locator(f'[name="{name}"]').fill(value)
    form.locator("button").click()


def test_papers_are_asked_for_brought_and_the_dossier_goes_on(stack: Stack, open_browser: Open) -> None:
    citizen, counter, desk = (open_browser(scripts=False, width=w) for w in (360, 768, 360))
    code, secret = file_by_form(stack, citizen)
    accept_at_counter(stack, counter, code)
    desk.log_in(stack.routing_url, "ubnd.badinh", "/desk")
    task = open_task(stack, desk.page, code)
    send(desk.page, "ask-supplement", items=PAPERS, answer_by="2026-04-20")
    desk.page.wait_for_url("**/desk?done=*")

    follow(stack, citizen, code, secret)
    until(citizen.page, f"{stack.intake_url}/track", 'h1:has-text("bổ sung giấy tờ")')
    expect(citizen.page.locator("main .say")).to_contain_text("Tờ khai chưa ký")

    until(counter.page, f"{stack.intake_url}/counter/{code}", 'input[name="items"]')
    for box in counter.page.locator('input[name="items"]').all():
        box.check()
    counter.page.locator('form[action$="/record/supplement"] button').click()
    expect(counter.page.locator('[role="status"]')).to_contain_text("Đã ghi nhận")
    until(desk.page, task, "details#ask-supplement .say.late")  # a second one would count as late


def test_a_withdrawal_is_asked_for_and_thought_better_of(stack: Stack, open_browser: Open) -> None:
    citizen, counter = (open_browser(scripts=False, width=w) for w in (360, 1280))
    code, secret = file_by_form(stack, citizen)
    accept_at_counter(stack, counter, code)
    follow(stack, citizen, code, secret)
    for leave, back in (("withdraw", "keep"), ("keep", "withdraw")):
        until(citizen.page, f"{stack.intake_url}/track", f'a[href="/track/{leave}"]')
        citizen.page.locator(f'a[href="/track/{leave}"]').click()
        citizen.page.locator('[name="secret"]').fill(secret)
        citizen.page.locator("main form button").click()
        expect(citizen.page.locator('[role="status"]')).to_contain_text("Đã ghi nhận")
        until(citizen.page, f"{stack.intake_url}/track", f'a[href="/track/{back}"]')


@pytest.mark.parametrize(("scheme", "lang"), [("light", "vi"), ("dark", "en")])
def test_these_pages_mind_their_manners_on_a_phone(
    stack: Stack, open_browser: Open, scheme: str, lang: str
) -> None:
    citizen, desk = (open_browser(width=360, scheme=scheme) for _ in range(2))
    code, secret = file_by_form(stack, citizen)
    accept_at_counter(stack, open_browser(), code)
    desk.log_in(stack.routing_url, "ubnd.badinh", "/desk")
    desk.page.goto(f"{open_task(stack, desk.page, code)}?lang={lang}")
    for summary in desk.page.locator("main summary").all():
        summary.click()
    assert faults(desk.page) == []
    follow(stack, citizen, code, secret)
    until(citizen.page, f"{stack.intake_url}/track", 'a[href="/track/withdraw"]')
    citizen.page.goto(f"{stack.intake_url}/track/withdraw?lang={lang}")
    assert faults(citizen.page) == []
