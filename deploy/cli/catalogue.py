"""motcua catalogue check | publish | list | status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App

from deploy.cli import exits, screen
from deploy.cli.examples import CATALOGUE, IN_CHECKOUT, examples_of
from deploy.cli.services import calling, read, send
from deploy.local.stack import read_stack
from shared.catalogue.checks.check import CheckReport
from shared.catalogue.checks.check import check_folder as check_catalogue
from shared.catalogue.loading.load import load_folder

app = App(
    name="catalogue",
    help="The catalogue: procedures, organisation, calendars, words; all data.",
    help_epilogue=examples_of(
        "motcua catalogue check",
        "motcua catalogue publish --dry-run",
        "motcua catalogue publish my-folder",
        "motcua catalogue status",
    ),
)
Folder = Annotated[Path, IN_CHECKOUT]


@app.command(help_epilogue=examples_of("motcua catalogue check", "motcua catalogue check my-folder --json"))
def check(folder: Folder = CATALOGUE, /, *, json: bool = False) -> int:
    """Check a folder. Reports file, line and field of each problem, and every role without an office.

    Exit code 1 if there is a problem. Needs no stack.

    Parameters
    ----------
    folder
        The catalogue to check.
    json
        One object instead of a line a problem.
    """
    report = check_catalogue(folder)
    problems = [str(problem) for problem in report.problems]
    if json:
        items = [] if problems else sorted(load_folder(folder))
        screen.as_json({"ok": not problems, "items": items, "problems": problems})
        return exits.FAILED if problems else exits.DONE
    for problem in problems:
        screen.complain(problem)
    screen.say(_format_count(problems) if problems else _summary(report))
    return exits.FAILED if problems else exits.DONE


@app.command(
    help_epilogue=examples_of("motcua catalogue publish --dry-run", "motcua catalogue publish my-folder")
)
def publish(folder: Folder = CATALOGUE, /, *, dry_run: bool = False, json: bool = False) -> int:
    """Publish a folder's catalogue in the running stack: all of it, or nothing if anything is invalid.

    Services take the new copy without a restart, and keep it through the next one. Dossiers keep the version
    they were accepted under, so a version in force is never rewritten: add the next one.

    Parameters
    ----------
    folder
        What `motcua catalogue check` reads.
    dry_run
        Only say what would change.
    json
        One object instead of a table.
    """
    problems = check_catalogue(folder).problems
    for problem in problems:
        screen.complain(str(problem))
    if problems:
        screen.complain(f"{_format_count(problems)}; nothing was published")
        return exits.FAILED
    stack = read_stack()
    with calling(stack.routing_url, stack.operator_api_key) as client:
        answer = send(client, "/v1/catalogue", {"files": files_of(folder), "dry_run": dry_run})
    if json:
        screen.as_json(answer)
    else:
        _show(answer)
    return exits.DONE


@app.command(name="list", help_epilogue=examples_of("motcua catalogue list", "motcua catalogue list --json"))
def list_(*, json: bool = False) -> int:
    """List the published items of the running stack: since when, and by whom.

    Parameters
    ----------
    json
        One object instead of a table.
    """
    stack = read_stack()
    with calling(stack.routing_url, stack.operator_api_key) as client:
        rows = read(client, "/v1/catalogue") or []
    if json:
        screen.as_json({"items": rows})
    else:
        table_rows = [(row["item"], row["origin"], row["published_at"], row["digest"][:12]) for row in rows]
        screen.table("The catalogue in force", ("item", "from", "since", "digest"), table_rows)
    return exits.DONE


@app.command
def status(*, json: bool = False) -> int:
    """Show what each service has of the published catalogue: in force, refused and why; the calendar's end.

    Exit code 0: every service goes by what is published; 1: one does not, or refused an edition.
    """
    stack = read_stack()
    urls = {
        "routing": stack.routing_url,
        "intake": stack.intake_url,
        "notification": stack.notification_url,
    }
    copies: dict[str, dict[str, Any]] = {}
    for service, url in urls.items():
        with calling(url) as client:
            copies[service] = read(client, "/health/catalogue") or {}
    published = copies["routing"]
    differing: dict[str, list[str]] = {}
    for service, copy in copies.items():
        digests, items = copy["in_force"], published["in_force"].items()
        differing[service] = [item for item, digest in items if digests.get(item) != digest]
    if json:
        screen.as_json({"services": copies, "differing": differing})
    else:
        _show_copies(copies, differing)
    is_level = not any(differing.values()) and not any(copy["refused"] for copy in copies.values())
    return exits.DONE if is_level else exits.FAILED


def _show_copies(copies: Mapping[str, Mapping[str, Any]], differing: Mapping[str, Sequence[str]]) -> None:
    rows = [
        (service, len(copy["in_force"]), ", ".join(differing[service]) or "-", len(copy["refused"]))
        for service, copy in copies.items()
    ]
    screen.table("The catalogue in each service", ("service", "in force", "not taken over", "refused"), rows)
    for service, copy in copies.items():
        for item in copy["refused"]:
            screen.complain(f"{service} refused {item['item']} {item['digest'][:12]}: {item['fault']}")
    calendar = copies["routing"]
    covered = f"until {calendar['covers_until']}; {calendar['days_left']} days are left"
    screen.say(f"The calendar covers {covered}.")
    if calendar["ends_soon"]:
        screen.complain("near its end dossiers get no date: publish the next calendar")
    days = [f"{line['day']} ({line['name_en']})" for line in calendar["unconfirmed_days"]]
    if days:
        screen.note(f"No decision confirms these days yet: {', '.join(days)}")


def files_of(folder: Path) -> dict[str, str]:
    """A folder's files by the names that the service expects."""
    paths = [*folder.glob("*.yaml"), *folder.glob("*.csv"), *(folder / "procedures").glob("*.yaml")]
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in sorted(paths)}


def _format_count(problems: Sequence[object]) -> str:
    return "1 problem" if len(problems) == 1 else f"{len(problems)} problems"


def _summary(report: CheckReport) -> str:
    return (
        f"The catalogue is whole: {report.procedures} procedures in {report.versions} versions, "
        f"{report.offices} offices, {report.texts} texts; "
        f"{report.resolutions:,} times a role was looked up, on {report.dates} dates."
    )


def _show(answer: dict[str, Any]) -> None:
    rows = [(key, "new") for key in answer["new"]] + [(key, "changed") for key in answer["changed"]]
    if not rows:
        screen.say(f"Nothing differs: all {answer['unchanged']} items are in force already.")
        return
    screen.table("Would be published" if answer["dry_run"] else "Published", ("item", "what"), sorted(rows))
    if answer["dry_run"]:
        screen.note("Nothing was changed: this was a dry run.")
