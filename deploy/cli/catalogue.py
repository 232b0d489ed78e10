"""motcua catalogue check."""

from __future__ import annotations

from pathlib import Path

from cyclopts import App

from deploy.cli import exits, screen
from deploy.cli.examples import examples_of
from deploy.local.home import CHECKOUT
from shared.catalogue.load import CatalogueErrors, load_dir

app = App(
    name="catalogue",
    help="The catalogue: procedures, organisation, calendars, words; all data.",
    help_epilogue=examples_of("motcua catalogue check"),
)


@app.command
def check(folder: Path = CHECKOUT / "deploy" / "catalogue", /, *, json: bool = False) -> int:
    """Is it whole? Names file, line and field of whatever is wrong, and every role without one office."""
    try:
        items = load_dir(folder)
        problems: list[str] = []
    except CatalogueErrors as wrong:
        items, problems = {}, [str(problem) for problem in wrong.problems]
    if json:
        screen.as_json({"ok": not problems, "items": sorted(items), "problems": problems})
    else:
        for problem in problems:
            screen.complain(problem)
        screen.say(
            f"{len(problems)} problems" if problems else f"The catalogue is whole: {len(items)} items."
        )
    return exits.FAILED if problems else exits.DONE
