"""Servers that go away, stall, break off or never answer, and clocks that go back: nothing is lost meanwhile.

`python -m tests.chaos.away [--seconds 60] [SCENARIO…]` puts a proxy before PostgreSQL and one before Kafka,
lets citizens go on filing, and prints a row a scenario. Ends with 1 when a promise was broken.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import uvloop

from deploy.local.ports import LOOPBACK, free_port
from deploy.local.servers import kafka
from tests import databases
from tests.builders.intake import FRIDAY
from tests.builders.wire import until
from tests.chaos import disk, proxy
from tests.chaos.citizens import Citizens
from tests.chaos.clocks import hour_back
from tests.chaos.disk import Fill
from tests.chaos.door import City
from tests.chaos.house import House
from tests.chaos.proxy import FAIR, Proxy, Weather
from tests.chaos.stuck import stuck_is_seen
from tests.databases import SERVICES, Database

LONG_SECONDS = 60.0
BACK_SECONDS = {"postgres": 10.0, "kafka": 30.0}
EASE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Scenario:
    """What the lines to the two servers are like for a while."""

    name: str
    postgres: Weather = FAIR
    kafka: Weather = FAIR
    clocks: bool = False
    disk: bool = False


GONE, LATE, STALLED = Weather(gone=True), Weather(delay=0.05), Weather(stalled=True)
BREAKS, SILENT = Weather(breaks=0.05), Weather(silent=True)
SCENARIOS = (
    Scenario("postgres-away", postgres=GONE),
    Scenario("kafka-away", kafka=GONE),
    Scenario("both-away", postgres=GONE, kafka=GONE),
    Scenario("postgres-late", postgres=LATE),
    Scenario("kafka-late", kafka=LATE),
    Scenario("postgres-stalled", postgres=STALLED),
    Scenario("kafka-stalled", kafka=STALLED),
    Scenario("postgres-resets", postgres=BREAKS),
    Scenario("kafka-resets", kafka=BREAKS),
    Scenario("postgres-silent", postgres=SILENT),
    Scenario("kafka-silent", kafka=SILENT),
    Scenario("clocks-back", clocks=True),
    Scenario("disk-full", disk=True),
)


@dataclass
class Rig:
    """A house whose ways to its servers can be disturbed; `plain` goes to PostgreSQL undisturbed."""

    house: House
    postgres: Proxy
    kafka: Proxy
    plain: Database
    fill_disk: Fill | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true once all is quiet again."""

    slips: Sequence[str]
    dossiers: Sequence[str]
    cases: Sequence[str]
    texts: Sequence[str]
    unsettled: int
    held: int
    wrong_answers: int

    def complaints(self) -> list[str]:
        """Which promises were broken."""
        found = [
            _count("accepted and lost", set(self.slips) - set(self.dossiers)),
            _count("accepted twice", _twice(self.slips) | _twice(self.dossiers)),
            _count("not with routing", set(self.slips) - set(self.cases)),
            _count("texts twice", _twice(self.texts)),
            f"{self.unsettled} messages neither sent nor in doubt" if self.unsettled else "",
            f"{self.held} records held" if self.held else "",
            f"{self.wrong_answers} answers other than taken or busy" if self.wrong_answers else "",
        ]
        return [complaint for complaint in found if complaint]


@dataclass(frozen=True, slots=True)
class Row:
    """A scenario as it went. Seconds count from the end of the disturbance."""

    scenario: Scenario
    facts: Facts
    statuses: Counter[int]
    taken_meanwhile: int
    first_taken: float
    first_case: float

    def complaints(self) -> list[str]:
        """Broken promises, those about time among them."""
        found = self.facts.complaints()
        if self.first_taken > BACK_SECONDS["postgres"]:
            found.append(f"first taken after {self.first_taken:.1f} s")
        if self.first_case > BACK_SECONDS["kafka"]:
            found.append(f"first case after {self.first_case:.1f} s")
        if self.scenario.postgres == FAIR and not self.scenario.disk and not self.taken_meanwhile:
            found.append("nothing was taken though PostgreSQL was there")
        return found


async def play(rig: Rig, scenario: Scenario, seconds: float) -> Row:
    """Ease, the disturbance, ease again; then everything is counted."""
    citizens = Citizens(rig.house.http["intake"])
    citizens.come()
    await asyncio.sleep(EASE_SECONDS)
    began = time.monotonic()
    async with _disturbed(rig, scenario):
        await asyncio.sleep(seconds)
        ended = time.monotonic()

    async def taken() -> bool:
        return bool(citizens.taken_since(ended))

    await until(taken, seconds=90)
    first_taken = min(slip.at for slip in citizens.taken_since(ended)) - ended
    await until(lambda: _any_case(rig.plain, [slip.code for slip in citizens.taken_since(ended)]), seconds=90)
    first_case = time.monotonic() - ended
    await asyncio.sleep(EASE_SECONDS)
    await citizens.go()
    return Row(
        scenario,
        await _facts(rig, citizens),
        citizens.statuses,
        sum(began <= slip.at < ended for slip in citizens.slips),
        first_taken,
        first_case,
    )


@asynccontextmanager
async def _disturbed(rig: Rig, scenario: Scenario) -> AsyncIterator[None]:
    with ExitStack() as stack:
        if scenario.clocks:
            stack.enter_context(hour_back())
            await rig.plain.set_clock(FRIDAY.replace(hour=FRIDAY.hour - 1))
        if scenario.disk and rig.fill_disk is not None:
            stack.enter_context(rig.fill_disk())
        await rig.postgres.turn(scenario.postgres)
        await rig.kafka.turn(scenario.kafka)
        try:
            yield
        finally:
            await rig.postgres.turn(FAIR)
            await rig.kafka.turn(FAIR)


async def _facts(rig: Rig, citizens: Citizens) -> Facts:
    """Wait until all is delivered, then read it past the proxies."""
    connection = await asyncpg.connect(rig.plain.city_admin_url)
    try:
        await until(lambda: _settled(connection, citizens), seconds=120)
        keys = [slip.key for slip in citizens.slips]
        rows = await connection.fetch(
            """SELECT code FROM intake.submissions JOIN intake.dossiers ON id = dossier_id
                WHERE key = ANY($1)""",
            keys,
        )
        codes = [slip.code for slip in citizens.slips]
        cases = await connection.fetch("SELECT code FROM routing.cases WHERE code = ANY($1)", codes)
        unsettled = await connection.fetchval(
            """SELECT count(*) FROM notification.messages
                WHERE code = ANY($1) AND state IN ('planned', 'sending')""",
            codes,
        )
        held = [await connection.fetchval(f"SELECT count(*) FROM {name}.held") for name in SERVICES]  # noqa: S608
    finally:
        await connection.close()
    return Facts(
        slips=codes,
        dossiers=[row["code"] for row in rows],
        cases=[row["code"] for row in cases],
        texts=[one.text for one in rig.house.texts.shelf.all()],
        unsettled=unsettled or 0,
        held=sum(held),
        wrong_answers=citizens.mute
        + sum(n for s, n in citizens.statuses.items() if s not in {200, 201, 503}),
    )


async def _settled(connection: asyncpg.Connection, citizens: Citizens) -> bool:
    codes = [slip.code for slip in citizens.slips]
    cases = await connection.fetchval("SELECT count(*) FROM routing.cases WHERE code = ANY($1)", codes)
    rows = [await connection.fetchval(f"SELECT count(*) FROM {name}.outbox") for name in SERVICES]  # noqa: S608
    told = await connection.fetchval(
        "SELECT count(DISTINCT code) FROM notification.messages WHERE code = ANY($1)", codes
    )
    waits = await connection.fetchval(
        """SELECT EXISTS (SELECT FROM notification.messages
                           WHERE code = ANY($1) AND state IN ('planned', 'sending'))""",
        codes,
    )
    return cases == told == len(codes) and not any(rows) and not waits


async def _any_case(database: Database, codes: Sequence[str]) -> bool:
    connection = await asyncpg.connect(database.city_admin_url)
    try:
        asked = "SELECT EXISTS (SELECT FROM routing.cases WHERE code = ANY($1))"
        return bool(await connection.fetchval(asked, list(codes)))
    finally:
        await connection.close()


@asynccontextmanager
async def rig(plain: Database, folder: Path, *, stuck_seconds: float = 10.0) -> AsyncIterator[Rig]:
    """A house of its own broker, with a proxy before each server."""
    await plain.set_clock(FRIDAY)
    told_port = free_port()
    (folder / "kafka").mkdir(exist_ok=True)
    with kafka.running(folder / "kafka", advertised_port=told_port) as broker:
        to_postgres = urlsplit(plain.admin_url).port or 0
        async with (
            proxy.before(to_postgres) as postgres_line,
            proxy.before(broker.port, port=told_port) as kafka_line,
        ):
            disturbed = replace(plain, admin_url=_through(plain.admin_url, postgres_line.port), pools=[])
            city = City(disturbed, f"{LOOPBACK}:{told_port}", f"a{uuid4().hex[:6]}.")
            house = House(city, folder, stuck_seconds=stuck_seconds)
            await house.furnish(["city-police"])
            await house.open()
            try:
                await house.ready()
                yield Rig(house, postgres_line, kafka_line, plain)
            finally:
                await house.leave()


def table(rows: Sequence[Row]) -> str:
    """A row a scenario."""
    heads = "scenario           taken  meanwhile  busy  otherwise  first taken  first case  lost or doubled"
    return "\n".join([heads, *map(_line, rows)])


def _line(row: Row) -> str:
    taken = sum(row.statuses[status] for status in (200, 201))
    broken = "; ".join(row.complaints()) or "none"
    return (
        f"{row.scenario.name:18} {taken:5}  {row.taken_meanwhile:9}  {row.statuses[503]:4}  "
        f"{row.facts.wrong_answers:9}  {row.first_taken:9.1f} s  {row.first_case:8.1f} s  {broken}"
    )


def _through(admin_url: str, port: int) -> str:
    before, _, after = admin_url.rpartition(":")
    return f"{before}:{port}/{after.partition('/')[2]}"


def _count(what: str, codes: set[str]) -> str:
    return f"{len(codes)} {what}" if codes else ""


def _twice(names: Sequence[str]) -> set[str]:
    return {name for name, times in Counter(names).items() if times > 1}


async def _main(names: Sequence[str], seconds: float, tries: int) -> int:
    chosen = [scenario for scenario in SCENARIOS if not names or scenario.name in names]
    broken = 0
    with tempfile.TemporaryDirectory() as folder, disk.running(Path(folder) / "postgres") as (server, small):
        await databases.build_templates(server.url)
        database = await databases.copy_of_templates(server.url)
        fill = await disk.put_on(database, small, server.user) if small else None
        async with rig(database, Path(folder)) as made:
            made.fill_disk = fill
            print(table([]), flush=True)  # noqa: T201
            for scenario in chosen:
                if scenario.disk and fill is None:
                    print(f"{scenario.name:18} left out: no small disk may be mounted here")  # noqa: T201
                    continue
                row = await play(made, scenario, seconds)
                broken += len(row.complaints())
                print(_line(row), flush=True)  # noqa: T201
            if not names or "stuck" in names:
                seen = await stuck_is_seen(made.house, made.kafka, tries)
                broken += sum(1 for one in seen if one is None or one > LONG_SECONDS)
                said = ", ".join("never" if one is None else f"{one:.0f}" for one in seen)
                print(f"stuck consumers seen after (seconds): {said}")  # noqa: T201
    return 1 if broken else 0


if __name__ == "__main__":
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("scenarios", nargs="*", metavar="SCENARIO")
    said.add_argument("--seconds", type=float, default=LONG_SECONDS)
    said.add_argument("--tries", type=int, default=20)
    given = said.parse_args()
    sys.exit(uvloop.run(_main(given.scenarios, given.seconds, given.tries)))
