"""A new edition of the catalogue takes effect without a restart, outlives one, and rewrites no dossier."""

import unicodedata
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from deploy.cli.catalogue import files_of
from services.routing.domain.case.case import Case
from services.routing.store import catalogue as catalogue_store
from services.routing.usecases.publish_catalogue import merged_items, publish_release
from shared.catalogue import Catalogue
from shared.catalogue.loading.load import load_folder
from shared.db.transaction import transaction
from tests.builders.routing import accepted_event, submitted_case, submitted_event
from tests.integration.routing.conftest import World

pytestmark = pytest.mark.integration
FOLDER = Path("deploy/catalogue")
FILE = "procedures/business-household.yaml"
PROCEDURE = "business-household"

SECOND = """- like: 1
  version: 2
  effective_from: 2026-03-06
  effective_to: null
  without_steps: [tax-code]
"""


def with_a_second_version() -> dict[str, str]:
    """From this Friday on, the tax office is no longer asked."""
    files = files_of(FOLDER)
    files[FILE] = files[FILE].replace("effective_to: null", "effective_to: 2026-03-05", 1) + SECOND
    return files


async def publish(world: World, files: dict[str, str], *, dry_run: bool = False) -> httpx.Response:
    return await world.post("operator", "/v1/catalogue", {"files": files, "dry_run": dry_run})


async def accepted(world: World, version: int) -> list[str]:
    case = replace(submitted_case(PROCEDURE), version=version)
    await world.intake_says([submitted_event(case), accepted_event(case)])
    return _steps(await world.until_state(case, "in_process"))


def _steps(case: Case) -> list[str]:
    return [task.step for task in case.current_tasks if not task.is_reception]


async def test_dossiers_keep_their_version_and_new_ones_take_the_new(world: World) -> None:
    assert (await publish(world, with_a_second_version(), dry_run=True)).json()["new"] == [
        f"procedure:{PROCEDURE}:2"
    ]
    first = await publish(world, with_a_second_version())
    assert first.json() == {
        "new": [f"procedure:{PROCEDURE}:2"],
        "changed": [f"procedure:{PROCEDURE}:1"],
        "unchanged": first.json()["unchanged"],
        "dry_run": False,
    }
    assert await accepted(world, 2) == ["intake", "review"]
    assert await accepted(world, 1) == ["intake", "review", "tax-code"]
    assert (await publish(world, with_a_second_version())).json()["changed"] == []


async def test_it_outlives_the_next_start_and_is_told_with_its_author(world: World) -> None:
    await publish(world, with_a_second_version())
    release = load_folder(FOLDER)
    async with transaction(world.routing) as tx:
        known = {kept.item: kept for kept in await catalogue_store.list_heads(tx)}
        restarted = Catalogue.from_items(merged_items(await catalogue_store.read_items(tx), known, release))
        assert await publish_release(tx, release) == []
        lines = await tx.fetch("SELECT actor, facts FROM audit_lines WHERE act = 'catalogue.published'")
    assert restarted.procedure_version(PROCEDURE, 2).steps
    assert [kept.item for kept in known.values() if kept.origin == "operator"] == [
        f"procedure:{PROCEDURE}:1",
        f"procedure:{PROCEDURE}:2",
    ]
    assert [line["actor"]["role"] for line in lines] == ["operator"]


async def test_what_is_in_force_is_not_rewritten_and_then_nothing_is(
    world: World,
) -> None:
    files = with_a_second_version()
    files[FILE] = files[FILE].replace("amount: 3,", "amount: 2,", 1)
    answer = await publish(world, files)
    assert (answer.status_code, answer.json()["code"]) == (409, "version_in_force")
    assert answer.json()["errors"][0]["field"] == f"procedure:{PROCEDURE}:1"
    listed = (await world.get("operator", "/v1/catalogue")).json()
    assert f"procedure:{PROCEDURE}:2" not in {row["item"] for row in listed}


async def test_mistakes_are_named_by_file_line_and_field(world: World) -> None:
    files = files_of(FOLDER)
    files["organisation.yaml"] = files["organisation.yaml"].replace("serves: [DOJ]", "serves: []")
    answer = await publish(world, files)
    assert (answer.status_code, answer.json()["code"]) == (422, "catalogue_has_mistakes")
    (error,) = answer.json()["errors"]
    assert error["field"].startswith("organisation.yaml:")
    assert error["field"].endswith("roles.DOJ")
    assert error["en"] == "0 parties serve DOJ; exactly one must"
    missing = await publish(world, {"organisation.yaml": files["organisation.yaml"]})
    assert missing.status_code == 422


async def test_a_text_that_notification_would_refuse_is_refused_here(world: World) -> None:
    files = files_of(FOLDER)
    lines = files["messages.yaml"].splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("  dossier.paid: ")]
    assert len(kept) == len(lines) - 1
    files["messages.yaml"] = "".join(kept)
    answer = await publish(world, files)
    assert (answer.status_code, answer.json()["code"]) == (422, "catalogue_has_mistakes")
    (error,) = answer.json()["errors"]
    assert error["field"].endswith("silence.dossier.paid")
    assert error["en"] == "is missing; say why no text tells of it"


async def test_an_edition_in_decomposed_unicode_is_no_other_edition(world: World) -> None:
    same = {name: unicodedata.normalize("NFD", text) for name, text in files_of(FOLDER).items()}
    assert same != files_of(FOLDER)
    answer = await publish(world, same)
    assert (answer.json()["new"], answer.json()["changed"]) == ([], [])


async def test_only_an_operator_publishes(world: World) -> None:
    answer = await world.post("counter", "/v1/catalogue", {"files": {}})
    assert answer.status_code == 403
