"""Every record three times, shuffled as far as Kafka allows: the same canonical dump as once in order."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from uuid import uuid4

import pytest

from deploy.local.dump import as_text
from services.intake.inbound import kafka as intake_reads
from services.intake.usecases.save_views import save_case_views
from shared.db.transaction import Tx
from shared.events import topics
from shared.events.envelope import Event
from shared.messaging.record import positions
from shared.messaging.record.batch import Batch
from shared.messaging.record.classify import Key
from tests import databases
from tests.builders.hostile import Writer
from tests.databases import Database
from tests.integration.repetition.shuffled import TIMES, Placed, pieces, three_times_in_any_order
from tests.integration.repetition.worlds import Followers, Offices, captured, dump, hand_in
from tests.integration.routing.conftest import standing

pytestmark = pytest.mark.integration
SEED = int(os.environ.get("MOTCUA_SEED", "0")) or Random().randrange(1, 10**6)
EACH = int(os.environ.get("MOTCUA_EACH", "8"))


def prefix() -> str:
    return f"t{uuid4().hex[:10]}."


@dataclass
class Ordered:
    """The world as it happened: how it began, what everybody said, and its dump in the end."""

    beginning: Database
    dossiers: int
    records: list[Placed]
    text: str


@pytest.fixture(scope="module")
async def ordered(
    postgres_url: str, kafka: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Ordered]:
    """Dossiers handed in, worked, ended; every record read once, in order."""
    beginning = await databases.copy_of_templates(postgres_url)
    dossiers = await hand_in(beginning, EACH)
    database, own, writer = await databases.copy_of(beginning), prefix(), Writer(kafka)
    async with standing(database, kafka, own, tmp_path_factory.mktemp("once")) as world:
        await Offices(world, Random(SEED), times=1).work_until(dossiers)
        records = await captured(kafka, own)
    followers = Followers(database, kafka, prefix(), writer)
    await followers.read([records])
    results = await followers.results()
    await followers.read([results])
    yield Ordered(beginning, dossiers, [*records, *results], as_text(await dump(database)))
    writer.close()
    await database.drop()
    await beginning.drop()


async def again(ordered: Ordered, kafka: str, folder: Path) -> str:
    """The dump of a second world that begins like the first and is told everything three times."""
    dice, writer = Random(SEED), Writer(kafka)
    database, own = await databases.copy_of(ordered.beginning), prefix()
    await (await database.pool("intake")).execute("DELETE FROM outbox")
    facts = [placed for placed in ordered.records if placed[0] == topics.DOSSIER_EVENTS.name]

    async def say(told: Iterable[Sequence[Placed]]) -> None:
        for piece in told:
            for topic, partition, sent in piece:
                await asyncio.to_thread(writer.write, own + topic, partition, [sent])

    try:
        async with standing(database, kafka, own, folder) as world:
            saying = asyncio.create_task(say(pieces(three_times_in_any_order(facts, dice), dice)))
            await Offices(world, dice, times=TIMES).work_until(ordered.dossiers)
            await saying
        mixed = three_times_in_any_order(ordered.records, dice)
        await Followers(database, kafka, prefix(), writer).read(pieces(mixed, dice))
        return as_text(await dump(database))
    finally:
        writer.close()
        await database.drop()


async def test_the_dump_is_that_of_the_single_ordered_run(
    ordered: Ordered, kafka: str, tmp_path: Path
) -> None:
    text = await again(ordered, kafka, tmp_path)
    assert text.count('"state": "completed"') >= 2 * EACH
    assert text.splitlines() == ordered.text.splitlines(), f"MOTCUA_SEED={SEED}"


async def test_a_reader_for_whom_the_last_word_wins_is_caught(
    ordered: Ordered, kafka: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in = positions.advance_fences

    async def nothing_seen(
        tx: Tx, upto: Mapping[positions.Place, int], keys: Sequence[Key]
    ) -> positions.IntakePositions:
        taken = await take_in(tx, upto, keys)
        taken.seen.clear()
        return taken

    async def last_word_wins(tx: Tx, batch: Batch[Event]) -> None:
        await tx.execute("DELETE FROM case_views WHERE root_id = ANY($1)", batch.roots)
        await save_case_views(tx, batch)

    monkeypatch.setattr(positions, "advance_fences", nothing_seen)
    monkeypatch.setattr(intake_reads, "save_case_views", last_word_wins)
    dice, writer, database = Random(SEED), Writer(kafka), await databases.copy_of(ordered.beginning)
    mixed = three_times_in_any_order(ordered.records, dice)
    await Followers(database, kafka, prefix(), writer).read(pieces(mixed, dice))
    seen = as_text({"intake": (await dump(database))["intake"]}).splitlines()
    assert seen != [line for line in ordered.text.splitlines() if line.startswith("intake ")]
    writer.close()
    await database.drop()
