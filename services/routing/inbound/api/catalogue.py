"""HTTP API to publish a new edition of the catalogue while the service runs."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import asyncpg
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.routing.domain.editions.catalogue_diff import mistakes_refusal
from services.routing.inbound.api.callers import Operator
from services.routing.store import catalogue as catalogue_store
from services.routing.usecases.publish_catalogue import publish_upload
from services.routing.words import field_error, text
from shared.catalogue.checks.check import check_folder
from shared.catalogue.loading.load import Items, load_folder
from shared.catalogue.loading.located_data import DataProblem
from shared.db.transaction import transaction
from shared.errors import FieldError
from shared.web.answers.answer import Answer
from shared.web.protection.route_limits import LARGE_FILES, limited

FileName = Annotated[str, Field(pattern=r"^(procedures/)?[a-z0-9][a-z0-9-]{0,80}\.(yaml|csv)$")]
Text = Annotated[str, Field(max_length=600_000)]
MOST_PROBLEMS = 100
"""The most problems listed in one answer."""
ANSWERS: dict[int | str, dict[str, Any]] = {
    409: {"description": text("api.rewrites_what_is_in_force").side_by_side}
}


class CatalogueUploadBody(BaseModel):
    """The files of a catalogue folder by name. `dry_run`: report the differences only."""

    model_config = ConfigDict(extra="forbid")

    files: dict[FileName, Text] = Field(min_length=1, max_length=300)
    dry_run: bool = False


class CatalogueDiffAnswer(BaseModel):
    """Keys of the items that were published or, in a dry run, would be; `unchanged`: the number of others."""

    new: list[str]
    changed: list[str]
    unchanged: int
    dry_run: bool


class ItemAnswer(Answer):
    """A stored item. `origin`: `release` (published at start) or `operator`. `digest`: SHA-256 in hex."""

    item: str
    digest: str
    origin: str
    published_at: datetime


def catalogue_routes(pool: asyncpg.Pool) -> APIRouter:
    """Routes to list stored items and to publish an edition."""
    router = APIRouter(prefix="/v1/catalogue", tags=["catalogue"])

    @router.get("")
    async def items(actor: Operator) -> list[ItemAnswer]:
        """All items of the catalogue with digest, origin and time of publication."""
        async with transaction(pool) as tx:
            heads = await catalogue_store.list_heads(tx)
        return list(map(ItemAnswer.model_validate, heads))

    @router.post("", responses=ANSWERS)
    @limited(LARGE_FILES)
    async def publish(body: CatalogueUploadBody, actor: Operator) -> CatalogueDiffAnswer:
        """Publish an edition, all of it or nothing. Every file is checked as by `motcua catalogue check`.

        Publishing the same edition again changes nothing.
        """
        offered = await asyncio.to_thread(_read, body.files)
        async with transaction(pool) as tx:
            diff = await publish_upload(tx, offered, actor, dry_run=body.dry_run)
        return CatalogueDiffAnswer(
            new=list(diff.new),
            changed=list(diff.changed),
            unchanged=diff.unchanged,
            dry_run=body.dry_run,
        )

    return router


def _read(files: dict[str, str]) -> Items:
    """Parse and check these files. Raises Refused with file, line, field and remedy of every mistake."""
    with temporary_folder(files) as folder:
        problems = check_folder(folder).problems
        if problems:
            raise mistakes_refusal(problem_field(problem) for problem in problems[:MOST_PROBLEMS])
        return load_folder(folder)


@contextmanager
def temporary_folder(files: Mapping[str, str]) -> Iterator[Path]:
    """Write these files to a temporary catalogue folder, deleted at the end."""
    with TemporaryDirectory(prefix="motcua-catalogue-") as name:
        folder = Path(name)
        (folder / "procedures").mkdir()
        for file, text in files.items():
            (folder / file).write_text(text, encoding="utf-8", errors="replace")
        yield folder


def problem_field(problem: DataProblem) -> FieldError:
    """A problem of a file as an error of a field."""
    place = f"{problem.file}:{problem.line} {problem.field}"
    return field_error(place, "bad_catalogue", problem=problem.message)
