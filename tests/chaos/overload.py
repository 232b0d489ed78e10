"""Five times what the door can take: what is let in is finished, the rest is told when to come again.

`python -m tests.chaos.overload [--seconds 120] [--times 5]` measures what this machine can take first, then
prints what became of everything that was offered. Ends with 1 when a promise was broken.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import uvloop

from deploy.local.ports import LOOPBACK
from deploy.local.servers import kafka, postgres
from deploy.local.servers.topics import count_records
from shared.events import topics
from tests import databases
from tests.builders.wire import until
from tests.chaos.door import City, OpenDoor, furnish, open_door
from tests.chaos.load import Crowd, Told

CALLERS_AT_EASE = 64
MOST_CALLERS = 6000
MOST_GROWTH = 0.10
SLACK_SECONDS = 3.0
ASKED_AGAIN = 40


@dataclass(frozen=True, slots=True)
class Plan:
    """How long each phase takes, how many times too much comes, and the door's own limit in seconds."""

    calibrate: float
    warm: float
    press: float
    times: float
    queue_seconds: float


@dataclass(frozen=True, slots=True)
class Found:
    """Everything seen in one run. `grown`: the process's memory at its most, over that after the warm-up."""

    can_take: float
    told: Told
    grown: float
    stored: Counter[UUID]
    published: int
    expected: int
    again: Told
    queue_seconds: float

    def complaints(self) -> list[str]:
        """Which promises were broken, one sentence each; empty when all held."""
        return [*self._of_the_accepted(), *self._of_the_rest(), *self._of_the_house()]

    def _of_the_accepted(self) -> list[str]:
        keys = [answer.key for answer in self.told.accepted]
        lost = [key for key in keys if self.stored[key] == 0]
        doubled = [key for key in keys if self.stored[key] > 1]
        found = [f"{len(lost)} accepted and lost"] if lost else []
        found += [f"{len(doubled)} accepted twice"] if doubled else []
        if self.published != self.expected:
            found.append(f"{self.published} facts on the topic, {self.expected} expected")
        slow = self.told.accepted and percentile(self.told, 99) > self.queue_seconds + SLACK_SECONDS
        return [*found, f"accepted after {percentile(self.told, 99):.1f} s (p99)"] if slow else found

    def _of_the_rest(self) -> list[str]:
        turned = self.told.turned_away
        other = Counter(a.status for a in self.told.answers if a.status not in {200, 201, 429, 503})
        found = [f"{count} answered {status}" for status, count in other.items()]
        if not turned:
            found.append("nobody was turned away, though far more came than can be taken")
        if mute := [answer for answer in turned if not answer.retry_after.isdecimal()]:
            found.append(f"{len(mute)} turned away without Retry-After")
        if worked := [answer.key for answer in turned if self.stored[answer.key]]:
            found.append(f"{len(worked)} turned away and yet recorded")
        return found

    def _of_the_house(self) -> list[str]:
        found = [f"memory grew by {self.grown:.0%}"] if self.grown > MOST_GROWTH else []
        codes = {answer.key: answer.code for answer in self.told.accepted}
        changed = [
            a.key for a in self.again.answers if a.key in codes and (a.status, a.code) != (200, codes[a.key])
        ]
        return [*found, f"{len(changed)} retries got another answer"] if changed else found


async def press(city: City, door: OpenDoor, plan: Plan) -> Found:
    """Calibrate, warm up beyond what it can take, then press, and count."""
    crowd = Crowd(LOOPBACK, door.port, most=MOST_CALLERS)
    await crowd.gather(CALLERS_AT_EASE)
    easy = await crowd.as_fast_as_answered(plan.calibrate)
    can_take = len(easy.accepted) / easy.seconds
    rate = plan.times * can_take
    await crowd.gather(int(can_take * (plan.queue_seconds + 1)) + CALLERS_AT_EASE)
    warm = await crowd.at_rate(rate, plan.warm)
    before, watching = door.memory, asyncio.create_task(_most_memory(door))
    told = await crowd.at_rate(rate, plan.press)
    watching.cancel()
    most = await watching
    again = await crowd.again(_sample(told))
    crowd.disperse()
    fresh = [answer for answer in again.answers if answer.status == 201]
    expected = len(easy.accepted) + len(warm.accepted) + len(told.accepted) + len(fresh)
    return Found(
        can_take=can_take,
        told=told,
        grown=most / before - 1,
        stored=await _stored(city, [answer.key for answer in told.answers], {a.key for a in fresh}),
        published=await _published(city),
        expected=FACTS_EACH * expected,
        again=again,
        queue_seconds=plan.queue_seconds,
    )


FACTS_EACH = 2
"""A dossier of this kind is submitted and at once accepted by rule."""


def percentile(told: Told, which: int) -> float:
    """Seconds until this share of the accepted had their answer."""
    seconds = [answer.seconds for answer in told.accepted]
    return statistics.quantiles(seconds, n=100)[which - 1] if len(seconds) > 1 else max(seconds, default=0.0)


def table(found: Found) -> str:
    """What was seen, a line a fact."""
    told = found.told
    statuses = Counter(answer.status for answer in told.answers)
    offered = len(told.answers)
    a_second = offered / told.seconds
    finished = sum(1 for answer in told.accepted if found.stored[answer.key] == 1)
    lines = [
        ("can take", f"{found.can_take:,.0f} a second ({CALLERS_AT_EASE} callers)"),
        ("offered", f"{offered:,} in {told.seconds:.1f} s: {a_second:,.0f} a second, "
                    f"{a_second / found.can_take:.1f} times that; no free caller {told.not_offered:,}"),
        ("accepted", f"{len(told.accepted):,}: {len(told.accepted) / told.seconds:,.0f} a second"),
        ("turned away", f"{len(told.turned_away):,} ({statuses[503]:,} by 503, {statuses[429]:,} by 429)"),
        ("otherwise", f"{offered - len(told.accepted) - len(told.turned_away):,} "
                      f"(sent again, since the connection was just being closed: {told.sent_again:,})"),
        ("finished", f"{finished:,} of {len(told.accepted):,}"),
        ("facts sent", f"{found.published:,} of {found.expected:,}"),
        ("p50 of accepted", f"{percentile(told, 50):.3f} s"),
        ("p99 of accepted", f"{percentile(told, 99):.3f} s (limit {found.queue_seconds:.1f} s)"),
        ("memory", f"{found.grown:+.1%}"),
    ]  # fmt: skip
    return "\n".join(f"{name:16} {said}" for name, said in lines)


async def _most_memory(door: OpenDoor) -> int:
    most = door.memory
    try:
        while True:
            await asyncio.sleep(0.1)
            most = max(most, door.memory)
    except asyncio.CancelledError:
        return most


def _sample(told: Told) -> list[UUID]:
    """Some of both, to be sent once more."""
    return [a.key for a in (*told.accepted[:ASKED_AGAIN], *told.turned_away[:ASKED_AGAIN])]


async def _stored(city: City, keys: Sequence[UUID], retried: set[UUID]) -> Counter[UUID]:
    """How many dossiers each of these keys became, those left out that were sent again."""
    pool = await city.database.pool("intake")
    rows = await pool.fetch(
        """SELECT key, count(*) AS n FROM submissions JOIN dossiers ON id = dossier_id
            WHERE key = ANY($1) GROUP BY key""",
        [key for key in keys if key not in retried],
    )
    return Counter({row["key"]: row["n"] for row in rows})


async def _published(city: City) -> int:
    """How many facts are on the topic once nothing is left to send."""
    pool = await city.database.pool("intake")

    async def sent() -> bool:
        return not await pool.fetchval("SELECT EXISTS (SELECT FROM outbox)")

    await until(sent, seconds=120)
    topic = topics.Topic(city.prefix + "dossier.events", "intake", topics.DOSSIER_EVENTS.partitions, None)
    return (await asyncio.to_thread(count_records, city.kafka, [topic]))[topic.name]


async def _main(plan: Plan) -> int:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        with postgres.running(place / "postgres") as server, kafka.running(place / "kafka") as broker:
            await databases.build_templates(server.url)
            database = await databases.copy_of_templates(server.url)
            city = City(database, broker.bootstrap, f"o{uuid4().hex[:6]}.")
            await furnish(city)
            settings = {"MOTCUA_QUEUE_SECONDS": str(plan.queue_seconds)}
            async with open_door(city, place, settings) as door:
                found = await press(city, door, plan)
            await database.drop()
    print(table(found))  # noqa: T201
    for complaint in found.complaints():
        print(f"BROKEN: {complaint}")  # noqa: T201
    return 1 if found.complaints() else 0


if __name__ == "__main__":
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--seconds", type=float, default=120)
    said.add_argument("--times", type=float, default=5)
    chosen = said.parse_args()
    sys.exit(uvloop.run(_main(Plan(8, 15, chosen.seconds, chosen.times, queue_seconds=3.0))))
