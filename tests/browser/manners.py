"""What every page owes its reader, asked of the page as the browser has it."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

FAULTS = Path(__file__).with_name("manners.js").read_text("utf-8").split("\n", 1)[1]


SERIOUS = {"serious", "critical"}
_axe = Axe()


def faults(page: Page) -> list[str]:
    """Nothing, on a page that is well made: by our own list, and by what axe finds serious."""
    return [*page.evaluate(FAULTS), *_by_axe(page)]


def _by_axe(page: Page) -> list[str]:
    found = _axe.run(page).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:120]}"
        for rule in found
        if rule["impact"] in SERIOUS
        for node in rule["nodes"]
    ]
