"""What every page owes its reader, asked of the page as the browser has it."""

from pathlib import Path

from playwright.sync_api import Page

FAULTS = Path(__file__).with_name("manners.js").read_text("utf-8").split("\n", 1)[1]


def faults(page: Page) -> list[str]:
    """Nothing, on a page that is well made."""
    return page.evaluate(FAULTS)
