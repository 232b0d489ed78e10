"""The findings put together: counts, lines, a report; it holds only if nothing contradicts it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console

from deploy.demo.city_day.city import City
from deploy.demo.city_day.closing_check.check import chains_verify, nothing_is_stuck
from deploy.demo.city_day.closing_check.counted import filed_is_accounted_for
from deploy.demo.city_day.closing_check.delivered import replies_take_effect_once, tasks_delivered_once
from deploy.demo.city_day.closing_check.finding import Finding
from deploy.demo.city_day.closing_check.personal import nothing_personal
from deploy.local.home import Home
from tests.chaos.kills.doors import Doors
from tests.chaos.kills.judge import judge
from tests.chaos.kills.victims import Hit
from tests.chaos.kills.world import World


@dataclass(frozen=True)
class Verdict:
    """What the judge counts, and what the closing check of a city's day asks besides."""

    counted: Mapping[str, Finding]
    closing: Sequence[Finding]

    @property
    def holds(self) -> bool:
        """Nothing was found against it."""
        return all(finding.holds for finding in (*self.counted.values(), *self.closing))

    def print(self, console: Console) -> None:
        """Line by line."""
        for finding in (*self.counted.values(), *self.closing):
            finding.print(console)
        console.print("All holds." if self.holds else "It does not hold.", style="bold")

    def as_json(self) -> dict[str, Any]:
        """For a machine."""
        return {
            "holds": self.holds,
            "counts": {name: len(finding.contradictions) for name, finding in self.counted.items()},
            "findings": [
                {"line": finding.line, "holds": finding.holds, "against": finding.contradictions}
                for finding in (*self.counted.values(), *self.closing)
            ],
        }


async def reach(doors: Doors, world: World, home: Home, complaints: Sequence[str]) -> Verdict:
    """Ask everything there is to ask."""
    async with await City.open(doors.stack) as city:
        closing = [
            await filed_is_accounted_for(city.sql, [one.code for one in world.filed]),
            await tasks_delivered_once(city.sql, world.records),
            await replies_take_effect_once(city.sql, world.records),
            await chains_verify(city.sql),
            await nothing_is_stuck(city.sql),
            nothing_personal(world.records, sorted(home.logs.glob("*.log")), await _metrics(doors)),
        ]
    doors_held = Finding("no door answered with an error of its own", [*doors.complaints, *complaints])
    return Verdict(judge(world), [*closing, doors_held])


async def _metrics(doors: Doors) -> list[tuple[str, bytes]]:
    stack = doors.stack
    urls = {"intake": stack.intake_url, "routing": stack.routing_url, "notification": stack.notification_url}
    return [(name, (await doors.insist("GET", f"{url}/metrics")).content) for name, url in urls.items()]


def facts(hits: Sequence[Hit], world: World, doors: Doors) -> dict[str, Any]:
    """What happened, in figures."""
    states = Counter(text.state for text in world.texts)
    back = sorted(hit.back_after for hit in hits)
    return {
        "faults": [asdict(hit) for hit in hits],
        "slowest_return_s": round(back[-1], 1) if back else None,
        "median_return_s": round(back[len(back) // 2], 1) if back else None,
        "dossiers": len(world.dossiers),
        "records": len(world.records),
        "repeated_on_the_wire": repeated(world),
        "texts": dict(states),
        "cut_sends": world.cut_sends,
        "requests_repeated": dict(doors.again),
    }


def repeated(world: World) -> int:
    """How many of our own records stand more than once."""
    seen = Counter(
        (r.topic, r.key, r.headers["ce_sequence"]) for r in world.records if "ce_sequence" in r.headers
    )
    return sum(n - 1 for n in seen.values())
