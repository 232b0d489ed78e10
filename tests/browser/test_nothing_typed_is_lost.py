"""What is typed into a form in a real browser: switches, a closed window, Enter, a shared computer."""

import pytest
from playwright.sync_api import Page, expect

from deploy.local.stack import Stack
from tests.browser.conftest import Open
from tests.browser.hands import ANSWERS, COPY, fill
from tests.browser.test_a_dossiers_story_on_the_pages import accept_at_counter, file_by_form
from tests.browser.test_asking_and_answering_on_the_pages import open_task

pytestmark = [pytest.mark.browser, pytest.mark.e2e]
NAME = ANSWERS["applicant.name"]


def expect_typed(page: Page) -> None:
    """Everything typed stands in the form."""
    for name in ("applicant.name", "applicant.born", "contact.email", "place.chosen"):
        expect(page.locator(f'[name="{name}"]')).to_have_value(ANSWERS[name])
    expect(page.locator('[name="applicant.sex"][value="nữ"]')).to_be_checked()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_switches_keep_the_citizens_form(stack: Stack, open_browser: Open, scripts: bool) -> None:
    page = open_browser(scripts=scripts).page
    page.goto(f"{stack.intake_url}/file/{COPY}")
    fill(page, ANSWERS)
    page.locator(".switches .to-dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect_typed(page)
    page.locator('.switches [formaction="/drafts?lang=en"]').click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect_typed(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_enter_sends_the_form_and_switches_nothing(stack: Stack, open_browser: Open, scripts: bool) -> None:
    page = open_browser(scripts=scripts).page
    page.goto(f"{stack.intake_url}/file/{COPY}")
    page.locator('[name="applicant.name"]').fill(NAME)
    page.locator('[name="applicant.name"]').press("Enter")
    expect(page.locator("#errors")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    expect(page.locator('[name="applicant.name"]')).to_have_value(NAME)


def test_a_closed_browser_finds_it_again_until_it_is_cleared(stack: Stack, open_browser: Open) -> None:
    first = open_browser()
    first.page.goto(f"{stack.intake_url}/file/{COPY}")
    with first.page.expect_response("**/drafts") as kept:
        fill(first.page, ANSWERS)
    assert kept.value.status == 204
    with first.page.expect_response("**/drafts"):
        first.page.locator('[name="applicant.name"]').fill(NAME)
    lasting = [cookie for cookie in first.context.cookies() if cookie.get("expires", -1) > 0]
    first.context.close()

    second = open_browser()
    second.context.add_cookies(lasting)  # pyright: ignore[reportArgumentType]  (the same fields)
    second.page.goto(f"{stack.intake_url}/file/{COPY}")
    expect_typed(second.page)
    second.page.locator("footer form button").click()
    expect(second.page.locator('[name="applicant.name"]')).to_have_value("")
    assert second.complaints == []


def test_the_desks_links_wait_until_it_is_kept(stack: Stack, open_browser: Open) -> None:
    citizen, counter, desk = open_browser(), open_browser(), open_browser()
    code, _ = file_by_form(stack, citizen)
    accept_at_counter(stack, counter, code)
    desk.log_in(stack.routing_url, "ubnd.badinh", "/desk")
    open_task(stack, desk.page, code)
    desk.page.locator('#decline [name="reason"]').fill("Không thuộc địa bàn")
    desk.page.locator(".switches a[hreflang=en]").click()
    expect(desk.page.locator("html")).to_have_attribute("lang", "en")
    expect(desk.page.locator('#decline [name="reason"]')).to_have_value("Không thuộc địa bàn")
