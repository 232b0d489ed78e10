"""The board changes in place, opens to its dossiers, and is whole without scripts."""

from pathlib import Path

import httpx
import orjson
import pytest
from playwright.sync_api import expect

from deploy.local.stack import Stack
from shared.events.identifiers import uuid7
from tests.browser.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.e2e]
BODY = orjson.loads((Path(__file__).parent / "a_copy.json").read_bytes())


def file_one(stack: Stack, http: httpx.Client) -> str:
    """Somebody files a dossier while the board is open."""
    answer = http.post(
        f"{stack.intake_url}/v1/dossiers", json=BODY, headers={"Idempotency-Key": str(uuid7())}
    )
    answer.raise_for_status()
    return str(answer.json()["code"])


def test_a_new_dossier_appears_without_a_reload(stack: Stack, open_browser: Open, http: httpx.Client) -> None:
    reader = open_browser()
    reader.log_in(stack.routing_url, "dieuhanh", "/board")
    number = reader.page.locator('[data-value="submitted"]')
    before = int(number.inner_text())
    file_one(stack, http)
    expect(number).to_have_text(str(before + 1), timeout=15_000)
    assert reader.complaints == []


def test_any_number_opens_to_its_dossiers_and_a_dossier_to_its_life(
    stack: Stack, open_browser: Open, http: httpx.Client
) -> None:
    reader = open_browser(scripts=False)
    code = file_one(stack, http)
    reader.log_in(stack.routing_url, "dieuhanh", "/board")
    link = reader.page.locator("a", has=reader.page.locator('[data-value="submitted"]'))
    row = reader.page.locator("tbody a", has_text=code)
    for _ in range(40):
        link.click()
        if row.count():
            break
        reader.page.go_back()
    row.click()
    expect(reader.page.locator("h1")).to_contain_text(code)
    expect(reader.page.locator("ol.steps li")).not_to_have_count(0)


def test_a_desks_officer_may_not_watch_the_city(stack: Stack, open_browser: Open) -> None:
    reader = open_browser()
    reader.page.goto(f"{stack.routing_url}/login?next=/board")
    reader.page.locator('button[value="giamdinh"]').click()
    expect(reader.page.locator("h1")).to_have_text("Tài khoản này không được làm việc này.")
